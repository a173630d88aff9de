"""From what gateways say of an array and of its tasks to what the store knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Phase, TaskCounts
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.status import look_afresh, read_evidence
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.ending import Changes
from jupyterlab_batch.service.filereader import FileReader
from jupyterlab_batch.service.merge import with_outputs
from jupyterlab_batch.service.mergetasks import (
    TaskReading,
    ended_tasks,
    lost_tasks,
    merge_array,
    merge_array_gone,
    merge_tasks,
    open_indices,
)
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.tasks import TaskRecord


class ArrayPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where an array is, and what its files must prove."""

    job_id: str
    native_id: str
    directory: Path
    nonce: str


class ArrayWatcher(msgspec.Struct, frozen=True, kw_only=True):
    """Stores what is said of arrays."""

    store: Store
    files: FileReader

    async def take(
        self, place: ArrayPlace, seen: Observation, outputs_count: int | None = None
    ) -> JobRecord | None:
        """Store what a gateway says of an array, and once it is over how many outputs are there."""
        told = {task.index for task in seen.tasks}
        known = await self.store.tasks(place.job_id, [i for i in told if i is not None])
        read = await self.files.read(_read, place, open_indices(known, seen.tasks))
        tasks, is_over = list(seen.tasks), is_final(seen.phase)
        if is_over:
            untold = await self._untold(place, seen, told)
            unknown = lost_tasks(
                await self.store.tasks(place.job_id, list(untold)), place.native_id
            )
            ended = ended_tasks(untold, place.native_id)
            read, tasks = {**read, **untold}, [*tasks, *unknown, *ended]
        now = datetime.now(timezone.utc)
        return await self.store.update_array(
            place.job_id,
            [task.index for task in tasks if task.index is not None],
            lambda found: merge_tasks(found, tasks, read, now=now, is_over=is_over),
            lambda record, totals: _with_outputs(
                record, merge_array(record, seen, totals, now=now), outputs_count
            ),
        )

    async def take_gone(self, place: ArrayPlace, outputs_count: int) -> JobRecord | None:
        """Store what becomes of an array that its gateway does not know: its folders tell."""
        found = await self.files.read(read_evidence, place.directory, place.nonce)
        read = await self.files.read(read_all_tasks, place)
        tasks = ended_tasks(read, place.native_id)
        now = datetime.now(timezone.utc)
        return await self.store.update_array(
            place.job_id,
            list(read),
            lambda found: merge_tasks(found, tasks, read, now=now),
            lambda record, totals: _with_outputs(
                record,
                merge_array_gone(record, totals, has_begun=found.has_begun, now=now),
                outputs_count,
            ),
        )

    async def _untold(
        self, place: ArrayPlace, seen: Observation, told: set[int | None]
    ) -> dict[int, TaskReading]:
        """Read what a gateway that says how an array ended does not say of its tasks."""
        if seen.reason == "node":
            return await self.files.read(read_all_tasks, place)
        unfinished = await self.store.unfinished_tasks(place.job_id)
        left = [index for index in unfinished if index not in told]
        return await self.files.read(_read, place, left)


def _with_outputs(record: JobRecord, changes: Changes, count: int | None) -> Changes:
    """Return the changes with the number of outputs that are there, once all tasks are over."""
    return changes if count is None else with_outputs(record, changes, count)


def remember_tasks(
    record: JobRecord, native_id: str, now: datetime
) -> tuple[JobRecord, list[TaskRecord]]:
    """Return an array and its tasks as their folders tell them. Blocks.

    How it goes on, or that it is over, its batch system says.
    """
    place = ArrayPlace(
        job_id=record.id,
        native_id=native_id,
        directory=Path(record.run_directory),
        nonce=record.nonce,
    )
    read = read_all_tasks(place)
    tasks = merge_tasks({}, ended_tasks(read, native_id), read, now=now)
    over = {task.index for task in tasks}
    tasks += [
        TaskRecord(
            index=index,
            phase="EXECUTING",
            native_id=reading.status.native_id,
            attempt=reading.status.attempt,
            started_at=reading.status.started_at,
        )
        for index, reading in read.items()
        if index not in over and reading.status is not None
    ]
    by_phase = dict(Counter[str](task.phase for task in tasks))
    size = 0 if record.array is None else record.array.size
    phase: Phase = "EXECUTING" if tasks else record.phase
    return replace(record, phase=phase, array=TaskCounts(size=size, by_phase=by_phase)), tasks


def read_all_tasks(place: ArrayPlace) -> dict[int, TaskReading]:
    """Read the folders of all tasks that ever started. Blocks."""
    try:
        names = [entry.name for entry in (place.directory / "tasks").iterdir()]
    except OSError:
        return {}
    return _read(place, [int(name) for name in names if name.isascii() and name.isdigit()])


def _read(place: ArrayPlace, indices: Iterable[int]) -> dict[int, TaskReading]:
    look_afresh(place.directory / "tasks")
    return {index: _reading(place, index) for index in indices}


def _reading(place: ArrayPlace, index: int) -> TaskReading:
    folder = place.directory / "tasks" / str(index)
    found = read_evidence(folder, place.nonce)
    return TaskReading(status=found.status, claim=found.claim)
