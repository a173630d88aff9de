"""What an array and its tasks become by what is said of them. Pure functions.

A task is decided as a job is (see `merge`); an array is what its tasks add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.domain.phases import FINAL_PHASES, is_final
from jupyterlab_batch.engine.status import Claim, RunStatus
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.ending import Changes, ending
from jupyterlab_batch.service.merge import (
    as_duplicate,
    knows_better,
    merge_gone,
    merge_observation,
)
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.tasks import TaskRecord, TaskTotals

_USAGE: Final = ("elapsed_seconds", "cpu_seconds", "memory_peak_bytes")
_FACTS: Final = ("reason", "reason_text", "started_at", *_USAGE)
_NEVER_BEGUN: Final = "Cancelled before it started."
_LOST: Final = (
    "The batch system no longer knows this task. It had started, and nothing says how it ended. "
    "Look at its log."
)
_NAMES: Final = frozenset(TaskRecord.__struct_fields__)


class TaskReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the folder of one task says."""

    status: RunStatus | None
    claim: Claim | None


def merge_tasks(
    known: Mapping[int, TaskRecord],
    seen: Iterable[Observation],
    read: Mapping[int, TaskReading],
    *,
    now: datetime,
    is_over: bool = False,
) -> list[TaskRecord]:
    """Return the tasks of which there is something new.

    Parameters
    ----------
    read
        What is in the folders of those that the batch system says are over.
    is_over
        Their array is: what became of a task that nobody knows will never be told.
    """
    merged = [
        _merge_task(known.get(one.index, TaskRecord(index=one.index)), one, read, now)
        for one in seen
        if one.index is not None
    ]
    if is_over:
        merged = [_given_up(task, now) for task in merged]
    return [task for task in merged if task != known.get(task.index)]


def ended_tasks(read: Mapping[int, TaskReading], native_id: str) -> list[Observation]:
    """Return what folders tell of tasks that ended, where no batch system tells it any more."""
    return [
        Observation(
            native_id=reading.status.native_id,
            index=index,
            phase="COMPLETED" if reading.status.exit_code == 0 else "ERROR",
            started_at=reading.status.started_at,
            ended_at=reading.status.ended_at,
            exit_code=reading.status.exit_code,
            attempt=reading.status.attempt,
        )
        for index, reading in read.items()
        if reading.status is not None
        and reading.status.ended_at is not None
        and reading.status.native_id.startswith(native_id)
    ]


def merge_array(
    record: JobRecord, seen: Observation, totals: TaskTotals, *, now: datetime
) -> Changes:
    """Return what changes in an array by what its batch system says of it."""
    changes = merge_observation(record, seen, None, now=now)
    is_sum = seen.reason in {None, "tasks_failed", "cancelled_by_user"}
    has_failed = totals.by_phase.get("ERROR", 0) > 0
    is_less = seen.phase == "COMPLETED" and totals.by_phase.get("ABORTED", 0) > 0
    is_better = seen.reason == "tasks_failed" and _are_all_over(record, totals)
    is_other = has_failed or is_less or is_better
    if not is_final(changes.get("phase", "UNKNOWN")) or not is_sum or not is_other:
        return changes
    # The batch system knows exit codes; a notebook that failed may have said so in its folder, and
    # so may a task that had ended long before it was killed.
    return {**changes, **_sum_up(record, totals, changes["ended_at"])}


def merge_array_gone(
    record: JobRecord, totals: TaskTotals, *, has_begun: bool | None, now: datetime
) -> Changes:
    """Return what becomes of an array that its batch system does not know."""
    if is_final(record.phase):
        return {}
    if _are_all_over(record, totals):
        return _sum_up(record, totals, now)
    return merge_gone(record, None, has_begun=bool(totals.by_phase) or has_begun, now=now)


def _are_all_over(record: JobRecord, totals: TaskTotals) -> bool:
    over = sum(totals.by_phase.get(phase, 0) for phase in FINAL_PHASES)
    return record.array is not None and over == record.array.size


