"""An array and its tasks change together, inside one transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyterlab_batch.domain.generated import TaskCounts
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.store import jobs, tasks
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.tasks import TaskRecord, TaskTotals

TaskMerge = Callable[[Mapping[int, TaskRecord]], Sequence[TaskRecord]]
"""From the tasks that have a row, by index, to those that become different."""
ArrayChange = Callable[[JobRecord, TaskTotals], Mapping[str, Any]]
"""From an array as it is, and what its tasks add up to now, to the fields that change."""


def update(
    connection: sqlite3.Connection,
    job_id: str,
    indices: Sequence[int],
    merge: TaskMerge,
    change: ArrayChange,
) -> JobRecord | None:
    """Change some tasks, then their array; a task of an array that is over is over too."""
    if jobs.get(connection, job_id) is None:
        return None  # it was forgotten
    merged = merge(tasks.find(connection, job_id, indices))
    tasks.put(connection, job_id, merged)
    totals = tasks.totals(connection, job_id)
    record = jobs.update(
        connection,
        job_id,
        lambda now: {**counted(now, totals), **change(now, totals)},
        are_tasks_other=bool(merged),
    )
    if record is None or not is_final(record.phase) or not tasks.settle(connection, record):
        return record
    totals = tasks.totals(connection, job_id)
    return jobs.update(connection, job_id, lambda now: counted(now, totals))


def counted(record: JobRecord, totals: TaskTotals) -> Mapping[str, Any]:
    """Return what the tasks of an array change in it."""
    if record.array is None:
        return {}
    return {
        "array": TaskCounts(size=record.array.size, by_phase=totals.by_phase),
        "cpu_seconds": totals.cpu_seconds,
        "memory_peak_bytes": totals.memory_peak_bytes,
        "is_usage_partial": totals.is_usage_partial,
    }
