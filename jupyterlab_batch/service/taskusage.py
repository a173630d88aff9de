"""What the tasks of an array used of what they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Histogram, TaskUsage
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.taskuse import UsedTask

_BARS: Final = 20
_Value = tuple[float, bool]
"""A number, and whether its task failed."""


class UsageReader(msgspec.Struct, frozen=True, kw_only=True):
    """Sums up from the store alone; no gateway is asked."""

    store: Store

    async def usage(self, job_id: str) -> TaskUsage:
        """Return how the tasks that are over are spread.

        Raises
        ------
        UnknownJob
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        return await asyncio.to_thread(_usage, record, await self.store.used_tasks(job_id))


def _usage(record: JobRecord, tasks: Sequence[UsedTask]) -> TaskUsage:
    def values(*names: str) -> Iterable[_Value]:
        for task in tasks:
            numbers = [getattr(task, name) for name in names]
            if None not in numbers and (len(names) == 1 or numbers[1] > 0):
                value = numbers[0] if len(names) == 1 else numbers[0] / numbers[1]
                yield value, task.phase == "ERROR"

    return TaskUsage(
        tasks=len(tasks),
        memory_bytes=histogram(record.memory_bytes, values("memory_peak_bytes")),
        elapsed_seconds=histogram(record.walltime_seconds, values("elapsed_seconds")),
        cores=histogram(record.cores, values("cpu_seconds", "elapsed_seconds")),
    )


def histogram(asked: float, values: Iterable[_Value]) -> Histogram | None:
    """Return how numbers are spread; ``None`` if there are none."""
    known = list(values)
    if not known:
        return None
    most = max(value for value, _ in known)
    width = max(asked, most) / _BARS or 1.0
    counts, failed = [0] * _BARS, [0] * _BARS
    for value, is_failed in known:
        bar = min(_BARS - 1, int(value / width))
        counts[bar] += 1
        failed[bar] += is_failed
    return Histogram(
        asked=asked,
        known=len(known),
        median=median(value for value, _ in known),
        most=most,
        width=width,
        counts=counts,
        failed=failed,
    )
