"""The SQL that takes up jobs from run directories; each function runs inside a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.store import intents, jobs, tasks
from jupyterlab_batch.store.records import JobRecord, time_to_text
from jupyterlab_batch.store.tasks import TaskRecord

_ALL: Final = "taken_up_all"
_ONE: Final = "taken_up:"


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """A job as its run directory tells it."""

    record: JobRecord
    digest: str
    tasks: Sequence[TaskRecord] = ()
    """Of an array: those that ever started."""
    is_key_free: bool
    """It was given up before it ran: its key may be sent again."""


def is_taken_up(connection: sqlite3.Connection, run_root: Path) -> bool:
    """Tell whether the store knows all jobs whose run directories are below a folder."""
    row = connection.execute(
        "SELECT 1 FROM meta WHERE name IN (?, ?)", (_ALL, f"{_ONE}{run_root}")
    ).fetchone()
    return row is not None


def intent_of(
    connection: sqlite3.Connection, run_roots: Sequence[Path], key: str
) -> tuple[bool, intents.Intent | None]:
    """Tell whether the store knows all jobs of some folders, and what a key was used for."""
    are_taken_up = all(is_taken_up(connection, root) for root in run_roots)
    return are_taken_up, intents.find(connection, key)


def take_up(connection: sqlite3.Connection, run_root: Path, found: Sequence[Remembered]) -> int:
    """Add the jobs that are not known, with their keys, and remember that it was done."""
    taken = sum(_take(connection, one) for one in found)
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES (?, '1')", (f"{_ONE}{run_root}",)
    )
    return taken


def _take(connection: sqlite3.Connection, one: Remembered) -> bool:
    record = one.record
    known = connection.execute(
        "SELECT 1 FROM intents WHERE job_id = ? UNION ALL SELECT 1 FROM jobs WHERE id = ?",
        (record.id, record.id),
    ).fetchone()
    if known is not None:
        return False
    if not one.is_key_free:
        if intents.find(connection, record.key) is not None:
            return False
        connection.execute(
            "INSERT INTO intents (key, digest, job_id, created_at) VALUES (?, ?, ?, ?)",
            (record.key, one.digest, record.id, time_to_text(record.created_at)),
        )
    jobs.insert(connection, record)
    tasks.put(connection, record.id, one.tasks)
    return True
