"""Which tasks of an array a window shows, and that it looks at no more than it must."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import Phase, TaskSort
from jupyterlab_batch.store import schema, tasks
from jupyterlab_batch.store.taskorder import (
    MEASURED,
    TaskQuery,
    TaskSet,
    in_phases,
    measured,
    window,
)
from jupyterlab_batch.store.tasks import TaskRecord

JOB = "the-array"
SORTS: tuple[TaskSort, ...] = ("index", "phase", *MEASURED)
ROWS: tuple[Phase, ...] = ("COMPLETED", "ERROR", "EXECUTING")
CHOICES: tuple[frozenset[Phase], ...] = (
    frozenset(),
    frozenset({"ERROR"}),
    frozenset({"QUEUED"}),
    frozenset({"COMPLETED", "EXECUTING"}),
    frozenset({"QUEUED", "ERROR", "COMPLETED"}),
    frozenset({"HELD"}),
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(opened)
    yield opened
    opened.close()


def a_task(index: int) -> TaskRecord:
    """Return one task of many; of some it is not known what they used."""
    phase = ROWS[index % 7 % 3]
    return TaskRecord(
        index=index,
        phase=phase,
        memory_peak_bytes=None if phase == "EXECUTING" or index % 5 == 0 else index * 37 % 11,
        elapsed_seconds=None if phase == "EXECUTING" else float(index * 53 % 17),
    )


def fill(
    connection: sqlite3.Connection, rows: Sequence[TaskRecord], indices: Sequence[int], rest: Phase
) -> TaskSet:
    """Write some tasks down, and return the array of which they are."""
    tasks.put(connection, JOB, rows)
    tasks.put(connection, "another-array", rows)
    counts = tasks.totals(connection, JOB).by_phase
    return TaskSet(job_id=JOB, indices=indices, with_row=counts, rest=rest)


def expected(everything: Sequence[TaskRecord], asked: TaskQuery) -> list[int]:
    """Return all indices that fit, in their order, the simple way."""
    fitting = [one for one in everything if not asked.phases or one.phase in asked.phases]
    if asked.sort == "index":
        return [one.index for one in fitting][:: -1 if asked.descending else 1]
    if asked.sort == "phase":
        by_phase = sorted(fitting, key=lambda one: one.phase, reverse=asked.descending)
        return [one.index for one in by_phase]
    column = MEASURED[asked.sort]
    known = [one for one in fitting if getattr(one, column) is not None]
    known.sort(key=lambda one: (getattr(one, column), one.index), reverse=asked.descending)
    return [one.index for one in (*known, *(one for one in fitting if one not in known))]


@pytest.mark.parametrize("rest", ["QUEUED", "ERROR"])
@pytest.mark.parametrize("started", [0, 41, 60])
def test_a_window_is_what_its_query_says(
    connection: sqlite3.Connection, started: int, rest: Phase
) -> None:
    indices = range(10, 70)
    rows = [a_task(index) for index in indices if (index * 7) % 60 < started]
    told = fill(connection, rows, indices, rest)
    waiting = set(indices) - {one.index for one in rows}
    everything = [*rows, *(TaskRecord(index=index, phase=rest) for index in waiting)]
    everything.sort(key=lambda one: one.index)
    for sort, descending, phases in itertools.product(SORTS, (False, True), CHOICES):
        asked = TaskQuery(phases=phases, sort=sort, descending=descending, limit=100)
        whole = window(connection, told, asked)
        assert list(whole.indices) == expected(everything, asked), asked
        assert whole.total == len(whole.indices)
        assert parts(connection, told, asked) == list(whole.indices), asked


def parts(connection: sqlite3.Connection, told: TaskSet, asked: TaskQuery) -> list[int]:
    """Return the same list, a window after the other and one beyond the end."""
    found: list[int] = []
    for offset in range(0, 90, 13):
        part = TaskQuery(
            phases=asked.phases,
            sort=asked.sort,
            descending=asked.descending,
            offset=offset,
            limit=13,
        )
        found += window(connection, told, part).indices
    return found


@pytest.mark.parametrize("descending", [False, True])
def test_nothing_is_sorted_and_no_task_is_looked_at_beside_the_index(
    connection: sqlite3.Connection, descending: bool
) -> None:
    for phases in (ROWS[:1], ROWS):
        queries = [in_phases(JOB, phases, descending=descending)]
        queries += [measured(JOB, sort, phases, descending=descending) for sort in MEASURED]
        for query, values in queries:
            plan = explain(connection, query, [*values, 50, 900])
            assert "COVERING INDEX" in plan and "TEMP B-TREE" not in plan, query


def explain(connection: sqlite3.Connection, query: str, values: Sequence[Any]) -> str:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    return "; ".join(row[3] for row in rows)


def test_the_first_window_of_many_tasks_costs_what_that_of_few_does(
    connection: sqlite3.Connection,
) -> None:
    few, many = (steps(connection, size) for size in (200, 4_000))
    assert few == many
    assert max(few.values()) < 50 * 40


def steps(connection: sqlite3.Connection, size: int) -> dict[object, int]:
    """Return how many steps SQLite takes for the first window of each order of an array."""
    indices = range(size)
    rows = [
        TaskRecord(index=i, phase=ROWS[i % 2], memory_peak_bytes=i * 7, elapsed_seconds=1.0 * i)
        for i in indices
    ]
    told = fill(connection, rows, indices, "ERROR")
    taken: dict[object, int] = {}
    for sort, descending, phases in itertools.product(SORTS, (False, True), CHOICES[:2]):
        asked = TaskQuery(phases=phases, sort=sort, descending=descending, limit=50)
        taken[sort, descending, phases] = steps_of(connection, told, asked)
    return taken


def steps_of(connection: sqlite3.Connection, told: TaskSet, asked: TaskQuery) -> int:
    """Return how many steps SQLite takes for one window."""
    count = itertools.count()
    connection.set_progress_handler(lambda: next(count) < 0, 1)
    window(connection, told, asked)
    connection.set_progress_handler(None, 0)
    return next(count)
