"""What the row of a cluster says when the server was killed while it started, ran and stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client.real import RealServer
from tests.gateways.clusters.daskserver import DaskGatewayServer
from tests.gateways.clusters.servers import OPTIONS, start_cluster, until
from tests.safety.asking import ask


def _restart(server: RealServer) -> None:
    server.kill()
    server.start()


def _is_whole(row: Any) -> bool:
    ready = row["workers"]["ready"] == 1 and row["stale_since"] is None
    return bool(row["phase"] == "EXECUTING" and ready)


@pytest.mark.parametrize("gateway_id", OPTIONS)
def test_a_row_is_true_whenever_the_server_was_killed(
    real_server: RealServer, dask_server: DaskGatewayServer, gateway_id: str
) -> None:
    server = real_server
    cluster_id = start_cluster(server, gateway_id, workers=1)
    _restart(server)
    native_id = until(server, cluster_id, _is_whole, "worker")["native_id"]
    _restart(server)
    row = until(server, cluster_id, _is_whole, "worker")
    assert (row["native_id"], row["workers"]["wanted"]) == (native_id, 1)
    assert ask(server, "POST", f"clusters/{cluster_id}/stop", {}).json["outcome"] == "ok"
    _restart(server)
    row = until(server, cluster_id, lambda now: now["ended_at"] is not None, "end")
    assert (row["phase"], row["reason"]) == ("ABORTED", "stopped_by_user")
    listed = ask(server, "GET", "clusters?ended=50").json["clusters"]
    assert [one["id"] for one in listed if one["native_id"] == native_id] == [cluster_id]
    if gateway_id != "local":
        assert list(dask_server.processes(native_id)) == []
