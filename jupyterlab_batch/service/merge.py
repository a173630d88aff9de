"""What a job becomes by what the batch system and its status file say. Pure functions.

A status file can turn a success into a failure, never a failure into a success. A final phase
changes only if the same native id is run again (a new attempt), or when a job that was thought to
be lost is found. What a batch system tells later of a job that is over is what it used, and whether
that is why it was killed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.status import Claim, Evidence, RunStatus
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.ending import (
    ENDS_WITH,
    KILLS,
    Changes,
    ended,
    ending,
    signal_of,
    unnoticed,
    was_killed_too_late,
)
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.tasks import TaskRecord

TOLD_BY_FILES: Final[frozenset[ReasonCode]] = frozenset({"exit_nonzero", "signal"})
"""What files say of a job that ended otherwise than it should; who ended it they do not know."""
_USAGE: Final = ("elapsed_seconds", "cpu_seconds", "memory_peak_bytes")
_NOT_TOLD: Final = (
    "The batch system no longer knows this job. It had started, and nothing says how it ended. "
    "Look at its log and its outputs."
)
_NOT_READ: Final = (
    "The batch system no longer knows this job, and its run directory cannot be read now. Once it "
    "can, that tells what became of the job."
)
_CANCELLED: Final = "It was cancelled, and the batch system no longer knows it. Look at its log."
_NEVER_STARTED: Final = (
    "The batch system no longer knows this job, and it never started. Submit it again if you still "
    "want it."
)
_NOTHING: Final[Changes] = {}


def merge_observation(
    record: JobRecord, seen: Observation, status: RunStatus | None, *, now: datetime
) -> Changes:
    """Return what changes in a job by what its batch system says of it."""
    is_again = seen.attempt > record.attempt
    if is_final(record.phase) and not is_again and record.reason != "lost":
        return _told_late(record, seen, now)
    if status is not None and (status.native_id != seen.native_id or status.attempt < seen.attempt):
        # Of another job, or of an earlier attempt: it says nothing of this run.
        status = None
    if record.cancel_requested and _was_killed(seen, status):
        seen = _as_cancelled(seen)
    if is_final(seen.phase):
        return {**_facts(record, seen), **_progress(record, status), **ending(seen, status, now)}
    if (seen.phase, seen.reason) == ("UNKNOWN", "lost") and status is not None and status.ended_at:
        # The queue forgot it at its end, and its record never got one; its files have it.
        return {**_facts(record, seen), **end_by_status(record, status, now=now)}
    if record.phase == "EXECUTING" and seen.phase in {"QUEUED", "HELD"} and not is_again:
        # A poll that is older than the status file.
        return _NOTHING
    changes = {
        **_facts(record, seen),
        "phase": seen.phase,
        "reason": seen.reason,
        "reason_text": seen.reason_text,
        "substate": _substate(record, seen.substate, status),
    }
    if is_again or is_final(record.phase):
        changes.update(ended_at=None, exit_code=None, signal=None, started_at=seen.started_at)
    if status is None:
        return changes
    return {**changes, **merge_progress(record, status), **_unnoticed(seen.phase, status, now)}


def merge_status(record: JobRecord, status: RunStatus, *, now: datetime) -> Changes:
    """Return what changes in a job by what its run directory says, between two looks."""
    if is_final(record.phase) or record.native_id not in {None, status.native_id}:
        return _NOTHING
    if record.phase == "UNKNOWN" and record.reason == "lost":
        return end_by_status(record, status, now=now)
    return {**merge_progress(record, status), **_unnoticed(record.phase, status, now)}


def merge_progress(record: JobRecord, status: RunStatus) -> Changes:
    """Return what a status file tells of a job that goes on."""
    changes: dict[str, Any] = dict(_progress(record, status))
    if record.started_at is None:
        changes["started_at"] = status.started_at
    if record.phase in {"QUEUED", "HELD", "PENDING"} and status.ended_at is None:
        changes.update(phase="EXECUTING", reason=None, reason_text=None, estimated_start_at=None)
    if status.ended_at is not None:
        changes["substate"] = _substate(record, None, status)
    return changes


def merge_gone(
    record: JobRecord, status: RunStatus | None, *, has_begun: bool | None, now: datetime
) -> Changes:
    """Return what becomes of a job that neither queue nor history of its batch system know."""
    if is_final(record.phase):
        return _NOTHING
    if status is not None and status.ended_at is not None:
        return end_by_status(record, status, now=now)
    if has_begun is None or (has_begun and not record.cancel_requested):
        text = _NOT_TOLD if has_begun else _NOT_READ
        return {"phase": "UNKNOWN", "reason": "lost", "reason_text": text, "substate": None}
    if record.cancel_requested:
        text = _CANCELLED if has_begun else "It was cancelled before it started."
        return ended("ABORTED", "cancelled_by_user", text, ended_at=now)
    return ended("ERROR", "lost", _NEVER_STARTED, ended_at=now)


def end_by_status(record: JobRecord, status: RunStatus, *, now: datetime) -> Changes:
    """Return how a job ended of which only the run directory still tells."""
    if status.ended_at is None:
        return _progress(record, status)
    seen = Observation(
        native_id=status.native_id,
        phase="COMPLETED" if status.exit_code == 0 else "ERROR",
        started_at=status.started_at,
        ended_at=status.ended_at,
        exit_code=status.exit_code,
        signal=signal_of(status.exit_code),
        attempt=status.attempt,
    )
    if record.cancel_requested and seen.signal in ENDS_WITH:
        # The batch system obeyed, and forgot the job before it could say so.
        seen = _as_cancelled(seen)
    return {**_facts(record, seen), **_progress(record, status), **ending(seen, status, now)}


def overrule(record: JobRecord, seen: Observation, *, now: datetime) -> Changes:
    """Return what changes in a job of which only its files told that it failed.

    They cannot know that it was the batch system that ended it, or the user.
    """
    if not knows_better(seen, record):
        return _NOTHING
    return {**_facts(record, seen), **ending(seen, None, now), "ended_at": record.ended_at}


def knows_better(seen: Observation, known: JobRecord | TaskRecord) -> bool:
    """Tell whether a batch system says who ended what, by its files, just failed."""
    is_told_by_files = known.phase == "ERROR" and known.reason in TOLD_BY_FILES
    is_better = is_final(seen.phase) and seen.reason in KILLS - {"node"}
    if not is_told_by_files or not is_better or known.native_id != seen.native_id:
        return False
    return not was_killed_too_late(seen, known.started_at, known.ended_at, known.exit_code)


def _told_late(record: JobRecord, seen: Observation, now: datetime) -> Changes:
    """Return what a batch system's record adds to a job that is over already."""
    is_other = record.native_id != seen.native_id or seen.attempt < record.attempt
    if is_other or not is_final(seen.phase):
        return _NOTHING
    usage = {name: getattr(seen, name) for name in _USAGE if getattr(record, name) is None}
    known = {name: value for name, value in usage.items() if value is not None}
    if known:
        known["is_usage_partial"] = seen.is_usage_partial
    return {**known, **overrule(record, seen, now=now)}


