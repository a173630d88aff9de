"""The SQL that finds jobs: which, how many of each phase, in which order.

A list may be of 100,000 jobs. Each order has an index that holds all that a filter looks at, so
that what is passed over costs no look into the table, and nothing is sorted while somebody waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from jupyterlab_batch.domain.asked import tag_line
from jupyterlab_batch.domain.generated import JobGroup, JobSort, Phase

ORDERS: Final[Mapping[JobSort, str]] = {
    "created": "id",
    "name": "name_folded",
    "phase": "phase",
    "gateway": "gateway_id",
    "queue": "queue",
    "started": "started_at",
    "ended": "ended_at",
    "cores": "cores",
    "memory": "memory_bytes",
}
"""The column of each order."""

_LOOKED_AT: Final = ("id", "gateway_id", "phase", "job_group", "name_folded", "tags_folded")
INDICES: Final = (
    "DROP INDEX jobs_group",
    "DROP INDEX jobs_gateway",
    # Only our own constant column names are put together here.
    *(
        f"CREATE INDEX jobs_by_{sort} ON jobs ({', '.join(dict.fromkeys((column, *_LOOKED_AT)))})"
        for sort, column in ORDERS.items()
    ),
    "CREATE INDEX jobs_in_group ON jobs"
    " (job_group, id, gateway_id, phase, name_folded, tags_folded)",
)
"""Statements that make the indices, for a store that has those before them."""


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs a list shows; nothing is *all*."""

    group: JobGroup | None = None
    phases: tuple[Phase, ...] = ()
    gateway_ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Each ``name`` or ``name=value``; a job has all of them."""
    q: str | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """In which order, and what is passed over."""

    sort: JobSort = "created"
    descending: bool = True
    cursor: str | None = None
    """Begin after this job; only where the newest is first."""
    offset: int = 0

    @property
    def has_cursor(self) -> bool:
        """Tell whether a window in this order can go on where another one ended."""
        return self.sort == "created" and self.descending


def find(connection: sqlite3.Connection, chosen: JobFilter, order: Order, limit: int) -> list[str]:
    """Return the ids of jobs that fit, in their order."""
    query, values = finding(chosen, order)
    return [row[0] for row in connection.execute(query, (*values, limit, order.offset))]


def count_phases(connection: sqlite3.Connection, chosen: JobFilter) -> dict[Phase, int]:
    """Return how many jobs of each phase fit, whatever phases the filter chooses."""
    query, values = counting(chosen)
    return {phase: count for phase, count in connection.execute(query, values)}


def finding(chosen: JobFilter, order: Order) -> tuple[str, list[object]]:
    """Return the query for ids, and its values but for limit and offset."""
    where, values = _where(chosen)
    if order.cursor is not None:
        where.append("id < ?")
        values.append(order.cursor)
    if chosen.phases:
        where.append(f"phase IN ({_marks(chosen.phases)})")
        values += chosen.phases
    index = f"jobs_by_{order.sort}"
    if chosen.group is not None and order.has_cursor:
        index = "jobs_in_group"
    direction = "DESC" if order.descending else "ASC"
    column = ORDERS[order.sort]
    by = f"{column} {direction}" if column == "id" else f"{column} {direction}, id {direction}"
    query = f"SELECT id FROM jobs INDEXED BY {index}{_joined(where)} ORDER BY {by} LIMIT ? OFFSET ?"  # noqa: S608 -- our own names and question marks only
    return query, values


def counting(chosen: JobFilter) -> tuple[str, list[object]]:
    """Return the query for the counts by phase, and its values."""
    where, values = _where(chosen)
    return (
        f"SELECT phase, COUNT(*) FROM jobs INDEXED BY jobs_by_phase{_joined(where)} GROUP BY phase",  # noqa: S608 -- our own names and question marks only
        values,
    )


def _where(chosen: JobFilter) -> tuple[list[str], list[object]]:
    """Return the conditions of a filter but for its phases, with their values."""
    conditions: list[str] = []
    values: list[object] = []
    if chosen.group is not None:
        conditions.append("job_group = ?")
        values.append(chosen.group)
    if chosen.gateway_ids:
        conditions.append(f"gateway_id IN ({_marks(chosen.gateway_ids)})")
        values += chosen.gateway_ids
    for word in (chosen.q or "").casefold().split():
        conditions.append("instr(name_folded, ?) > 0")
        values.append(word)
    for tag in chosen.tags:
        conditions.append("instr(tags_folded, ?) > 0")
        values.append(_tag_part(tag))
    return conditions, values


def _tag_part(tag: str) -> str:
    """Return what stands in the column of tags of each job that has this one."""
    name, equals, value = tag.partition("=")
    line = tag_line(name, value)
    return line if equals else line.removesuffix("\n")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _joined(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
