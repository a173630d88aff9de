"""From what engine and owner say of a cluster to what we tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import ClusterPhase, ClusterReason, ClusterWarning
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.execution import signal_of
from jupyterlab_batch.engine.wording import duration, signal_name
from jupyterlab_batch.gateways.clusters import ClusterObservation
from jupyterlab_batch.gateways.local.clusterfolder import (
    STALE_SECONDS,
    ClusterFolder,
    OwnerState,
    Warned,
    moment,
)
from jupyterlab_batch.gateways.observation import Gone, Observation

_Why: TypeAlias = tuple[ClusterReason, str | None]
_STOPPED: Final[_Why] = ("stopped_by_user", "Stopped by you.")
_WAITS: Final[Mapping[str, ClusterReason]] = {"resources": "resources", "priority": "priority"}
_GONE: Final = "The local engine does not know this cluster any more; none of it is left."


def told(
    job: Observation, folder: ClusterFolder, state: OwnerState | None, now: datetime
) -> ClusterObservation:
    """Say how a cluster is by what the engine says of its owner, and by what that says itself."""
    if is_final(job.phase):
        return ended(job, folder, state)
    if job.phase == "UNKNOWN":
        return ClusterObservation(
            native_id=job.native_id,
            phase="UNKNOWN",
            reason="node",
            reason_text=job.reason_text,
        )
    if job.phase != "EXECUTING":
        return ClusterObservation(
            native_id=job.native_id,
            phase="QUEUED",
            reason=_WAITS.get(job.reason or "other"),
            reason_text=job.reason_text,
        )
    is_stopping = job.substate in {"cancelling", "finishing"}
    seen = ClusterObservation(
        native_id=job.native_id,
        phase="EXECUTING",
        substate="stopping" if is_stopping else "starting" if state is None else None,
    )
    return seen if state is None else _with_figures(seen, state, now)


def _with_figures(seen: ClusterObservation, state: OwnerState, now: datetime) -> ClusterObservation:
    is_stale = now - state.told_at > timedelta(seconds=STALE_SECONDS)
    return replace(
        seen,
        ready=state.ready,
        wanted=state.wanted,
        cores=state.cores,
        memory_bytes=state.memory_bytes,
        memory_used_bytes=state.memory_used_bytes,
        tasks=state.tasks,
        has_dashboard=state.has_dashboard,
        started_at=moment(state.started_at),
        idle_since=None if state.idle_since is None else moment(state.idle_since),
        stale_since=state.told_at if is_stale else None,
        warnings=[_warning(one) for one in state.warnings],
    )


def _warning(told: Warned) -> ClusterWarning:
    since = None if told.since is None else moment(told.since)
    return ClusterWarning(code=told.code, since=since, workers=told.workers, packages=told.packages)


def ended(job: Observation, folder: ClusterFolder, state: OwnerState | None) -> ClusterObservation:
    """Say why a cluster is over. What we did comes first, then what its owner wrote, then how."""
    by_itself = folder.end_reason()
    phase: ClusterPhase = "ERROR"
    if job.reason == "cancelled_by_user":
        phase = "ABORTED"
        reason, text = _STOPPED
    elif by_itself is not None:
        phase = "COMPLETED"
        reason, text = _closed(by_itself, folder)
    else:
        reason, text = _failed(job, folder, has_been_up=state is not None)
    return ClusterObservation(
        native_id=job.native_id,
        phase=phase,
        reason=reason,
        reason_text=text,
        ready=0,
        started_at=None if state is None else moment(state.started_at),
        ended_at=job.ended_at,
    )


def _closed(by_itself: str, folder: ClusterFolder) -> _Why:
    if by_itself == "idle":
        rest = duration(folder.idle_stop_seconds())
        return "idle", f"Stopped by itself after {rest} without work."
    return "closed", "Closed by a client."


def _failed(job: Observation, folder: ClusterFolder, *, has_been_up: bool) -> _Why:
    if job.reason == "node":
        return "node", job.reason_text
    number = job.signal or signal_of(folder.exit_code())
    if number is not None:
        return "killed", f"Its scheduler was ended from outside, by {signal_name(number)}."
    words = folder.last_words() or job.reason_text or "It did not say why."
    if not has_been_up:
        return "launch_failed", f"It did not come up: {words}"
    if job.reason == "lost":
        return "lost", job.reason_text
    return "failed", f"Its scheduler failed: {words}"


def vanished(event: Gone) -> ClusterObservation:
    """Say that the engine does not know a cluster."""
    return ClusterObservation(
        native_id=event.native_id, phase="ERROR", reason="lost", reason_text=_GONE, ready=0
    )
