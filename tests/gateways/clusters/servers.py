"""A real Jupyter server with a real Dask Gateway beside its own engine, as a program asks it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.client.real import RealServer, wait_for
from tests.engine.harness import MB
from tests.gateways.clusters.daskserver import ALICE, DaskGatewayServer
from tests.gateways.clusters.rig import DEADLINE_SECONDS
from tests.safety.asking import ask

OPTIONS: dict[str, dict[str, Any]] = {
    "local": {"worker_memory_bytes": 192 * MB, "worker_cores": 1},
    "dask-gateway": {"worker_memory": 0.25, "worker_cores": 1},
}
"""Of small workers, by gateway."""


def gateways_with(dask: DaskGatewayServer) -> list[dict[str, Any]]:
    """Return what the server is configured with."""
    often = {"looking_interval_seconds": 0.5, "unseen_interval_seconds": 0.5}
    secret = {"auth": "basic", "user_name": ALICE, "secret_file": str(dask.secret_file)}
    gateway = {"kind": "dask-gateway", "url": dask.url, "calls_per_minute": 600}
    return [{"kind": "local"}, {**gateway, **secret, **often}]


def start_cluster(server: RealServer, gateway_id: str, workers: int) -> str:
    """Start a cluster and return its id."""
    spec = {
        "name": f"on-{gateway_id}",
        "workers": {"kind": "fixed", "count": workers},
        "options": OPTIONS[gateway_id],
    }
    answer = ask(
        server,
        "POST",
        "clusters",
        {"gateway_id": gateway_id, "spec": spec},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def until(server: RealServer, cluster_id: str, is_it: Callable[[Any], bool], what: str) -> Any:
    """Return a cluster once it is so."""

    def look() -> Any:
        cluster = ask(server, "GET", f"clusters/{cluster_id}").json
        return cluster if is_it(cluster) else None

    return wait_for(look, what, DEADLINE_SECONDS)
