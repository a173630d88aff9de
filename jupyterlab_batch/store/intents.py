"""The SQL on submission keys; each function runs inside a transaction of the caller.

A key outlives the record of its job: it must never run anything again, whatever is forgotten.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

import msgspec

from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.records import JobRecord, time_to_text


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A submission key that is in use."""

    digest: str
    job_id: str
    record: JobRecord | None
    """``None`` if the record of the job was forgotten."""
    is_new: bool


def find(connection: sqlite3.Connection, key: str) -> Intent | None:
    """Return what a key was used for."""
    row = connection.execute("SELECT digest, job_id FROM intents WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    job_id: str = row["job_id"]
    record = jobs.get(connection, job_id)
    return Intent(digest=row["digest"], job_id=job_id, record=record, is_new=False)


def take(connection: sqlite3.Connection, record: JobRecord, digest: str) -> Intent:
    """Store a new job under its key, or find what the key was used for."""
    taken = connection.execute(
        "INSERT INTO intents (key, digest, job_id, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        (record.key, digest, record.id, time_to_text(record.created_at)),
    )
    known = None if taken.rowcount else find(connection, record.key)
    if known is not None:
        return known
    inserted = jobs.insert(connection, record)
    return Intent(digest=digest, job_id=record.id, record=inserted, is_new=True)


def release(connection: sqlite3.Connection, job_id: str) -> None:
    """Let the key of a job be used again."""
    connection.execute("DELETE FROM intents WHERE job_id = ?", (job_id,))


def purge(connection: sqlite3.Connection, before: datetime) -> int:
    """Let go of the keys of forgotten jobs that were submitted before a time; tell how many."""
    purged = connection.execute(
        "DELETE FROM intents WHERE created_at < ? AND job_id NOT IN (SELECT id FROM jobs)",
        (time_to_text(before),),
    )
    return purged.rowcount