def _merge_task(
    task: TaskRecord, seen: Observation, read: Mapping[int, TaskReading], now: datetime
) -> TaskRecord:
    if is_final(task.phase) and seen.attempt <= task.attempt:
        return _told_late(task, seen)
    reading = read.get(task.index)
    status = None if reading is None else reading.status
    if seen.reason == "lost":
        return _merge_lost(task, seen, reading, now)
    if status is not None and (status.native_id != seen.native_id or status.attempt < seen.attempt):
        status = None  # of another run: it says nothing of this one
    if seen.phase == "COMPLETED" and status is None and reading is not None:
        seen = as_duplicate(seen, reading.claim)
    facts = {name: getattr(seen, name) for name in _FACTS if getattr(seen, name) is not None}
    changes: dict[str, Any] = {"phase": seen.phase, "reason": None, "reason_text": None, **facts}
    if is_final(seen.phase):
        changes.update(ending(seen, status, now))
    changes = {name: value for name, value in changes.items() if name in _NAMES}
    return replace(task, native_id=seen.native_id, attempt=seen.attempt, **changes)


def _given_up(task: TaskRecord, now: datetime) -> TaskRecord:
    return replace(task, phase="ERROR", ended_at=now) if task.phase == "UNKNOWN" else task


def _told_late(task: TaskRecord, seen: Observation) -> TaskRecord:
    """Return a task that is over with what a history may tell later than its end.

    That is what it used, and whether that is why it was killed.
    """
    if seen.native_id != task.native_id or not is_final(seen.phase):
        return task
    late: dict[str, Any] = {
        name: getattr(seen, name)
        for name in _USAGE
        if getattr(task, name) is None and getattr(seen, name) is not None
    }
    if late:
        late["is_usage_partial"] = seen.is_usage_partial
    if seen.phase == "ERROR" and knows_better(seen, task):
        late.update(reason=seen.reason, reason_text=seen.reason_text)
    return replace(task, **late)


def _merge_lost(
    task: TaskRecord, seen: Observation, reading: TaskReading | None, now: datetime
) -> TaskRecord:
    """Return what became of a task that its batch system does not know: its folder tells."""
    for ended in ended_tasks({} if reading is None else {task.index: reading}, seen.native_id):
        return _merge_task(task, ended, {}, now)
    status = None if reading is None else reading.status
    has_begun = status is not None or (reading is not None and reading.claim is not None)
    if has_begun or task.started_at is not None:
        return replace(task, phase="UNKNOWN", reason="lost", reason_text=_LOST)
    told: dict[str, Any] = {"reason": "cancelled_by_user", "reason_text": _NEVER_BEGUN}
    return replace(task, phase="ABORTED", ended_at=now, **told)


def _sum_up(record: JobRecord, totals: TaskTotals, ended_at: datetime) -> Changes:
    size = 0 if record.array is None else record.array.size
    failed, completed = (totals.by_phase.get(phase, 0) for phase in ("ERROR", "COMPLETED"))
    told: tuple[str, ReasonCode | None, str | None] = ("COMPLETED", None, None)
    if failed:
        told = ("ERROR", "tasks_failed", f"{failed:,} of {size:,} tasks failed.")
    elif completed < size:
        text = f"Cancelled; {completed:,} of {size:,} tasks completed."
        told = ("ABORTED", "cancelled_by_user", text)
    phase, reason, text_ = told
    return {
        "phase": phase,
        "reason": reason,
        "reason_text": text_,
        "substate": None,
        "ended_at": ended_at,
    }


def lost_tasks(known: Mapping[int, TaskRecord], native_id: str) -> list[Observation]:
    """Return those tasks again of which nobody knew, as their array is over now."""
    return [
        Observation(native_id=f"{native_id}_{index}", index=index, phase="UNKNOWN", reason="lost")
        for index, task in known.items()
        if task.phase == "UNKNOWN"
    ]


def open_indices(known: Mapping[int, TaskRecord], seen: Sequence[Observation]) -> list[int]:
    """Return the tasks that are said to be over and are not known to be: their folders tell how."""
    return [
        one.index
        for one in seen
        if one.index is not None
        and (is_final(one.phase) or one.reason == "lost")
        and not (one.index in known and is_final(known[one.index].phase))
    ]
