"""The SQL on jobs and their change log; each function runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import JobCounts, JobEvent, Phase
from jupyterlab_batch.domain.phases import FINAL_PHASES, JOB_GROUPS
from jupyterlab_batch.domain.problems import StoreChanged
from jupyterlab_batch.store import events, tasks
from jupyterlab_batch.store.finding import JobFilter, Order, count_phases, find
from jupyterlab_batch.store.records import (
    COLUMNS,
    JobRecord,
    columns_of,
    record_of,
    time_to_text,
)

Change = Callable[[JobRecord], Mapping[str, Any]]
"""From a job as it is to the fields that become different; none to leave it alone."""

KEPT_CHANGES: Final = 10_000
CHANGES_AT_ONCE: Final = 200
FINISHED_SINCE: Final = (
    "SELECT COUNT(*) FROM jobs INDEXED BY jobs_by_ended"
    " WHERE ended_at >= ? AND job_group = 'finished'"
)
COUNT_GROUPS: Final = "SELECT job_group, COUNT(*) FROM jobs GROUP BY job_group"
_NAMES = (*COLUMNS, "job_group", "name_folded", "tags_folded", "likeness")
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM jobs "  # noqa: S608 -- our own names of columns
_INSERT = f"INSERT INTO jobs ({', '.join(_NAMES)}) VALUES ({', '.join(':' + n for n in _NAMES)})"  # noqa: S608 -- our own names of columns
_UPDATE = f"UPDATE jobs SET {', '.join(f'{n} = :{n}' for n in _NAMES)} WHERE id = :id"  # noqa: S608 -- our own names of columns


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Some jobs in order, with what is true of all of them at that moment."""

    seq: int
    gateways_seq: int
    clusters_seq: int
    total: int
    counts: JobCounts
    finished_today: int | None
    phases: dict[Phase, int]
    records: list[JobRecord]
    more: bool


def latest_seq(connection: sqlite3.Connection) -> int:
    """Return the number of the last change."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
    return int(row[0]) if row else 0


def append_change(connection: sqlite3.Connection, job_id: str) -> int:
    """Write one line of the change log and return its number; forget lines that are too old."""
    seq = connection.execute("INSERT INTO changes (job_id) VALUES (?)", (job_id,)).lastrowid
    if seq is None:
        raise sqlite3.DatabaseError("an insert returned no row id")
    if seq % 1000 == 0:
        connection.execute("DELETE FROM changes WHERE seq <= ?", (seq - KEPT_CHANGES,))
        _answer_only_since(connection, seq - KEPT_CHANGES)
    return seq


def note_gateways(connection: sqlite3.Connection) -> None:
    """Number a change of how a gateway is, so that who follows the changes hears of it."""
    seq = append_change(connection, "")
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('gateways_seq', ?)", (str(seq),)
    )


def gateways_seq(connection: sqlite3.Connection) -> int:
    """Return the number of the last change of how a gateway is; 0 if there was none."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'gateways_seq'").fetchone()
    return int(row[0]) if row else 0


def note_cluster(connection: sqlite3.Connection, cluster_id: str) -> int:
    """Number a change of a Dask cluster, so that who follows the changes hears of it."""
    seq = append_change(connection, cluster_id)
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('clusters_seq', ?)", (str(seq),)
    )
    return seq


