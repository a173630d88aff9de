"""One array in the queue: which tasks are still to be started, and what came of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import chain

import msgspec

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.protocol import JobState, Run
from jupyterlab_batch.engine.queue import JobRecord


def runs_of(indices: Sequence[int]) -> list[Run]:
    """Write indices as few runs; a range is one, whatever its length."""
    if isinstance(indices, range):
        return [(indices[0], indices[-1], indices.step)] if indices else []
    runs: list[Run] = []
    for index in indices:
        if runs and index == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], index, 1)
        else:
            runs.append((index, index, 1))
    return runs


def indices_of(runs: Sequence[Run]) -> Sequence[int]:
    """Return what the runs were written from."""
    ranges = [range(first, last + 1, step) for first, last, step in runs]
    return ranges[0] if len(ranges) == 1 else list(chain.from_iterable(ranges))


class ArrayRun:
    """One array from the queue to its end.

    Parameters
    ----------
    record
        Of the array; its state is kept up to date.
    known
        The tasks that an earlier supervisor started or cancelled.
    """

    def __init__(self, record: JobRecord, known: Iterable[JobRecord] = ()) -> None:
        if record.request.array is None:
            raise ValueError("This is no array.")
        self.record = record
        self._array = record.request.array
        self._indices = indices_of(self._array.runs)
        self._position = 0
        self._phases: dict[int, Phase] = {}
        self._running: set[int] = set()
        self._fresh: dict[int, JobState] = {}
        for task in known:
            self.note(task)
        self._fresh.clear()

    @property
    def has_waiting(self) -> bool:
        """Whether there are tasks that were not started yet."""
        if self.record.ended_by is not None:
            return False
        while self._position < len(self._indices):
            if self._indices[self._position] not in self._phases:
                return True
            self._position += 1
        return False

    @property
    def may_start_one(self) -> bool:
        """Whether a task waits and the array may have one more that runs."""
        limit = self._array.max_running
        return self.has_waiting and (limit is None or len(self._running) < limit)

    @property
    def is_over(self) -> bool:
        """Whether no task is left to run, and none runs."""
        return not self._running and not self.has_waiting

    def next_task(self) -> JobRecord:
        """Return the next task to start; `may_start_one` must be true."""
        return self._task(self._indices[self._position])

    def note(self, task: JobRecord) -> None:
        """Take note of what became of a task."""
        index = task.state.index
        if index is None:
            raise ValueError("This is no task.")
        self._phases[index] = task.state.phase
        self._fresh[index] = task.state
        if is_final(task.state.phase):
            self._running.discard(index)
        else:
            self._running.add(index)

    def cancel_waiting(self, task_indices: Set[int], text: str) -> list[JobRecord]:
        """Cancel these tasks if they wait; return their records.

        Parameters
        ----------
        text
            Says for each that it was cancelled.
        """
        cancelled = []
        for index in self._indices:
            if index in task_indices and index not in self._phases:
                task = self._task(index)
                task.conclude("ABORTED", "cancelled_by_user", text)
                cancelled.append(task)
        return cancelled

    @property
    def has_news(self) -> bool:
        """Whether there is something new of a task."""
        return bool(self._fresh)

    def news(self) -> JobState:
        """Return the state of the array with all tasks of which there is something new."""
        tasks, self._fresh = list(self._fresh.values()), {}
        return msgspec.structs.replace(self.record.state, tasks=tasks)

    def conclude(self) -> None:
        """Say how the array ended, when it is over."""
        counts = Counter(self._phases.values())
        size, failed, completed = len(self._indices), counts["ERROR"], counts["COMPLETED"]
        if failed:
            text = f"{failed:,} of {size:,} tasks failed."
            self.record.conclude("ERROR", "tasks_failed", text)
        elif completed == size:
            self.record.conclude("COMPLETED", None, None)
        else:
            text = f"Cancelled; {completed:,} of {size:,} tasks completed."
            self.record.conclude("ABORTED", "cancelled_by_user", text)

    def _task(self, index: int) -> JobRecord:
        state = self.record.state
        request = self.record.request.task(index)
        return JobRecord(
            request=request,
            state=JobState(
                native_id=f"{state.native_id}_{index}",
                tag=request.tag,
                submitted_at=state.submitted_at,
                index=index,
            ),
            array_id=state.native_id,
        )
