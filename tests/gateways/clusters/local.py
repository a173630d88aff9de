"""Clusters on this machine: an engine of its own, whose supervisor can be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.gateways.local import LocalGateway
from tests.engine.harness import MB, TestEngine, marked
from tests.gateways.clusters.rig import ClusterRig


class LocalRig(ClusterRig):
    """Three small workers have room."""

    title = "local"
    most_workers = 3

    def __init__(self, root: Path, **traits: Any) -> None:
        super().__init__(root)
        self.options = {"worker_memory_bytes": 192 * MB, "worker_cores": 1}
        self.scratch = root / "scratch"
        self.scratch.mkdir()
        own = {
            "max_cores": 3,
            "dask_scratch_directory": str(self.scratch),
            "dask_python": sys.executable,
            "grace_seconds": 10.0,
        }
        self.engine = TestEngine(root, **{**own, **traits})

    def gateway(self) -> ClusterGateway:
        found = LocalGateway(**self.engine.traits).clusters()
        assert found is not None
        return found

    def folder(self, cluster_id: str) -> Path:
        """Where the files of a cluster are."""
        return self.root / "state" / "clusters" / cluster_id

    def left(self, cluster_id: str) -> list[object]:
        paths = [*self.root.rglob(f"*{cluster_id}*")]
        return [*marked(cluster_id), *paths]

    async def close(self) -> None:
        for launch in self.launches:
            for process in marked(launch.cluster_id):
                process.kill()
        await self.engine.close()