def _was_killed(seen: Observation, status: RunStatus | None) -> bool:
    """Tell whether a job did not end by itself, though its batch system tells an exit code.

    A node of Slurm kills a job that slurmctld has forgotten, and the history calls that exit code
    1. A wrapper that ends by itself writes that down before.
    """
    return seen.reason == "exit_nonzero" and status is not None and status.ended_at is None


def _as_cancelled(seen: Observation) -> Observation:
    text = "You cancelled the job."
    return replace(seen, phase="ABORTED", reason="cancelled_by_user", reason_text=text)


def as_duplicate(seen: Observation, claim: Claim | None) -> Observation:
    """Return what a success is worth whose run directory belongs to another run, or to nobody."""
    if claim is None or claim.native_id == seen.native_id:
        return seen
    text = (
        "It did not run: its run directory belongs to another run of the same submission."
        if claim.native_id
        else "It did not run: it had been given up before the batch system started it."
    )
    return replace(seen, phase="ERROR", reason="duplicate", reason_text=text)


def as_proven(seen: Observation, evidence: Evidence) -> Observation:
    """Return what the end of a job is worth by what its run directory proves.

    A node of Slurm that refuses to start a job lets it end with exit code 1; of that nobody ever
    claimed the run directory.
    """
    if seen.phase == "COMPLETED" and evidence.status is None:
        return as_duplicate(seen, evidence.claim)
    never_began = evidence.has_begun is False and evidence.claim is None
    if not never_began or seen.phase != "ERROR" or seen.reason != "exit_nonzero":
        return seen
    text = f"Nothing in its run directory says that it ever started. {seen.reason_text or ''}"
    return replace(seen, reason="launch_failed", reason_text=text.strip())


def with_outputs(record: JobRecord, changes: Changes, count: int) -> Changes:
    """Return the changes with the number of outputs that are there; what is over stays as it is."""
    if not changes and is_final(record.phase):
        return changes
    return {**changes, "outputs_count": count}


def _facts(record: JobRecord, seen: Observation) -> dict[str, Any]:
    """Return the fields that are simply taken over, as far as they are known."""
    told = {
        "native_state": seen.native_state,
        "queue": seen.queue,
        "account": seen.account,
        "submitted_at": seen.submitted_at if record.submitted_at is None else None,
        "started_at": seen.started_at,
        "elapsed_seconds": seen.elapsed_seconds,
        "cpu_seconds": seen.cpu_seconds,
        "memory_peak_bytes": seen.memory_peak_bytes,
        "is_usage_partial": seen.is_usage_partial or None,
        "attempt": max(seen.attempt, record.attempt),
    }
    facts = {name: value for name, value in told.items() if value is not None}
    # The only one that may be taken back.
    return {**facts, "estimated_start_at": seen.estimated_start_at}


def _progress(record: JobRecord, status: RunStatus | None) -> Changes:
    if status is None:
        return _NOTHING
    changes: dict[str, Any] = {}
    if status.progress is not None:
        changes["progress"] = status.progress
    if record.started_at is None:
        changes["started_at"] = status.started_at
    return changes


def _unnoticed(phase: Phase, status: RunStatus, now: datetime) -> Changes:
    return unnoticed(status, now) if phase == "EXECUTING" else _NOTHING


def _substate(record: JobRecord, told: str | None, status: RunStatus | None) -> str | None:
    if record.cancel_requested:
        return "cancelling"
    return "finishing" if status is not None and status.ended_at is not None else told
