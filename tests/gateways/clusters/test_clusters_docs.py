"""What the page for users of clusters tells to type is tried, with smaller workers."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.client import Batch
from tests.client.real import RealServer, wait_for
from tests.scripts.test_deploy_docs import blocks

PAGE = "docs/clusters.md"
SMALLER = {"2GB": "192MB", '"worker_memory": 4': '"worker_memory": 0.25'}
pytestmark = pytest.mark.timeout(600)


def typed(holding: str) -> str:
    """Return the block that holds a text."""
    (found,) = [block for block in blocks(PAGE, "python") if holding in block]
    for large, small in SMALLER.items():
        found = found.replace(large, small)
    return found


@pytest.fixture
def batch(real_server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.setenv("JUPYTERLAB_BATCH_SERVER_FILE", str(real_server.file))
    return real_server.batch


def end(batch: Batch, cluster_id: str) -> None:
    wait_for(lambda: batch.cluster(cluster_id).is_over, "end of the cluster", 120)


def test_from_python(batch: Batch) -> None:
    names: dict[str, Any] = {}
    exec(typed("client.submit"), names)  # noqa: S102 -- our own documentation
    names["client"].close()
    end(batch, names["cluster"].id)


def test_on_a_dask_gateway(batch: Batch) -> None:
    names: dict[str, Any] = {"batch": batch}
    exec(typed('gateway="dask-gateway"'), names)  # noqa: S102 -- likewise
    cluster = names["cluster"]
    cluster.wait(2, timeout=240)
    cluster.stop()
    end(batch, cluster.id)
