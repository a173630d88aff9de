"""The SQL on the tasks of arrays; each function runs inside a transaction of the caller.

A task has a row from the moment that it started, or was cancelled by itself. What is true of all
others follows from their job, so an array of 10,000 tasks that waits is one row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.domain.phases import FINAL_PHASES
from jupyterlab_batch.store.records import JobRecord, time_to_text


class TaskRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One task; see the contract for what the fields of a `Task` mean."""

    index: int
    phase: Phase = "QUEUED"
    reason: ReasonCode | None = None
    reason_text: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    signal: int | None = None
    attempt: int = 1
    elapsed_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_peak_bytes: int | None = None
    is_usage_partial: bool = False
    native_id: str | None = None


class TaskTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of an array add up to."""

    by_phase: dict[str, int]
    cpu_seconds: float | None
    memory_peak_bytes: int | None
    """Of the task that used most."""
    is_usage_partial: bool
    """Of one of them."""


_FIELDS: Final = TaskRecord.__struct_fields__
_COLUMNS: Final = ("task_index", *_FIELDS[1:])
_TIMES: Final = frozenset({"started_at", "ended_at"})
_FINAL: Final = ", ".join(f"'{phase}'" for phase in sorted(FINAL_PHASES))
_AT_ONCE: Final = 500
"""So many indices are named in one query; SQLite takes 999 and more."""
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM tasks WHERE job_id = ?"  # noqa: S608 -- our own constants
_PUT: Final = (
    f"INSERT OR REPLACE INTO tasks (job_id, {', '.join(_COLUMNS)})"  # noqa: S608 -- our own constants
    f" VALUES (?{', ?' * len(_COLUMNS)})"
)
_OPEN: Final = f"job_id = ? AND phase NOT IN ({_FINAL})"
_SETTLE: Final = (
    f"UPDATE tasks SET phase = ?, reason = ?, reason_text = ?, ended_at = ? WHERE {_OPEN}"  # noqa: S608 -- our own constants
)


def put(connection: sqlite3.Connection, job_id: str, tasks: Iterable[TaskRecord]) -> None:
    """Write tasks down, over what is there."""
    connection.executemany(_PUT, ((job_id, *map(_to_column, _values(task))) for task in tasks))


def find(
    connection: sqlite3.Connection, job_id: str, indices: Sequence[int]
) -> dict[int, TaskRecord]:
    """Return those of some tasks that have a row, by index."""
    found: dict[int, TaskRecord] = {}
    for start in range(0, len(indices), _AT_ONCE):
        chosen = indices[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(chosen))
        rows = connection.execute(f"{_SELECT} AND task_index IN ({marks})", (job_id, *chosen))
        found.update((task.index, task) for task in map(_task, rows))
    return found


def phases(connection: sqlite3.Connection, job_id: str) -> dict[int, Phase]:
    """Return the phases of all tasks that have a row, by index."""
    query = "SELECT task_index, phase FROM tasks WHERE job_id = ?"
    return {row[0]: row[1] for row in connection.execute(query, (job_id,))}


def unfinished(connection: sqlite3.Connection, job_id: str) -> list[int]:
    """Return the indices of tasks that started and are not over."""
    rows = connection.execute(f"SELECT task_index FROM tasks WHERE {_OPEN}", (job_id,))  # noqa: S608 -- our own constants
    return [row[0] for row in rows]


def totals(connection: sqlite3.Connection, job_id: str) -> TaskTotals:
    """Return how many rows are in which phase, and what they used."""
    rows = connection.execute(
        "SELECT phase, COUNT(*), SUM(cpu_seconds), MAX(memory_peak_bytes), MAX(is_usage_partial)"
        " FROM tasks WHERE job_id = ? GROUP BY phase ORDER BY phase",
        (job_id,),
    ).fetchall()
    cpu = [row[2] for row in rows if row[2] is not None]
    return TaskTotals(
        by_phase={row[0]: row[1] for row in rows},
        cpu_seconds=sum(cpu) if cpu else None,
        memory_peak_bytes=max((row[3] for row in rows if row[3] is not None), default=None),
        is_usage_partial=any(row[4] for row in rows),
    )


def settle(connection: sqlite3.Connection, record: JobRecord) -> bool:
    """End the tasks of a job that is over as the job ended; tell whether there was one."""
    ended_at = None if record.ended_at is None else time_to_text(record.ended_at)
    values = (record.rest_phase, record.reason, record.reason_text, ended_at, record.id)
    return connection.execute(_SETTLE, values).rowcount > 0


def delete(connection: sqlite3.Connection, job_id: str) -> None:
    """Remove the rows of an array that is forgotten."""
    connection.execute("DELETE FROM tasks WHERE job_id = ?", (job_id,))


def _values(task: TaskRecord) -> Iterable[object]:
    return (getattr(task, name) for name in _FIELDS)


def _to_column(value: object) -> object:
    return time_to_text(value) if isinstance(value, datetime) else value


def _task(row: sqlite3.Row) -> TaskRecord:
    told: Mapping[str, Any] = dict(zip(_FIELDS, row, strict=True))
    times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if told[name] is not None}
    is_partial = bool(told["is_usage_partial"])
    return TaskRecord(**{**told, **times, "is_usage_partial": is_partial})
