"""The SQL on what happened to jobs; each function runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import JobEvent
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.store.records import JobRecord, time_to_text

_MOST: Final = 1000
"""So many of a job are told, the last ones: one whose gateway comes and goes has no end of them."""
_INSERT: Final = (
    "INSERT INTO events (job_id, at, phase, attempt, reason, reason_text) VALUES (?, ?, ?, ?, ?, ?)"
)
_EXPLAIN: Final = (
    "UPDATE events SET reason = ?, reason_text = ?"
    " WHERE number = (SELECT MAX(number) FROM events WHERE job_id = ?)"
)


def known_events(record: JobRecord) -> Iterator[JobEvent]:
    """Yield what must have happened to a job of which only its present state is known."""
    phase = record.phase
    yield _event(replace(record, phase="PENDING"), record.created_at)
    if record.submitted_at is not None and phase != "PENDING":
        yield _event(replace(record, phase="QUEUED"), record.submitted_at)
    if record.started_at is not None and phase not in {"PENDING", "QUEUED", "HELD"}:
        yield _event(replace(record, phase="EXECUTING"), record.started_at)
    if phase not in {"PENDING", "QUEUED", "EXECUTING"} and record.ended_at is not None:
        yield _event(record, record.ended_at)


def insert(connection: sqlite3.Connection, record: JobRecord) -> None:
    """Note what is known of a new job."""
    for event in known_events(record):
        _put(connection, record.id, event)


def update(connection: sqlite3.Connection, before: JobRecord, after: JobRecord) -> None:
    """Note that a job came into another phase, or why it is over, if that is known only now."""
    if (before.phase, before.attempt) == (after.phase, after.attempt):
        if is_final(after.phase) and before.reason != after.reason:
            connection.execute(_EXPLAIN, (after.reason, after.reason_text, after.id))
        return
    now = datetime.now(timezone.utc)
    started = after.started_at
    if is_final(after.phase) and not _has_run(before, after) and started is not None:
        # It ran between two looks.
        _put(connection, after.id, _event(replace(after, phase="EXECUTING"), started))
    _put(connection, after.id, _event(after, _when(before, after) or now))


def listed(connection: sqlite3.Connection, job_id: str) -> list[JobEvent]:
    """Return what happened to a job, oldest first; of an older store nothing may be known."""
    found = connection.execute(
        "SELECT at, phase, attempt, reason, reason_text FROM events WHERE job_id = ?"
        " ORDER BY number DESC LIMIT ?",
        (job_id, _MOST),
    ).fetchall()
    rows = found[::-1]
    # Some batch systems count in whole seconds: nothing is earlier than what came before it.
    times = accumulate((datetime.fromisoformat(row["at"]) for row in rows), max)
    return [
        JobEvent(
            at=at,
            phase=row["phase"],
            attempt=row["attempt"],
            reason=row["reason"],
            reason_text=row["reason_text"],
        )
        for at, row in zip(times, rows, strict=True)
    ]


def delete(connection: sqlite3.Connection, job_id: str) -> None:
    """Forget what happened to a job."""
    connection.execute("DELETE FROM events WHERE job_id = ?", (job_id,))


def _has_run(before: JobRecord, after: JobRecord) -> bool:
    return before.attempt == after.attempt and before.phase in {"EXECUTING", "SUSPENDED"}


def _when(before: JobRecord, after: JobRecord) -> datetime | None:
    """Return when a job came into its phase, if the batch system tells."""
    if is_final(after.phase):
        return after.ended_at
    if after.phase == "EXECUTING":
        return None if _has_run(before, after) else after.started_at
    return after.submitted_at if before.phase == "PENDING" else None


def _event(record: JobRecord, at: datetime) -> JobEvent:
    is_present = is_final(record.phase) or record.phase in {"UNKNOWN", "HELD", "SUSPENDED"}
    return JobEvent(
        at=at,
        phase=record.phase,
        attempt=record.attempt,
        reason=record.reason if is_present else None,
        reason_text=record.reason_text if is_present else None,
    )


def _put(connection: sqlite3.Connection, job_id: str, event: JobEvent) -> None:
    at = time_to_text(event.at)
    row = (job_id, at, event.phase, event.attempt, event.reason, event.reason_text)
    connection.execute(_INSERT, row)
