"""Dask clusters from Python and from a cell, against planned answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError

from jupyterlab_batch.client import Batch, BatchError
from jupyterlab_batch.client.clustermagic import cluster as run_magic
from jupyterlab_batch.client.connecting import compare
from jupyterlab_batch.client.magicparser import Help
from tests.client.scripted import Lost, Reply, ScriptedServer

EXAMPLES = Path(__file__).parents[2] / "contract" / "examples" / "valid"
OFFERS: Any = json.loads((EXAMPLES / "ClusterGatewayList.local.json").read_text())
CLUSTER: Any = json.loads((EXAMPLES / "Cluster.running.json").read_text())
LISTED: Any = json.loads((EXAMPLES / "ClusterList.some.json").read_text())
OVER: Any = json.loads((EXAMPLES / "Cluster.stopped-as-idle.json").read_text())


def asked(scripted: ScriptedServer) -> Any:
    """Return the submission that was sent last."""
    return scripted.calls[-1].body


def test_what_is_left_out_is_as_the_gateway_and_this_kernel_have_it(
    scripted: ScriptedServer, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scripted.plan(Reply(OFFERS), Reply(CLUSTER, 201))
    cluster = batch.start_cluster()
    assert asked(scripted) == {
        "gateway_id": "local",
        "spec": {
            "workers": {"kind": "fixed", "count": 4},
            "working_directory": str(tmp_path),
            "options": {"python": sys.executable},
        },
    }
    assert len(scripted.calls[-1].headers["Idempotency-Key"]) == 32
    assert repr(cluster) == f"<BatchCluster {CLUSTER['id']} crossmatch: Running on local>"
    assert cluster.note == "Reduced to 3 workers: this server has no room for more."


@pytest.mark.parametrize(
    "line",
    [
        "start -n 2 --name pairs -c 2 --mem 1.5GB --idle-stop 30m --python /opt/py --gateway other",
        "start --adapt 0 4 -o flavour=sweet -o python=/opt/py",
    ],
)
def test_every_option_of_the_magic_is_sent(
    scripted: ScriptedServer, batch: Batch, line: str
) -> None:
    scripted.plan(Reply(OFFERS), Reply(CLUSTER, 201))
    run_magic(lambda: batch, line.split())
    sent = asked(scripted)["spec"]
    if "--adapt" in line:
        assert sent["workers"] == {"kind": "adaptive", "minimum": 0, "maximum": 4}
        assert sent["options"] == {"flavour": "sweet", "python": "/opt/py"}
        return
    assert asked(scripted)["gateway_id"] == "other"
    assert (sent["workers"]["count"], sent["name"], sent["idle_stop_seconds"]) == (2, "pairs", 1800)
    assert sent["options"] == {
        "worker_cores": 2,
        "worker_memory_bytes": 3 * 2**29,
        "python": "/opt/py",
    }


def test_a_lost_answer_is_asked_for_under_the_same_key(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(Reply(OFFERS), Lost(), Reply(CLUSTER, 200))
    batch.start_cluster(1)
    first, second = scripted.calls[-2:]
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    scripted.plan(Reply(OFFERS), *[Lost()] * 4)
    with pytest.raises(BatchError, match="whether the cluster was submitted") as error:
        batch.start_cluster(1)
    assert error.value.code == "answer_lost" and error.value.key is not None


def test_what_cannot_be_sent_is_said_at_its_field(scripted: ScriptedServer, batch: Batch) -> None:
    for wrong, field in (
        ({"memory": "2"}, "spec.options.worker_memory_bytes"),
        ({"idle_stop": "soon"}, "spec.idle_stop_seconds"),
        ({"workers": 2, "adapt": (0, 1)}, "spec.workers"),
    ):
        scripted.plan(Reply(OFFERS))
        asked_for: Any = wrong
        with pytest.raises(BatchError) as error:
            batch.start_cluster(**asked_for)
        assert (error.value.code, error.value.field) == ("not_valid", field)
    scripted.plan(Reply(OFFERS), Reply({"gateways": []}))
    for gateway in ("nowhere", None):
        with pytest.raises(BatchError) as error:
            batch.start_cluster(gateway=gateway)
        assert error.value.code == "unknown_gateway"
    assert all(call.method == "GET" for call in scripted.calls)


def test_orders_and_what_came_of_them(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(CLUSTER))
    cluster = batch.cluster(CLUSTER["id"])
    scripted.plan(Reply({"outcome": "ok", "message": None, "cluster": CLUSTER}))
    assert cluster.scale(99).note.startswith("Reduced to 3 workers")
    assert asked(scripted) == {"count": 99}
    scripted.plan(
        Reply({"outcome": "denied", "message": "It is being stopped.", "cluster": CLUSTER})
    )
    with pytest.raises(BatchError, match="It is being stopped"):
        cluster.adapt(0, 2)
    assert asked(scripted) == {"minimum": 0, "maximum": 2}
    final = Reply({"outcome": "already_final", "message": None, "cluster": OVER})
    scripted.plan(final, final)
    assert cluster.stop().is_over
    with pytest.raises(BatchError, match=r"after 1 h without work\. Nothing"):
        cluster.scale(1)
    scripted.plan(Reply(OVER))
    with pytest.raises(BatchError, match="without work") as error:
        cluster.wait()
    assert error.value.code == "not_running"


def test_the_table_and_finding_by_name_or_end(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(*[Reply(LISTED)] * 5)
    shown = repr(run_magic(lambda: batch, ["list"]))
    assert "2 of 3" in shown and "185 MB of 2 GB" in shown and "Waiting for 2 free cores" in shown
    assert batch.cluster("crossmatch").phase == "EXECUTING"
    with pytest.raises(BatchError, match="is the id of 3 clusters"):
        batch.cluster(CLUSTER["id"][-6:])
    for unknown in ("nothing", "abc"):
        with pytest.raises(BatchError) as error:
            batch.cluster(unknown)
        assert error.value.code == "unknown_cluster"


def test_lines_that_cannot_be_read(batch: Batch) -> None:
    for words in (["begin"], ["scale", "x"], ["scale", "x", "two"], ["stop"], ["start", "--nope"]):
        with pytest.raises(UsageError):
            run_magic(lambda: batch, words)
    for words in ([], ["--help"], ["start", "--help"]):
        with pytest.raises(Help, match="cluster start"):
            run_magic(lambda: batch, words)


def test_differing_versions_are_named() -> None:
    here = {"python": "3.12.1", "dask": "2026.8.0", "numpy": None, "lz4": "1"}
    there = {**here, "python": "3.13.0", "numpy": "2.5", "lz4": "2"}
    versions = {
        "client": {"packages": here},
        "scheduler": {"packages": here},
        "workers": {"tls://1": {"packages": there}, "tls://2": {"packages": there}},
    }
    assert compare(versions) == [
        "numpy is None in this notebook and 2.5 on the cluster",
        "python is 3.12.1 in this notebook and 3.13.0 on the cluster",
    ]
    assert compare({**versions, "workers": {}}) == []
