"""The supervisor's memory: what it was asked to run and how far that is.

It must outlive the supervisor, not the machine: nothing is synced to disk, and each boot has its
own file.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.protocol import JobRequest, JobState, boot_key, host_key

_KEEP_SECONDS: Final = 7 * 24 * 3600

_SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        native_id TEXT NOT NULL UNIQUE,
        tag TEXT NOT NULL UNIQUE,
        is_final INTEGER NOT NULL,
        changed_at REAL NOT NULL,
        record BLOB NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS task (
        array_id TEXT NOT NULL,
        task_index INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (array_id, task_index)
    )""",
)
_TASKS: Final = "SELECT record FROM task WHERE array_id = ? ORDER BY task_index"
_PUT_TASK: Final = "INSERT OR REPLACE INTO task (array_id, task_index, record) VALUES (?, ?, ?)"


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(timezone.utc)


class JobRecord(msgspec.Struct, kw_only=True):
    """One job, or one task of an array, with all that a later supervisor must know of it."""

    request: JobRequest
    state: JobState
    wrapper_pid: int | None = None
    wrapper_ticks: str | None = None
    ended_by: ReasonCode | None = None
    """Why we are ending it, from the moment that we began to."""
    ended_by_text: str | None = None
    array_id: str | None = None
    """Of a task: the native id of its array."""
    gpus: list[str] | None = None
    """Those that it has to itself while it runs; ``None`` on a machine without any."""

    def conclude(self, phase: Phase, reason: ReasonCode | None, text: str | None) -> None:
        """Say that it is over, and why."""
        self.state.phase, self.state.ended_at, self.state.substate = phase, now(), None
        self.state.reason, self.state.reason_text = reason, text


class _Told(msgspec.Struct):
    """What others are told of a record."""

    state: JobState


class JobQueue:
    """All jobs of this user, host and boot, in the order in which they came.

    Parameters
    ----------
    path
        A database that cannot be read is put aside as ``<path>.broken``: jobs that run are then
        found by what they wrote into their run directories, not by us.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._database = _open(path)
        except sqlite3.OperationalError:
            raise  # a full disk or the like: the file itself may be well
        except sqlite3.DatabaseError:
            path.replace(path.with_name(path.name + ".broken"))
            self._database = _open(path)
        self._prune()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def new_native_id(self) -> str:
        """Return an id that no other job of this user has, on any host and after any boot."""
        return f"{host_key()}-{boot_key()}-{secrets.token_hex(4)}"

    def put(self, *records: JobRecord) -> None:
        """Write jobs and tasks down, all or none."""
        self._database.execute("BEGIN")
        try:
            for record in records:
                self._put(record)
            self._database.execute("COMMIT")
        except BaseException:
            self._database.rollback()
            raise

    def _put(self, record: JobRecord) -> None:
        if record.array_id is not None:
            task = (record.array_id, record.state.index, msgspec.json.encode(record))
            self._database.execute(_PUT_TASK, task)
            return
        self._database.execute(
            "INSERT INTO job (native_id, tag, is_final, changed_at, record) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (native_id) DO UPDATE SET is_final = excluded.is_final,"
            " changed_at = excluded.changed_at, record = excluded.record",
            (
                record.state.native_id,
                record.state.tag,
                is_final(record.state.phase),
                time.time(),
                msgspec.json.encode(record),
            ),
        )

    def find(self, tag: str) -> JobRecord | None:
        """Return the job of a tag."""
        rows = self._select("WHERE tag = ?", tag)
        return rows[0] if rows else None

    def get(self, native_id: str) -> JobRecord | None:
        """Return one job."""
        rows = self._select("WHERE native_id = ?", native_id)
        return rows[0] if rows else None

    def unfinished(self) -> list[JobRecord]:
        """Return the jobs that are not over, oldest first."""
        return self._select("WHERE NOT is_final")

    def tasks(self, array_id: str) -> list[JobRecord]:
        """Return the tasks of an array that ever started or were cancelled, by index."""
        rows = self._database.execute(_TASKS, (array_id,))
        return [msgspec.json.decode(row[0], type=JobRecord) for row in rows]

    def task_states(self, array_id: str) -> list[JobState]:
        """Return the same, without what only a supervisor has to know."""
        rows = self._database.execute(_TASKS, (array_id,))
        return [msgspec.json.decode(row[0], type=_Told).state for row in rows]

    def _select(self, where: str, *values: str) -> list[JobRecord]:
        rows = self._database.execute(f"SELECT record FROM job {where} ORDER BY number", values)  # noqa: S608 -- only our own literals
        return [msgspec.json.decode(row[0], type=JobRecord) for row in rows]

    def _prune(self) -> None:
        """Forget jobs that have been over for a week: the store keeps the history, not we.

        None is forgotten while another one is left that may wait for it.
        """
        self._database.execute(
            "DELETE FROM job WHERE changed_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM job WHERE NOT is_final)",
            (time.time() - _KEEP_SECONDS,),
        )
        self._database.execute("DELETE FROM task WHERE array_id NOT IN (SELECT native_id FROM job)")


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; jobs of another boot ended with it, and their processes are not ours."""
    database = sqlite3.connect(path, isolation_level=None)
    path.chmod(0o600)
    database.execute("PRAGMA synchronous = OFF")
    for statement in _SCHEMA:
        database.execute(statement)
    database.execute("SELECT count(*) FROM job").fetchone()
    boot = int(boot_key(), 16)
    if database.execute("PRAGMA user_version").fetchone()[0] != boot:
        database.execute("DELETE FROM job")
        database.execute("DELETE FROM task")
        database.execute(f"PRAGMA user_version = {boot}")
    return database
