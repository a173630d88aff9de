"""What a poller knows of the tasks of one array and concludes from each look. No clock, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.arraysum import sum_of_tasks
from jupyterlab_batch.gateways.harvest import HARVEST_SECONDS, with_record
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.waiting import Waiting

RECORDS_AT_ONCE: Final = 200
"""So many tasks are looked up in the history in one look: it takes some kB for each."""


class WatchedArray:
    """The tasks of one array, each as it was last told.

    A queue soon forgets the tasks that are over and never tells of those that were cancelled
    before they started: what is neither told nor waiting is looked up in the history.
    """

    def __init__(self, native_id: str, indices: Sequence[int]) -> None:
        self._native_id = native_id
        self._size = len(indices)
        self._open = set(indices)
        """Of which nobody has told yet how they ended."""
        self._tasks: dict[int, Observation] = {}
        self._fresh: set[int] = set()
        self._owed: dict[int, tuple[int, float]] = {}
        """Tasks that are over, whose record is awaited: how often it was, and when it is next."""
        self._absent: list[int] = []
        self._asked: list[int] = []
        self._rest: Observation | None = None
        self._last: Observation | None = None

    @property
    def is_over(self) -> bool:
        """Every task is over, or nobody knows of it any more."""
        return not self._open

    @property
    def is_known(self) -> bool:
        """Whether somebody has told of a task of it."""
        return any(task.reason != "lost" for task in self._tasks.values())

    @property
    def is_behind(self) -> bool:
        """Some tasks of which the queue does not tell are still to be looked up."""
        return len(self._absent) > RECORDS_AT_ONCE

    def next_due(self) -> float | None:
        """Return when the next record is to be asked for."""
        return min((due for _, due in self._owed.values()), default=None)

    def take(self, seen: Observation | None, now: float) -> None:
        """Take what the queue says; ``None``: it does not know the array any more."""
        told = {task.index for task in seen.tasks} if seen is not None else set()
        for task in () if seen is None else seen.tasks:
            self._note(task, now)
        waiting = None if seen is None else seen.waiting
        left = self._open - told
        if seen is not None and waiting is not None:
            together = _members(waiting, left)
            left -= together
            if waiting.end is not None:
                self._open -= together
                self._rest = waiting.end
        self._absent = sorted(left)

    def questions(self, now: float) -> list[str]:
        """Return the tasks to look up in the history, by their native ids."""
        due = (index for index, (_, when) in self._owed.items() if now >= when)
        self._asked = list(islice(chain(self._absent, due), RECORDS_AT_ONCE))
        return [f"{self._native_id}_{index}" for index in self._asked]

    def answer(self, record: Observation | None, now: float) -> None:
        """Take what the history says of the tasks that were asked for; ``None``: of none."""
        told = {} if record is None else {task.index: task for task in record.tasks}
        for index in self._asked:
            found = told.get(index)
            if index in self._owed:
                self._harvest(index, found, now)
            elif found is not None and is_final(found.phase):
                self._end(found, index)
            else:
                self._end(_lost(self._native_id, index), index)
        self._asked = []

    def event(self, seen: Observation | None) -> Observation | None:
        """Return what is true of the array, with those tasks that became different; or nothing."""
        whole = self._whole(seen)
        if whole is None or (not self._fresh and whole == self._last):
            return None
        self._last = whole
        fresh = tuple(self._tasks[index] for index in sorted(self._fresh))
        self._fresh.clear()
        return replace(whole, tasks=fresh)

    def _note(self, task: Observation, now: float) -> None:
        index, before = task.index, self._tasks.get(task.index or 0)
        if index is None or task == before:
            return
        is_again = before is not None and task.attempt > before.attempt
        if before is not None and is_final(before.phase) and not is_again:
            return
        self._tasks[index] = task
        self._fresh.add(index)
        if is_final(task.phase):
            self._open.discard(index)
            self._owed[index] = (0, now + HARVEST_SECONDS[0])
        else:
            self._open.add(index)
            self._owed.pop(index, None)

    def _end(self, task: Observation, index: int) -> None:
        self._tasks[index] = task
        self._fresh.add(index)
        self._open.discard(index)

    def _harvest(self, index: int, record: Observation | None, now: float) -> None:
        tries, _ = self._owed.pop(index)
        if record is not None and is_final(record.phase):
            self._tasks[index] = with_record(self._tasks[index], record)
            self._fresh.add(index)
        elif tries + 1 < len(HARVEST_SECONDS):
            self._owed[index] = (tries + 1, now + HARVEST_SECONDS[tries + 1])

    def _whole(self, seen: Observation | None) -> Observation | None:
        if self.is_over:
            return self._end_of_all()
        if seen is None:
            return self._last
        bare = replace(seen, tasks=(), waiting=None)
        has_begun = any(
            task.phase not in ("QUEUED", "HELD") and task.reason != "lost"
            for task in self._tasks.values()
        )
        if is_final(seen.phase) or (has_begun and seen.phase in ("QUEUED", "HELD")):
            # The rest of it is not known yet, or what has begun was forgotten by the queue.
            return replace(bare, phase="EXECUTING", reason=None, reason_text=None, ended_at=None)
        return bare

    def _end_of_all(self) -> Observation | None:
        known = [task for task in self._tasks.values() if is_final(task.phase)]
        if not known:
            return self._rest
        whole = sum_of_tasks(self._native_id, known, rest=self._rest, size=self._size)
        return replace(whole, tasks=())


def _members(waiting: Waiting, left: set[int]) -> set[int]:
    """Return those of some tasks that may be among those told of together."""
    named = set(chain.from_iterable(waiting.runs))
    members = left & named
    if waiting.is_cut:
        last = max(named, default=-1)
        members |= {index for index in left if index > last}
    return members


def _lost(native_id: str, index: int) -> Observation:
    return Observation(
        native_id=f"{native_id}_{index}",
        index=index,
        phase="UNKNOWN",
        reason="lost",
        reason_text="Neither queue nor history know this task.",
    )
