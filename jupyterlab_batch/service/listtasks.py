"""What there is of an array: its tasks, also those that have not started."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from jupyterlab_batch.domain.arrays import Array, array_of, parameters_of, task_indices
from jupyterlab_batch.domain.generated import (
    Phase,
    Task,
    TaskList,
    TaskPhases,
    TaskRun,
    TaskSort,
    Usage,
)
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.listing import Interest
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.taskorder import MEASURED
from jupyterlab_batch.store.tasks import TaskRecord

_SAME: Final = (
    *("index", "phase", "reason", "reason_text", "started_at", "ended_at"),
    *("exit_code", "signal", "attempt", "native_id"),
)


@dataclass(frozen=True, kw_only=True)
class TaskQuery:
    """Which tasks of an array, in which order."""

    phases: frozenset[Phase] = frozenset()
    """None is all."""
    sort: TaskSort = "index"
    descending: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class TaskListing:
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
        chosen = await self._chosen(record, _in_order(array), asked)
        window = chosen[asked.offset : asked.offset + asked.limit]
        known = await self.store.tasks(job_id, window)
        return TaskList(
            total=len(chosen), tasks=[_task(record, array, known, index) for index in window]
        )

    async def _chosen(
        self, record: JobRecord, indices: Sequence[int], asked: TaskQuery
    ) -> Sequence[int]:
        """Return the indices of all tasks that fit, in the order that is asked for."""
        phases: dict[int, Phase] = {}
        measured: list[int] = []
        if asked.phases or asked.sort == "phase":
            phases = await self.store.task_phases(record.id)
        if asked.sort in MEASURED:
            measured = await self.store.measured_tasks(
                record.id, asked.sort, descending=asked.descending
            )

        def choose() -> Sequence[int]:
            rest = record.rest_phase
            fitting = indices
            if asked.phases:
                fitting = [i for i in indices if phases.get(i, rest) in asked.phases]
            if asked.sort == "phase":
                return sorted(fitting, key=lambda i: phases.get(i, rest), reverse=asked.descending)
            if asked.sort in MEASURED:
                return _known_first(measured, fitting)
            return fitting[::-1] if asked.descending else fitting

        # Of 100,000 tasks this takes longer than others may wait.
        return await asyncio.to_thread(choose)

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
        return TaskPhases(
            size=len(indices), runs=_runs(known.get(index, rest) for index in indices)
        )

    async def _record(self, job_id: str) -> JobRecord:
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        return record


def _in_order(array: Array) -> Sequence[int]:
    indices = task_indices(array)
    return indices if isinstance(indices, range) else sorted(indices)


def _known_first(measured: Sequence[int], fitting: Sequence[int]) -> list[int]:
    wanted, known = set(fitting), set(measured)
    return [
        *(index for index in measured if index in wanted),
        *(index for index in fitting if index not in known),
    ]


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
