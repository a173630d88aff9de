"""From what gateways see of clusters to what the store knows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.gateways.clusters import (
    ClusterGateway,
    ClusterObservation,
    TrackedCluster,
    Wanted,
)
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterworkers import seen_workers
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
LOOKING_SECONDS: Final = 30.0
"""Whoever listed the clusters so long ago is still looking."""
_SEEN_SECONDS: Final = 2.0
_UNSEEN_SECONDS: Final = 30.0
_FIGURES: Final = ("memory_used_bytes", "tasks", "idle_since")
"""They change all the time; each change that is told is one on the disk."""


class _Figures(msgspec.Struct):
    """When those of a cluster were stored last, and what waits to be."""

    stored_at: float = float("-inf")
    late: ClusterObservation | None = None
    turn: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)
    """Held while something is stored: what was late must not be stored after what is newer."""


class ClusterWatcher(msgspec.Struct, kw_only=True):
    """Follows all clusters that are not over, each until it is and nothing of it is left."""

    store: Store
    gateways: ClusterGateways
    tasks: BackgroundTasks
    _ids: dict[tuple[str, str], str] = msgspec.field(default_factory=dict)
    """Of clusters that are watched, by gateway and native id."""
    _figures: dict[str, _Figures] = msgspec.field(default_factory=dict)
    _looked_at: float = float("-inf")

    def start(self) -> None:
        """Listen to all gateways."""
        for gateway in self.gateways:
            self.tasks.start(self._listen(gateway), name=f"watch clusters of {gateway.gateway_id}")

    def looked(self) -> None:
        """Somebody looks at the clusters now."""
        self._looked_at = time.monotonic()
        for gateway in self.gateways:
            try:
                gateway.looked()
            except Exception:
                # An adapter may be a stranger's: its mistake must not hide other clusters.
                _log.exception("Gateway %s cannot be told that it is watched", gateway.gateway_id)

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody looked at the clusters a moment ago."""
        return time.monotonic() - self._looked_at < LOOKING_SECONDS

    def follow(self, records: Iterable[ClusterRecord]) -> None:
        """Watch these clusters too; those whose native id is not known yet are left out."""
        for record in records:
            gateway = self.gateways.find(record.gateway_id)
            if gateway is None or record.native_id is None or record.is_over:
                continue
            self._ids[record.gateway_id, record.native_id] = record.id
            tracked = TrackedCluster(
                native_id=record.native_id,
                cluster_id=record.id,
                awaited=Wanted.of(record.spec.workers) if record.awaits_workers else None,
                started_at=record.started_at,
            )
            try:
                gateway.track([tracked])
            except Exception:
                # An adapter may be a stranger's: its mistake must not hide other clusters.
                _log.exception("Gateway %s cannot be told of clusters", record.gateway_id)

    def settle(self, record: ClusterRecord) -> None:
        """Remove what a cluster that is over left, beside all else."""
        self.tasks.start(self._settle(record), name=f"clean up cluster {record.id}")

    async def _settle(self, record: ClusterRecord) -> None:
        gateway = self.gateways.find(record.gateway_id)
        if gateway is not None:
            await gateway.clean(record.id)
            await self.store.update_cluster(record.id, lambda _: {"is_clean": True})

    async def _listen(self, gateway: ClusterGateway) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                async for seen in gateway.watch():
                    pause = _FIRST_PAUSE_SECONDS
                    await self._take_at_last(gateway.gateway_id, seen)
            except Exception:
                # An adapter may be a stranger's: its mistake must not end all watching.
                _log.exception("Gateway %s cannot watch its clusters", gateway.gateway_id)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _take_at_last(self, gateway_id: str, seen: ClusterObservation) -> None:
        """Take what was seen, however long the store cannot: most things are said only once."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self._take(gateway_id, seen)
            except StoreUnavailable as problem:
                _log.error("%s", problem.message)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _take(self, gateway_id: str, seen: ClusterObservation) -> None:
        cluster_id = self._ids.get((gateway_id, seen.native_id))
        if cluster_id is None:
            return
        figures = self._figures.setdefault(cluster_id, _Figures())
        async with figures.turn:
            await self._take_in_turn(gateway_id, cluster_id, seen, figures)

    async def _take_in_turn(
        self, gateway_id: str, cluster_id: str, seen: ClusterObservation, figures: _Figures
    ) -> None:
        record = await self.store.cluster(cluster_id)
        if record is None:
            return
        changes = merge(record, seen)
        if changes and all(name in _FIGURES for name in changes):
            rest = figures.stored_at + self._interval() - time.monotonic()
            if rest > 0:
                if figures.late is None:
                    self.tasks.start(self._later(gateway_id, cluster_id, rest), name="figures")
                figures.late = seen
                return
        figures.late, figures.stored_at = None, time.monotonic()
        stored = await self.store.update_cluster(cluster_id, partial(merge, seen=seen))
        if stored is not None and stored.is_over:
            del self._ids[gateway_id, seen.native_id]
            self._figures.pop(cluster_id, None)
            self.settle(stored)

    async def _later(self, gateway_id: str, cluster_id: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        figures = self._figures.get(cluster_id)
        if figures is None:
            return
        async with figures.turn:
            late, figures.late = figures.late, None
            if late is not None:
                await self._take_in_turn(gateway_id, cluster_id, late, figures)

    def _interval(self) -> float:
        return _SEEN_SECONDS if self.is_looked_at else _UNSEEN_SECONDS


def merge(record: ClusterRecord, seen: ClusterObservation) -> Mapping[str, Any]:
    """Return what changes in a cluster by what a gateway sees of it."""
    if record.is_over:
        return {}
    told: dict[str, Any] = {
        "phase": seen.phase,
        "substate": seen.substate,
        "reason": seen.reason,
        "reason_text": seen.reason_text,
        "workers": seen_workers(record.workers, seen),
        "cores": seen.cores,
        "memory_bytes": seen.memory_bytes,
        "memory_used_bytes": seen.memory_used_bytes,
        "tasks": seen.tasks,
        "has_dashboard": seen.has_dashboard,
        "started_at": seen.started_at or record.started_at,
        "ends_at": seen.ends_at,
        "idle_since": seen.idle_since,
        "stale_since": seen.stale_since,
        "warnings": list(seen.warnings),
    }
    if record.stop_requested and seen.phase == "EXECUTING":
        told["substate"] = "stopping"
    if seen.accepted is not None:
        told["awaits_workers"] = False
    if record.stop_requested and seen.phase == "COMPLETED":
        # Where a gateway does not say who stopped it, we know.
        told |= {"phase": "ABORTED", "reason": "stopped_by_user", "reason_text": "Stopped by you."}
    if seen.phase in {"COMPLETED", "ERROR", "ABORTED"}:
        told["ended_at"] = seen.ended_at or datetime.now(timezone.utc)
    return {name: value for name, value in told.items() if value != getattr(record, name)}
