"""A site switches the engine of this machine off, as on a login node: what its users then see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_batch.client import Batch, BatchError
from tests.client.real import RealServer, wait_for

LOCAL = {"kind": "local"}
OFF = {**LOCAL, "enabled": False}
NOT_HERE = 'No gateway "local" is configured on this Jupyter server'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    server = RealServer(tmp_path / "lab", [LOCAL])
    yield server
    server.close()


def refused(batch: Batch, gateway: str | None = None) -> str:
    """Return why a job cannot be submitted; nothing is left of it."""
    before = len(batch.jobs())
    with pytest.raises(BatchError) as caught:
        batch.submit(command=["true"], time="1m", gateway=gateway)
    assert (caught.value.code, caught.value.field) in {
        ("unknown_gateway", "gateway_id"),
        ("not_valid", "gateway_id"),
    }
    assert len(batch.jobs()) == before
    return f"{caught.value.message} {[issue.message for issue in caught.value.detail]}"


def test_what_runs_goes_on_and_nothing_new_is_taken(server: RealServer) -> None:
    gate = server.work / "gate"
    words = ["sh", "-c", f"echo up; until [ -e {gate} ]; do sleep 0.1; done; echo done"]
    job = server.batch.submit(command=words, name="goes-on", time="5m")
    wait_for(lambda: job.log() or None, "log", 180)
    wait_for(lambda: job.refresh().phase == "EXECUTING" or None, "the server to hear of it", 180)
    server.kill()
    server.configure([OFF])
    server.start()

    batch = server.batch
    assert list(batch.gateways()) == []
    assert "No gateway is configured in this Jupyter server." in repr(batch.gateways())
    assert "No gateway is configured in this Jupyter server." in refused(batch)
    assert NOT_HERE in refused(batch, gateway="local")

    known = batch.job(job.id)
    assert known.phase == "EXECUTING"
    assert f"{NOT_HERE}. This is how the job was last known" in (known.row.reason_text or "")
    assert NOT_HERE in known._repr_mimebundle_()["text/plain"]
    with pytest.raises(BatchError, match="Nothing was done"):
        known.cancel()
    gate.touch()
    wait_for(lambda: known.log() == "up\ndone\n" or None, "end of the log", 180)

    server.kill()
    server.configure([LOCAL])
    server.start()
    again = server.batch.job(job.id).wait(timeout=180)
    assert (again.phase, again.reason, again.row.reason_text) == ("COMPLETED", None, None)