def clusters_seq(connection: sqlite3.Connection) -> int:
    """Return the number of the last change of a cluster; 0 if there was none."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'clusters_seq'").fetchone()
    return int(row[0]) if row else 0


def insert(connection: sqlite3.Connection, record: JobRecord) -> JobRecord:
    """Add a job."""
    record = replace(record, revision=append_change(connection, record.id))
    connection.execute(_INSERT, columns_of(record))
    events.insert(connection, record)
    return record


def delete(connection: sqlite3.Connection, job_id: str) -> None:
    """Remove the record of a job.

    A change cannot say *gone*, so whoever may have seen the job is made to list again.
    """
    tasks.delete(connection, job_id)
    events.delete(connection, job_id)
    if connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,)).rowcount:
        _answer_only_since(connection, append_change(connection, job_id))


def get(connection: sqlite3.Connection, job_id: str) -> JobRecord | None:
    """Return one job."""
    row = connection.execute(_SELECT + "WHERE id = ?", (job_id,)).fetchone()
    return record_of(row) if row else None


def get_native(connection: sqlite3.Connection, gateway_id: str, native_id: str) -> JobRecord | None:
    """Return the newest job of that native id; schedulers number from 1 again some day."""
    row = connection.execute(
        _SELECT + "WHERE gateway_id = ? AND native_id = ? ORDER BY id DESC LIMIT 1",
        (gateway_id, native_id),
    ).fetchone()
    return record_of(row) if row else None


def happened(connection: sqlite3.Connection, job_id: str) -> list[JobEvent]:
    """Return what happened to a job, oldest first; nothing of one that is not known."""
    record = get(connection, job_id)
    if record is None:
        return []
    return events.listed(connection, job_id) or list(events.known_events(record))


def update(
    connection: sqlite3.Connection, job_id: str, change: Change, *, are_tasks_other: bool = False
) -> JobRecord | None:
    """Change a job if that makes a difference, or one of its tasks did, and return it then."""
    record = get(connection, job_id)
    if record is None:
        return None
    changed = replace(record, **change(record))
    if changed == record and not are_tasks_other:
        return record
    if changed.phase == "ERROR" and record.phase != "ERROR":
        changed = replace(changed, seen=False)
    changed = replace(changed, revision=append_change(connection, job_id))
    connection.execute(_UPDATE, columns_of(changed))
    events.update(connection, record, changed)
    return changed


def active(connection: sqlite3.Connection) -> list[JobRecord]:
    """Return all jobs that are not over."""
    marks = ", ".join("?" * len(FINAL_PHASES))
    query = _SELECT + f"WHERE phase NOT IN ({marks})"
    return [record_of(row) for row in connection.execute(query, tuple(FINAL_PHASES))]


def phases(connection: sqlite3.Connection, job_ids: Sequence[str]) -> dict[str, Phase]:
    """Return the phases of those jobs that are known."""
    found: dict[str, Phase] = {}
    for job_id in job_ids:
        row = connection.execute("SELECT phase FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is not None:
            found[job_id] = row[0]
    return found


def counts(connection: sqlite3.Connection) -> JobCounts:
    """Return how many jobs are in each group."""
    found = connection.execute(COUNT_GROUPS)
    return JobCounts(**{**dict.fromkeys(JOB_GROUPS, 0), **{name: n for name, n in found}})


def finished_since(connection: sqlite3.Connection, moment: datetime | None) -> int | None:
    """Return how many of the finished jobs ended since then; ``None`` if that is not asked."""
    if moment is None:
        return None
    row = connection.execute(FINISHED_SINCE, (time_to_text(moment),)).fetchone()
    return int(row[0])


def window(
    connection: sqlite3.Connection,
    chosen: JobFilter,
    order: Order,
    *,
    limit: int,
    day_start: datetime | None = None,
) -> Window:
    """Return the jobs of a filter in an order."""
    ids = find(connection, chosen, order, limit + 1)
    by_phase = count_phases(connection, chosen)
    shown = chosen.phases or by_phase
    return Window(
        seq=latest_seq(connection),
        gateways_seq=gateways_seq(connection),
        clusters_seq=clusters_seq(connection),
        total=sum(count for phase, count in by_phase.items() if phase in shown),
        counts=counts(connection),
        finished_today=finished_since(connection, day_start),
        phases=by_phase,
        records=_get_all(connection, ids[:limit]),
        more=len(ids) > limit,
    )


def _get_all(connection: sqlite3.Connection, ids: Sequence[str]) -> list[JobRecord]:
    """Return jobs in the order of their ids as given."""
    query = _SELECT + f"WHERE id IN ({', '.join('?' * len(ids))})"
    found = {row["id"]: row for row in connection.execute(query, list(ids))}
    return [record_of(found[job_id]) for job_id in ids]


def changes_since(
    connection: sqlite3.Connection, since: int, day_start: datetime | None = None
) -> Window:
    """Return each job that changed after a number once, as it is now.

    Raises
    ------
    StoreChanged
        The number is older than what we can answer, or newer than the store.
    """
    latest = latest_seq(connection)
    oldest = int(
        connection.execute("SELECT value FROM meta WHERE name = 'answers_since'").fetchone()[0]
    )
    if not oldest <= since <= latest:
        raise StoreChanged("The list is too old to be brought up to date. List the jobs again.")
    query = _SELECT + "WHERE revision > ? ORDER BY revision LIMIT ?"
    rows = connection.execute(query, (since, CHANGES_AT_ONCE + 1)).fetchall()
    records = [record_of(row) for row in rows[:CHANGES_AT_ONCE]]
    more = len(rows) > CHANGES_AT_ONCE
    return Window(
        seq=records[-1].revision if more else latest,
        gateways_seq=gateways_seq(connection),
        clusters_seq=clusters_seq(connection),
        total=len(records),
        counts=counts(connection),
        finished_today=finished_since(connection, day_start),
        phases={},
        records=records,
        more=more,
    )


def mark_seen(connection: sqlite3.Connection, through_seq: int) -> JobCounts:
    """Mark the jobs that were over by a change as seen, and return the counts afterwards."""
    marks = ", ".join("?" * len(FINAL_PHASES))
    found = connection.execute(
        f"SELECT id FROM jobs WHERE seen = 0 AND revision <= ? AND phase IN ({marks})",  # noqa: S608 -- question marks only
        (through_seq, *FINAL_PHASES),
    ).fetchall()
    for (job_id,) in found:
        update(connection, job_id, lambda _: {"seen": True})
    return counts(connection)


def _answer_only_since(connection: sqlite3.Connection, seq: int) -> None:
    connection.execute(
        "UPDATE meta SET value = ? WHERE name = 'answers_since' AND CAST(value AS INTEGER) < ?",
        (str(seq), seq),
    )
