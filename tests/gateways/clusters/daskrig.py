"""Clusters on a real Dask Gateway, which is started once for all tests."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from jupyterlab_batch.gateways.clusters import ClusterGateway, ClusterLaunch
from tests.gateways.clusters.daskserver import ALICE, PASSWORD, DaskGatewayServer, missing
from tests.gateways.clusters.rig import ClusterRig

if TYPE_CHECKING:
    from typing_extensions import Self

_LEAVE_SECONDS = 60.0


class DaskGatewayRig(ClusterRig):
    """Three small workers have room."""

    title = "dask-gateway"
    most_workers = 3
    unlike = {"note": "never started"}  # noqa: RUF012 -- nobody changes it

    def __init__(self, root: Path, server: DaskGatewayServer) -> None:
        super().__init__(root)
        self.server = server
        self.options = {"worker_memory": 0.25, "worker_cores": 1}
        self._native_ids: dict[str, str] = {}

    @classmethod
    def make(cls, request: pytest.FixtureRequest, root: Path) -> Self:
        return cls(root, request.getfixturevalue("dask_server"))

    @classmethod
    def of_nobody(cls, root: Path) -> Self:
        """Return one without a server, for what is asked elsewhere."""
        return cls(root, DaskGatewayServer(root / "nobody"))

    @staticmethod
    def missing() -> str | None:
        return missing()

    def gateway(self) -> ClusterGateway:
        return self.server.gateway()

    def known(self, launch: ClusterLaunch, native_id: str) -> None:
        self._native_ids[launch.cluster_id] = native_id

    def left(self, cluster_id: str) -> list[object]:
        """Return what is there when the last worker has had time to leave."""
        end = time.monotonic() + _LEAVE_SECONDS
        while True:
            found: list[object] = [*self.server.processes(self._native_ids[cluster_id])]
            if not found or time.monotonic() > end:
                return found
            time.sleep(0.1)

    async def close(self) -> None:
        async with httpx.AsyncClient(auth=(ALICE, PASSWORD)) as client:
            for native_id in self._native_ids.values():
                await client.delete(f"{self.server.url}/api/v1/clusters/{native_id}")
