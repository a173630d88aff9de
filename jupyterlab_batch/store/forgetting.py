"""The SQL that forgets jobs; each function runs inside a transaction of the caller.

Only the record goes. The key stays, and the run directory is the user's own.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final, Literal

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.records import JobRecord, time_to_text

AT_ONCE: Final = 500
"""So many are forgotten by age in one transaction: nobody else waits long for the store."""


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What came of forgetting one job."""

    outcome: Literal["ok", "not_final", "not_found"]
    record: JobRecord | None
    """The job as it was, or is."""


def forget(connection: sqlite3.Connection, job_id: str) -> Forgotten:
    """Remove the record of a job that is over."""
    record = jobs.get(connection, job_id)
    if record is None:
        return Forgotten(outcome="not_found", record=None)
    if not is_final(record.phase):
        return Forgotten(outcome="not_final", record=record)
    jobs.delete(connection, job_id)
    return Forgotten(outcome="ok", record=record)


def forget_before(connection: sqlite3.Connection, ended_before: datetime) -> int:
    """Remove some that ended before a time, and tell how many; a failure that nobody saw stays."""
    found = connection.execute(
        """SELECT id FROM jobs
        WHERE job_group = 'finished' AND COALESCE(ended_at, created_at) < ? LIMIT ?""",
        (time_to_text(ended_before), AT_ONCE),
    ).fetchall()
    for (job_id,) in found:
        jobs.delete(connection, job_id)
    return len(found)
