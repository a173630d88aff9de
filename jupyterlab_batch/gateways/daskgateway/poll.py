"""Watching the clusters of a Dask Gateway, which pushes nothing: one poll, however many look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Final

import anyio
import msgspec

from jupyterlab_batch.domain.problems import (
    BatchProblem,
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
)
from jupyterlab_batch.gateways.breaker import Breaker, jitter
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterObservation,
    TrackedCluster,
    Wanted,
)
from jupyterlab_batch.gateways.daskgateway.answers import Record
from jupyterlab_batch.gateways.daskgateway.rest import Rest
from jupyterlab_batch.gateways.daskgateway.state import Watched, told, unheard, vanished
from jupyterlab_batch.gateways.pace import TokenBucket

LOOKING_SECONDS: Final = 45.0
"""Whoever asked for the clusters so long ago is still looking."""
_HURRY_SECONDS: Final = (0.3, 0.4, 0.5, 0.7, 1.0, 1.0, 1.5, 2.0, 2.0, 3.0)
"""Between looks after something was ordered: a worker takes 3 s to come."""
_AT_ONCE: Final = 8
"""So many schedulers are asked at a time."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How often a gateway is asked."""

    looking_seconds: float
    unseen_seconds: float
    calls_per_minute: int


class ClusterPoll:
    """Asks again and again how clusters are, each until it is over.

    A round is one list of the gateway, and one small file of each scheduler that runs. Nothing is
    asked while nothing is watched.

    Parameters
    ----------
    too_large
        Hears the options of a cluster that the gateway gives no worker.
    """

    def __init__(
        self,
        rest: Rest,
        breaker: Breaker,
        pace: Pace,
        too_large: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._rest = rest
        self._too_large = too_large
        self._breaker = breaker
        self._pace = pace
        self._watched: dict[str, Watched] = {}
        self._coming: dict[str, asyncio.Task[None]] = {}
        """Those that wait, at the gateway, for a cluster to come up."""
        self._wake = asyncio.Event()
        self._bucket = TokenBucket(
            pace.calls_per_minute / 60, max(len(_HURRY_SECONDS), pace.calls_per_minute / 6)
        )
        self._next = 0.0
        self._hurries = len(_HURRY_SECONDS)
        self._looked_at = float("-inf")
        self._since = datetime.now(timezone.utc)

    @property
    def is_looking(self) -> bool:
        """Whether somebody looks."""
        return time.monotonic() - self._looked_at < LOOKING_SECONDS

    def looked(self) -> None:
        """Somebody looks now."""
        was_looking = self.is_looking
        self._looked_at = time.monotonic()
        if not was_looking and not self._breaker.failures:
            self._next = 0.0
            self._wake.set()

    def add(self, clusters: Sequence[TrackedCluster]) -> None:
        """Watch these clusters too."""
        for one in clusters:
            if one.native_id not in self._watched:
                self._watched[one.native_id] = Watched(
                    one.native_id, ordered=one.awaited, started_at=one.started_at
                )
                self.hurry()

    def hurry(self) -> None:
        """Something was ordered: look soon, and some times more."""
        self._hurries = 0
        if not self._breaker.failures:
            self._next = min(self._next, time.monotonic() + _HURRY_SECONDS[0])
        self._wake.set()

    def settle(self, native_id: str) -> None:
        """Another number of workers was ordered than was to be."""
        watched = self._watched.get(native_id)
        if watched is not None:
            watched.ordered = None

    def closing(self, native_id: str) -> None:
        """The end of a cluster was ordered."""
        watched = self._watched.get(native_id)
        if watched is not None:
            watched.is_closing = True
        self.hurry()

    async def stop(self) -> None:
        """Wait for nothing any more."""
        tasks = list(self._coming.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def watch(self) -> AsyncIterator[ClusterObservation]:
        """Yield what changed, until closed."""
        while True:
            await self._wait_for_turn()
            for seen in await self._look():
                yield seen

    async def _wait_for_turn(self) -> None:
        while True:
            self._wake.clear()
            rest = self._next - time.monotonic() if self._watched else None
            if rest is not None and rest <= 0:
                return
            with anyio.move_on_after(rest):
                await self._wake.wait()

    async def _look(self) -> list[ClusterObservation]:
        await self._bucket.take()
        now = datetime.now(timezone.utc)
        try:
            records = await self._records()
        except (GatewayUnreachable, NotSignedIn):
            self._next = self._breaker.rests_until
            return self._news([unheard(one, self._since) for one in self._watched.values()])
        self._since = now
        seen = await self._observe(records, now)
        self._next = time.monotonic() + self._interval()
        return self._news(seen)

    async def _records(self) -> dict[str, Record]:
        """Ask for all clusters; those that are over are asked for if one is missing."""
        records = await self._rest.clusters()
        if not self._watched.keys() <= records.keys():
            records = {**await self._rest.clusters(over=True), **records}
        return records

    async def _observe(self, records: dict[str, Record], now: datetime) -> list[ClusterObservation]:
        watched = list(self._watched.values())
        limit = asyncio.Semaphore(_AT_ONCE)
        found = await asyncio.gather(
            *(self._one(one, records.get(one.native_id), now, limit) for one in watched)
        )
        return [seen for seen in found if seen is not None]

    async def _one(
        self, watched: Watched, record: Record | None, now: datetime, limit: asyncio.Semaphore
    ) -> ClusterObservation | None:
        if record is None:
            # It may have ended between two lists: only the second time it is gone.
            was_missing, watched.is_missing = watched.is_missing, True
            return vanished(watched.native_id) if was_missing else None
        watched.is_missing = False
        if record.status == "PENDING":
            self._wait_for(watched.native_id)
        is_silent = False
        if record.status == "RUNNING":
            async with limit:
                await self._order(watched, record)
                is_silent = not await self._count(watched, now)
        seen = told(watched, record, now, is_silent=is_silent)
        watched.accepted = None
        return seen

    async def _order(self, watched: Watched, record: Record) -> None:
        """Ask for the workers of a cluster that has just come up: the gateway starts it without."""
        wanted = watched.ordered
        if wanted is None:
            return
        try:
            watched.accepted = await self._rest.scale(watched.native_id, wanted)
        except GatewayRefused as refused:
            self._too_large(record.options)
            none = Wanted(minimum=0, maximum=0, adaptive=False)
            watched.accepted = Accepted(wanted=none, note=refused.message)
        except (GatewayUnreachable, NotSignedIn):
            return  # at the next look
        watched.ordered = None
        self._hurries = 0

    async def _count(self, watched: Watched, now: datetime) -> bool:
        """Ask a scheduler; tell whether it answered."""
        try:
            watched.count(await self._rest.counts(watched.native_id), now)
        except GatewayUnreachable:
            return False
        return True

    def _wait_for(self, native_id: str) -> None:
        """Let the gateway tell at once when a cluster has come up."""
        if native_id not in self._coming:
            task = asyncio.create_task(self._until_up(native_id), name=f"await {native_id}")
            self._coming[native_id] = task
            task.add_done_callback(lambda _: self._coming.pop(native_id, None))

    async def _until_up(self, native_id: str) -> None:
        try:
            record = await self._rest.until_up(native_id)
        except BatchProblem:
            return  # the next look tells
        if record.status != "PENDING":
            self.hurry()

    def _news(self, found: list[ClusterObservation]) -> list[ClusterObservation]:
        """Leave out what was said before, and watch no more what is over."""
        news = []
        for seen in found:
            watched = self._watched.get(seen.native_id)
            if watched is None or seen == watched.said:
                continue
            watched.said = seen
            news.append(seen)
            if seen.phase in {"COMPLETED", "ERROR", "ABORTED"}:
                del self._watched[seen.native_id]
        return news

    def _interval(self) -> float:
        if self._hurries < len(_HURRY_SECONDS):
            self._hurries += 1
            return _HURRY_SECONDS[self._hurries - 1]
        pace = self._pace
        return (pace.looking_seconds if self.is_looking else pace.unseen_seconds) * jitter()
