"""The SQL that chooses tasks of an array and puts them in an order, a window at a time.

A task that has not started has no row: it is in the list all the same, and what is true of it
follows from its array. What has rows is read from an index that holds all that is looked at, and
in its order, so that nothing is sorted while somebody waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from jupyterlab_batch.domain.generated import Phase, TaskSort
from jupyterlab_batch.domain.phases import PHASES

MEASURED: Final[Mapping[TaskSort, str]] = {
    "memory": "memory_peak_bytes",
    "elapsed": "elapsed_seconds",
}
"""The column of each order by what was measured."""

INDICES: Final = (
    "CREATE INDEX tasks_by_phase ON tasks (job_id, phase, task_index)",
    # A task that runs is in none of these: they are written once for each task, when it is over.
    *(
        f"CREATE INDEX tasks_by_{sort} ON tasks (job_id, {column}, task_index, phase)"
        f" WHERE {column} IS NOT NULL"
        for sort, column in MEASURED.items()
    ),
)
"""Statements that make the indices."""


class TaskQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks of an array, in which order."""

    phases: frozenset[Phase] = frozenset()
    """None is all."""
    sort: TaskSort = "index"
    descending: bool = False
    offset: int = 0
    limit: int = 50


class TaskSet(msgspec.Struct, frozen=True, kw_only=True):
    """All tasks of an array."""

    job_id: str
    indices: Sequence[int]
    """In their order."""
    with_row: Mapping[str, int]
    """How many of those that have a row are in which phase."""
    rest: Phase
    """The phase of those that have none."""

    @property
    def without_row(self) -> int:
        """How many have not started."""
        return len(self.indices) - sum(self.with_row.values())

    def count(self, phase: Phase) -> int:
        """Return how many are in a phase."""
        return self.with_row.get(phase, 0) + (self.without_row if phase == self.rest else 0)

    def fitting(self, phases: frozenset[Phase]) -> frozenset[Phase]:
        """Return those of some phases, or else of all, in which there are any."""
        return frozenset(phase for phase in phases or PHASES if self.count(phase) > 0)


class TaskWindow(NamedTuple):
    """A part of a list of tasks."""

    total: int
    """Of the whole list."""
    indices: Sequence[int]


def window(connection: sqlite3.Connection, tasks: TaskSet, asked: TaskQuery) -> TaskWindow:
    """Return what is asked for of the tasks of an array."""
    phases = tasks.fitting(asked.phases)
    total = sum(map(tasks.count, phases))
    limit = min(asked.limit, max(0, total - asked.offset))
    if limit == 0:
        return TaskWindow(total, [])
    if asked.sort == "phase":
        ordered = sorted(phases, reverse=asked.descending)
        return TaskWindow(total, _by_phase(connection, tasks, ordered, asked.offset, limit))
    if asked.sort in MEASURED:
        return TaskWindow(total, _by_use(connection, tasks, phases, asked, limit))
    return TaskWindow(
        total,
        _by_index(connection, tasks, phases, asked.offset, limit, descending=asked.descending),
    )


def _by_index(
    connection: sqlite3.Connection,
    tasks: TaskSet,
    phases: Iterable[Phase],
    offset: int,
    limit: int,
    *,
    descending: bool = False,
) -> Sequence[int]:
    others = tasks.fitting(frozenset()) - frozenset(phases)
    if others and (tasks.rest in others or tasks.without_row == 0):
        query, values = in_phases(tasks.job_id, sorted(phases), descending=descending)
        return _first_of(connection.execute(query, (*values, limit, offset)))
    fitting = tasks.indices
    if others:  # those that have no row cannot be asked for
        query, values = in_phases(tasks.job_id, sorted(others))
        left_out = set(_first_of(connection.execute(query, (*values, -1, 0))))
        fitting = [index for index in fitting if index not in left_out]
    return (fitting[::-1] if descending else fitting)[offset : offset + limit]


def _by_phase(
    connection: sqlite3.Connection,
    tasks: TaskSet,
    ordered: Sequence[Phase],
    offset: int,
    limit: int,
) -> list[int]:
    found: list[int] = []
    for phase in ordered:
        count = tasks.count(phase)
        if offset < count and len(found) < limit:
            found += _by_index(connection, tasks, [phase], offset, limit - len(found))
        offset = max(0, offset - count)
    return found


def _by_use(
    connection: sqlite3.Connection,
    tasks: TaskSet,
    phases: frozenset[Phase],
    asked: TaskQuery,
    limit: int,
) -> list[int]:
    """Begin with those of which it is known."""
    query, values = measured(tasks.job_id, asked.sort, phases, descending=asked.descending)
    found = _first_of(connection.execute(query, (*values, limit, asked.offset)))
    if len(found) == limit:
        return found
    known = set(_first_of(connection.execute(query, (*values, -1, 0))))
    everything = _by_index(connection, tasks, phases, 0, len(tasks.indices))
    unknown = [index for index in everything if index not in known]
    begin = max(0, asked.offset - len(known))
    return [*found, *unknown[begin : begin + limit - len(found)]]


def in_phases(
    job_id: str, phases: Sequence[Phase], *, descending: bool = False
) -> tuple[str, list[object]]:
    """Return the query for tasks that have a row, by their index, but for limit and offset."""
    one = "SELECT task_index FROM tasks INDEXED BY tasks_by_phase WHERE job_id = ? AND phase = ?"
    direction = "DESC" if descending else "ASC"
    together = " UNION ALL ".join([one] * len(phases))
    query = f"{together} ORDER BY task_index {direction} LIMIT ? OFFSET ?"
    return query, [value for phase in phases for value in (job_id, phase)]


def measured(
    job_id: str, sort: TaskSort, phases: Iterable[Phase], *, descending: bool
) -> tuple[str, list[object]]:
    """Return the query for tasks of which it is known, in its order, but for limit and offset."""
    column, direction = MEASURED[sort], "DESC" if descending else "ASC"
    chosen = sorted(phases)
    query = (
        f"SELECT task_index FROM tasks INDEXED BY tasks_by_{sort}"  # noqa: S608 -- our own constants and question marks only
        f" WHERE job_id = ? AND {column} IS NOT NULL AND phase IN ({', '.join('?' * len(chosen))})"
        f" ORDER BY {column} {direction}, task_index {direction} LIMIT ? OFFSET ?"
    )
    return query, [job_id, *chosen]


def _first_of(rows: Iterable[sqlite3.Row]) -> list[int]:
    return [row[0] for row in rows]
