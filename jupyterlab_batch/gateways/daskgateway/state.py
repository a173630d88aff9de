"""From what Dask Gateway and a scheduler say of a cluster to what we tell of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import ClusterTasks
from jupyterlab_batch.gateways.clusters import Accepted, ClusterObservation, Wanted
from jupyterlab_batch.gateways.daskgateway.answers import Counts, Record, moment

_CLOSED: Final = (
    "It was stopped on the gateway: for having no work, by a client or by an administrator; Dask "
    "Gateway does not say which."
)
_NOT_STARTED: Final = "The gateway could not start it, and does not say why; its log does."
_FAILED: Final = "Its scheduler is gone, and the gateway does not say why; its log may."
GONE: Final = (
    "The gateway does not know this cluster any more. If it lost its memory in a restart, the "
    "cluster may run on where nobody sees it: tell its administrators."
)


class Watched(msgspec.Struct):
    """One cluster that is watched, and what was heard of it."""

    native_id: str
    ordered: Wanted | None = None
    """How many workers are to be asked for as soon as it is up."""
    accepted: Accepted | None = None
    """What came of that; told until it is heard."""
    started_at: datetime | None = None
    """When it was seen up first."""
    is_closing: bool = False
    """We ordered its end."""
    is_missing: bool = False
    """A look did not find it."""
    counts: Counts | None = None
    counted_at: datetime | None = None
    idle_since: datetime | None = None
    said: ClusterObservation | None = None

    def count(self, counts: Counts, now: datetime) -> None:
        """Take what a scheduler counts; without work since the look before, it is idle."""
        has_moved = self.counts is not None and _progress(self.counts) != _progress(counts)
        if counts.has_work:
            self.idle_since = None
        elif self.idle_since is None or has_moved:
            self.idle_since = now
        self.counts, self.counted_at = counts, now


def _progress(counts: Counts) -> tuple[int, ...]:
    return counts.tasks, counts.memory, counts.erred


def told(watched: Watched, record: Record, now: datetime, *, is_silent: bool) -> ClusterObservation:
    """Say how a cluster is.

    Parameters
    ----------
    is_silent
        Its scheduler did not answer: a dead one is called RUNNING for some 40 s.
    """
    if record.is_over:
        return _ended(watched, record)
    seen = ClusterObservation(native_id=record.name, phase="EXECUTING", accepted=watched.accepted)
    if record.status == "PENDING":
        return replace(seen, substate="starting")
    if record.status == "RUNNING":
        watched.started_at = watched.started_at or now
    seen = replace(
        seen,
        substate="stopping" if record.status == "STOPPING" else None,
        started_at=watched.started_at,
        has_dashboard=record.dashboard_route is not None,
    )
    return _with_figures(seen, watched, is_silent=is_silent)


def _with_figures(
    seen: ClusterObservation, watched: Watched, *, is_silent: bool
) -> ClusterObservation:
    counts = watched.counts
    if counts is None:
        return seen
    return replace(
        seen,
        ready=counts.workers,
        cores=counts.cores,
        memory_used_bytes=counts.bytes,
        tasks=ClusterTasks(
            total=counts.tasks,
            waiting=counts.waiting + counts.unrunnable,
            processing=counts.processing,
            in_memory=counts.memory,
            erred=counts.erred,
        ),
        idle_since=watched.idle_since,
        stale_since=watched.counted_at if is_silent else None,
    )


def _ended(watched: Watched, record: Record) -> ClusterObservation:
    seen = ClusterObservation(
        native_id=record.name,
        phase="COMPLETED",
        reason="other",
        reason_text=_CLOSED,
        ready=0,
        ended_at=moment(record.stop_time),
    )
    if record.status == "STOPPED" and watched.is_closing:
        return replace(
            seen, phase="ABORTED", reason="stopped_by_user", reason_text="Stopped by you."
        )
    if record.status == "STOPPED":
        return seen
    if watched.started_at is not None:
        return replace(seen, phase="ERROR", reason="failed", reason_text=_FAILED)
    return replace(seen, phase="ERROR", reason="launch_failed", reason_text=_NOT_STARTED)


def unheard(watched: Watched, since: datetime) -> ClusterObservation:
    """Say that the gateway is silent: a cluster stays as it was known last, and older."""
    seen = watched.said or ClusterObservation(
        native_id=watched.native_id,
        phase="EXECUTING",
        substate="starting" if watched.started_at is None else None,
        started_at=watched.started_at,
    )
    return replace(seen, accepted=None, stale_since=seen.stale_since or watched.counted_at or since)


def vanished(native_id: str) -> ClusterObservation:
    """Say that the gateway does not know a cluster."""
    return ClusterObservation(
        native_id=native_id, phase="ERROR", reason="lost", reason_text=GONE, ready=0
    )
