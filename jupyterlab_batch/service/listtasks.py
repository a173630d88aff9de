"""What there is of an array: its tasks, also those that have not started."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.arrays import Array, array_of, parameters_of, task_indices
from jupyterlab_batch.domain.generated import (
    Phase,
    Task,
    TaskList,
    TaskPhases,
    TaskRun,
    Usage,
)
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.listing import Interest
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.taskorder import TaskQuery, TaskSet
from jupyterlab_batch.store.tasks import TaskRecord

_SAME: Final = (
    *("index", "phase", "reason", "reason_text", "started_at", "ended_at"),
    *("exit_code", "signal", "attempt", "native_id"),
)


class TaskListing(msgspec.Struct, frozen=True, kw_only=True):
    """Answers questions on tasks from the store alone; no gateway is asked."""

    store: Store
    interest: Interest

    async def tasks(self, job_id: str, asked: TaskQuery) -> TaskList:
        """Return a window of the tasks of an array.

        Raises
        ------
        UnknownJob
        """
        self.interest.look()
        record = await self._record(job_id)
        array = array_of(record.spec)
        if array is None:
            return TaskList(total=0, tasks=[])
        everything = TaskSet(
            job_id=job_id,
            indices=_in_order(array),
            with_row=record.array.by_phase if record.array else {},
            rest=record.rest_phase,
        )
        total, window = await self.store.task_window(everything, asked)
        known = await self.store.tasks(job_id, window)
        return TaskList(total=total, tasks=[_task(record, array, known, index) for index in window])

    async def phases(self, job_id: str) -> TaskPhases:
        """Return the phases of all tasks of an array, as runs of neighbours.

        Raises
        ------
        UnknownJob
        """
        self.interest.look()
        record = await self._record(job_id)
        array = array_of(record.spec)
        if array is None:
            return TaskPhases(size=0, runs=[])
        known = await self.store.task_phases(job_id)
        indices, rest = _in_order(array), record.rest_phase
        # Of 100,000 tasks this takes longer than others may wait.
        runs = await asyncio.to_thread(_runs, (known.get(index, rest) for index in indices))
        return TaskPhases(size=len(indices), runs=runs)

    async def _record(self, job_id: str) -> JobRecord:
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        return record


def _in_order(array: Array) -> Sequence[int]:
    indices = task_indices(array)
    return indices if isinstance(indices, range) else sorted(indices)


def _runs(phases: Iterable[Phase]) -> list[TaskRun]:
    return [TaskRun(phase=phase, count=sum(1 for _ in run)) for phase, run in groupby(phases)]


def _task(record: JobRecord, array: Array, known: Mapping[int, TaskRecord], index: int) -> Task:
    task = known.get(index) or _without_row(record, index)
    same = {name: getattr(task, name) for name in _SAME}
    return Task(
        **same,
        parameters=parameters_of(array, index),
        usage=Usage(
            elapsed_seconds=task.elapsed_seconds,
            cpu_seconds=task.cpu_seconds,
            memory_peak_bytes=task.memory_peak_bytes,
            is_partial=task.is_usage_partial,
        ),
    )


def _without_row(record: JobRecord, index: int) -> TaskRecord:
    """Return what is true of a task that has not started: what is true of its array."""
    phase = record.rest_phase
    told: dict[str, Any] = {}
    if phase == record.phase:
        told = {"reason": record.reason, "reason_text": record.reason_text}
    elif phase == "ABORTED":
        told = {"reason": "cancelled_by_user", "reason_text": "Cancelled before it started."}
    return TaskRecord(index=index, phase=phase, **told)
