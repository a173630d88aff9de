"""Why tasks of an array failed: grouped by what their batch system said and their logs tell."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import LogStream, TaskCause, TaskCauses
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import LogPlace, log_place, open_log
from jupyterlab_batch.service.telling import Telling, exception_in, telling_of
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.taskuse import FailedTask

_LOGS_OF_A_CAUSE: Final = 20
_CAUSES_WITH_LOGS: Final = 20
_TAIL_BYTES: Final = 16 * 1024
_TOLD_ALREADY: Final = frozenset({"memory", "walltime", "node", "cell_error", "preempted"})
"""What a log can add nothing to, but a line."""


class CauseFinder(msgspec.Struct, frozen=True, kw_only=True):
    """Looks into the ends of few logs, however many tasks failed."""

    store: Store

    async def causes(self, job_id: str) -> TaskCauses:
        """Return why tasks failed, the commonest cause first.

        Raises
        ------
        UnknownJob
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        failed = await self.store.failed_tasks(job_id)
        found = await asyncio.to_thread(_causes, record, failed)
        return TaskCauses(failed=len(failed), causes=found)


def _causes(record: JobRecord, failed: Sequence[FailedTask]) -> list[TaskCause]:
    groups: dict[tuple[object, ...], list[FailedTask]] = defaultdict(list)
    for task in failed:
        said = exception_in(task.reason_text) if task.reason == "cell_error" else None
        groups[task.reason, task.exit_code, task.signal, said].append(task)
    ordered = sorted(groups.values(), key=len, reverse=True)
    causes: list[TaskCause] = []
    for number, tasks in enumerate(ordered):
        reads = number < _CAUSES_WITH_LOGS
        causes += _split(record, tasks) if reads else [_cause(tasks, None, 0)]
    return sorted(causes, key=lambda cause: (-cause.count, cause.task_indices[0]))


def _split(record: JobRecord, tasks: Sequence[FailedTask]) -> list[TaskCause]:
    """Tell tasks apart, of which the same is said, by what their logs tell."""
    looked, rest = tasks[:_LOGS_OF_A_CAUSE], tasks[_LOGS_OF_A_CAUSE:]
    tellings = {task.index: _told(record, task) for task in looked}
    by_name: dict[str | None, list[FailedTask]] = defaultdict(list)
    for task in looked:
        telling = tellings[task.index]
        is_told = task.reason in _TOLD_ALREADY or telling is None
        by_name[None if is_told or telling is None else telling.exception].append(task)
    if len(by_name) == 1:
        # All that were looked at are alike: so, likely, are the others.
        return [_cause([*looked, *rest], _first(tellings, looked), len(looked))]
    causes = [_cause(alike, _first(tellings, alike), len(alike)) for alike in by_name.values()]
    return [*causes, _cause(rest, None, 0)] if rest else causes


def _first(tellings: dict[int, Telling | None], tasks: Iterable[FailedTask]) -> Telling | None:
    return next((told for task in tasks if (told := tellings[task.index])), None)


def _told(record: JobRecord, task: FailedTask) -> Telling | None:
    if task.reason == "cell_error" and task.reason_text:
        return Telling(exception=exception_in(task.reason_text), line=task.reason_text[:300])
    streams: tuple[LogStream, ...] = ("stderr", "stdout")
    for stream in streams:
        telling = telling_of(_tail(log_place(record, stream, task.index)))
        if telling is not None:
            return telling
    return None


def _tail(place: LogPlace) -> bytes:
    try:
        with open_log(place) as (_, descriptor, status):
            start = max(0, status.st_size - _TAIL_BYTES)
            return os.pread(descriptor, _TAIL_BYTES, start)
    except OSError:
        return b""


def _cause(tasks: Sequence[FailedTask], telling: Telling | None, logs_read: int) -> TaskCause:
    first = tasks[0]
    peaks = [t.memory_peak_bytes for t in tasks if t.memory_peak_bytes is not None]
    times = [t.elapsed_seconds for t in tasks if t.elapsed_seconds is not None]
    return TaskCause(
        reason=first.reason,
        exit_code=first.exit_code,
        signal=first.signal,
        exception=telling.exception if telling else None,
        line=telling.line if telling else first.reason_text,
        count=len(tasks),
        task_indices=sorted(task.index for task in tasks),
        logs_read=logs_read,
        memory_peak_bytes=max(peaks, default=None),
        elapsed_seconds=max(times, default=None),
    )
