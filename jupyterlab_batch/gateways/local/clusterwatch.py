"""The clusters that are watched: the supervisor pushes, the owners write, both make one story."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timezone
from typing import Final

import anyio
import msgspec

from jupyterlab_batch.engine.connection import EngineClient
from jupyterlab_batch.gateways.clusters import ClusterObservation, TrackedCluster
from jupyterlab_batch.gateways.local.clusterfolder import STALE_SECONDS, ClusterFolder
from jupyterlab_batch.gateways.local.clusterstate import told, vanished
from jupyterlab_batch.gateways.local.watched import Watched
from jupyterlab_batch.gateways.observation import Gone, HealthChanged, Observation, WatchEvent

_LOOK_SECONDS: Final = 0.2
"""A look is the date of one small file for each cluster, however many watch."""


class _Seen(msgspec.Struct):
    """One cluster that is watched."""

    folder: ClusterFolder
    job: Observation | None = None
    """What the engine said last of its owner."""
    stamp: int | None = None
    said: ClusterObservation | None = None


class ClusterWatch:
    """Watches clusters, each until it is over.

    Parameters
    ----------
    folder_of
        Returns the folder of a cluster by its id.
    """

    def __init__(self, folder_of: Callable[[str], ClusterFolder]) -> None:
        self._folder_of = folder_of
        self._jobs = Watched()
        self._seen: dict[str, _Seen] = {}
        """By native id."""

    def add(self, clusters: Sequence[TrackedCluster]) -> None:
        """Watch these too."""
        for one in clusters:
            if one.native_id not in self._seen:
                self._seen[one.native_id] = _Seen(self._folder_of(one.cluster_id))
                self._jobs.add([one.native_id])

    async def watch(self, client: Callable[[], EngineClient]) -> AsyncIterator[ClusterObservation]:
        """Yield what changed, until closed."""
        events: asyncio.Queue[WatchEvent] = asyncio.Queue()
        for seen in self._seen.values():
            seen.said = None  # whoever watches now was told nothing yet
        pump = asyncio.create_task(self._pump(client, events), name="watch the owners of clusters")
        try:
            while True:
                event = await self._next(events, pump)
                for news in self._news(event):
                    yield news
        finally:
            pump.cancel()
            self._jobs.drop()

    async def _pump(
        self, client: Callable[[], EngineClient], events: asyncio.Queue[WatchEvent]
    ) -> None:
        async for event in self._jobs.watch(client):
            events.put_nowait(event)

    async def _next(
        self, events: asyncio.Queue[WatchEvent], pump: asyncio.Task[None]
    ) -> WatchEvent | None:
        """Return what the engine says next; ``None`` when it is time to look at the owners."""
        with anyio.move_on_after(_LOOK_SECONDS if self._seen else None):
            return await events.get()
        if pump.done():
            pump.result()
        return None

    def _news(self, event: WatchEvent | None) -> list[ClusterObservation]:
        """Return what is new by an event, or by a look at what the owners wrote."""
        now = datetime.now(timezone.utc)
        if isinstance(event, HealthChanged):
            return []
        if isinstance(event, Gone):
            return [vanished(event)] if self._seen.pop(event.native_id, None) else []
        if event is not None:
            seen = self._seen.get(event.native_id)
            if seen is None:
                return []
            seen.job = event
            return self._look(seen, event, now)
        news = []
        for seen in list(self._seen.values()):
            if seen.job is not None and self._may_be_new(seen, now):
                news += self._look(seen, seen.job, now)
        return news

    @staticmethod
    def _may_be_new(seen: _Seen, now: datetime) -> bool:
        """Tell whether an owner wrote something, or wrote nothing for too long."""
        stamp = seen.folder.stamp()
        is_new, seen.stamp = stamp != seen.stamp, stamp
        if is_new or stamp is None or seen.said is None or seen.said.stale_since is not None:
            return is_new
        return now.timestamp() - stamp / 1e9 > STALE_SECONDS

    def _look(self, seen: _Seen, job: Observation, now: datetime) -> list[ClusterObservation]:
        said = told(job, seen.folder, seen.folder.state(), now)
        if said.phase in {"COMPLETED", "ERROR", "ABORTED"}:
            del self._seen[job.native_id]
        if said == seen.said:
            return []
        seen.said = said
        return [said]
