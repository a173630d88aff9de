"""A Dask cluster from Python on a real server, which is killed while the cluster computes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jupyterlab_batch.client import Batch
from jupyterlab_batch.client.magics import run_line
from tests.client.real import RealServer, wait_for
from tests.engine.harness import marked


@pytest.mark.timeout(600)
def test_it_outlives_the_server_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = {"kind": "local", "max_cores": 3, "dask_scratch_directory": str(tmp_path)}
    server = RealServer(tmp_path / "lab", [gateway])
    try:
        monkeypatch.chdir(server.work)
        server.work.joinpath("stars.py").write_text("def bright(): return 42\n")
        _use(server, monkeypatch)
    finally:
        server.close()


def _use(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = server.batch
    assert [offer.unavailable for offer in batch.cluster_gateways()] == [None]
    cluster = batch.start_cluster(1, name="pairs", memory="192MB", idle_stop="20m")
    assert cluster.row.spec.options == {
        "worker_memory_bytes": 192 * 2**20,
        "python": sys.executable,
    }
    cluster.wait(1, timeout=240)
    with cluster.client() as client:
        found = client.submit(lambda: __import__("stars").bright())
        assert found.result(timeout=120) == 42
        server.kill()
        assert client.submit(lambda: 1 + 1).result(timeout=120) == 2
    server.start()
    (again,) = server.batch.clusters()
    assert (again.id, again.phase) == (cluster.id, "EXECUTING")
    server.kill()
    for file in server.work.parent.rglob("store.db*"):
        file.unlink()
    server.start()
    monkeypatch.setenv("JUPYTERLAB_BATCH_SERVER_FILE", str(server.file))
    again = wait_for(lambda: next(iter(server.batch.clusters()), None), "cluster", 120)
    assert (again.id, again.row.created_at) == (cluster.id, cluster.row.created_at)
    again.wait(0, timeout=60)
    scaled = run_line("cluster scale pairs 9", {})
    assert "Reduced to 3 workers" in scaled.note  # type: ignore[union-attr]  # a cluster
    again.wait(3, timeout=240)
    _end(server.batch, again.id)
    assert list(marked(cluster.id)) == []
    assert not list(server.work.parent.rglob(f"*{cluster.id}*"))
    server.batch.cluster(cluster.id).forget()
    assert list(server.batch.clusters()) == []


def _end(batch: Batch, cluster_id: str) -> None:
    assert run_line("cluster stop pairs", {}) is not None
    cluster = batch.cluster(cluster_id)
    wait_for(lambda: cluster.refresh().is_over, "end of the cluster", 120)
    assert (cluster.phase, cluster.reason_text) == ("ABORTED", "Stopped by you.")
    wait_for(lambda: not list(marked(cluster_id)), "end of its processes", 60)
