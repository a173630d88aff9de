"""A place where real Dask clusters are started, and how a test follows one of them."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import AdaptiveWorkers, ClusterSpec, FixedWorkers
from jupyterlab_batch.domain.identifiers import TAG_PREFIX, new_job_id
from jupyterlab_batch.gateways.clusters import (
    ClusterGateway,
    ClusterLaunch,
    ClusterObservation,
    TrackedCluster,
    Wanted,
)

if TYPE_CHECKING:
    from typing_extensions import Self

DEADLINE_SECONDS = 150.0
OVER = frozenset({"COMPLETED", "ERROR", "ABORTED"})
Seen = ClusterObservation


class ClusterRig(ABC):
    """One place, started for a module of tests."""

    title: str
    most_workers: int
    """With the options below."""
    options: dict[str, Any]
    """Small workers, which start quickly."""
    unlike: Mapping[str, Any] = {}
    """Options of a cluster that is not there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.launches: list[ClusterLaunch] = []

    @classmethod
    def make(cls, request: pytest.FixtureRequest, root: Path) -> Self:
        """Return it on a folder of its own."""
        del request
        return cls(root)

    @staticmethod
    def missing() -> str | None:
        """Return why it cannot be started here."""
        return None

    @abstractmethod
    def gateway(self) -> ClusterGateway:
        """Return a fresh gateway to it, as another Jupyter server would have it."""

    @abstractmethod
    async def close(self) -> None:
        """End it."""

    def known(self, launch: ClusterLaunch, native_id: str) -> None:
        """Hear what the gateway calls a cluster."""
        del launch, native_id

    @abstractmethod
    def left(self, cluster_id: str) -> list[object]:
        """Return what a cluster left: processes, files."""

    def launch(self, workers: int | tuple[int, int] = 1, **changed: Any) -> ClusterLaunch:
        """Return what starts a cluster."""
        now = datetime.now(timezone.utc)
        cluster_id = new_job_id(now)
        wanted: FixedWorkers | AdaptiveWorkers
        if isinstance(workers, int):
            wanted = FixedWorkers(count=workers)
        else:
            wanted = AdaptiveWorkers(minimum=workers[0], maximum=workers[1])
        options = {**self.options, **changed.pop("options", {})}
        launch = ClusterLaunch(
            cluster_id=cluster_id,
            tag=TAG_PREFIX + cluster_id,
            name="conformance",
            spec=ClusterSpec(workers=wanted, options=options),
            idle_stop_seconds=changed.pop("idle_stop_seconds", 600),
            working_directory=self.root,
            asked_at=now,
            environment={"PATH": os.environ["PATH"], "HOME": str(self.root), "LANG": "C.UTF-8"},
        )
        self.launches.append(launch)
        return launch


@dataclass
class Followed:
    """One cluster that was started, and what was seen of it."""

    rig: ClusterRig
    gateway: ClusterGateway
    launch: ClusterLaunch
    native_id: str
    awaited: Wanted | None = None
    seen: list[Seen] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, rig: ClusterRig, launch: ClusterLaunch) -> Followed:
        """Start a cluster and watch it."""
        gateway = rig.gateway()
        created = await gateway.create(launch)
        rig.known(launch, created.native_id)
        awaited = Wanted.of(launch.spec.workers) if created.accepted is None else None
        native_launch = replace(launch, native_id=created.native_id)
        followed = cls(rig, gateway, native_launch, created.native_id, awaited)
        followed.watch()
        return followed

    def watch(self) -> None:
        """Watch it, from now on or again."""
        cluster = TrackedCluster(
            native_id=self.native_id, cluster_id=self.launch.cluster_id, awaited=self.awaited
        )
        self.gateway.track([cluster])
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for seen in self.gateway.watch():
            if seen.native_id == self.native_id:
                self.seen.append(seen)
                self._news.set()

    async def until(self, is_it: Callable[[Seen], bool]) -> Seen:
        """Return what is seen from now on that is what we wait for."""
        start = max(0, len(self.seen) - 1)

        async def look() -> Seen:
            while True:
                found = next((seen for seen in self.seen[start:] if is_it(seen)), None)
                if found is not None:
                    return found
                self._news.clear()
                await self._news.wait()

        try:
            return await asyncio.wait_for(look(), DEADLINE_SECONDS)
        except asyncio.TimeoutError as error:
            raise AssertionError(f"Not among {self.seen[start:]}") from error

    async def ready(self, count: int) -> Seen:
        """Wait until so many workers are there."""
        return await self.until(lambda seen: seen.phase == "EXECUTING" and seen.ready == count)

    async def scale(self, count: int) -> str | None:
        """Want so many workers; return the note."""
        wanted = Wanted(minimum=count, maximum=count, adaptive=False)
        return (await self.gateway.scale(self.native_id, wanted)).note

    async def end(self) -> Seen:
        """Wait for the end, clean up, and see that nothing is left."""
        seen = await self.until(lambda seen: seen.phase in OVER)
        await self.gateway.clean(self.launch.cluster_id)
        assert self.rig.left(self.launch.cluster_id) == []
        return seen

    async def forget(self) -> None:
        """Watch no more; the cluster goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.gateway.stop()
