"""The SQL on drafts; each function runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Draft
from jupyterlab_batch.domain.problems import TooManyDrafts
from jupyterlab_batch.store.records import time_to_text

MAX_DRAFTS: Final = 20
_SELECT = """SELECT drafts.key, title, content, updated_at,
    intents.key AS sent_key, jobs.id AS job_id
    FROM drafts LEFT JOIN intents ON intents.key = drafts.key
    LEFT JOIN jobs ON jobs.id = intents.job_id """


def listed(connection: sqlite3.Connection) -> list[Draft]:
    """Return all drafts, newest first."""
    return [_draft(row) for row in connection.execute(_SELECT + "ORDER BY updated_at DESC")]


def get(connection: sqlite3.Connection, key: str) -> Draft | None:
    """Return one draft."""
    row = connection.execute(_SELECT + "WHERE drafts.key = ?", (key,)).fetchone()
    return _draft(row) if row else None


def put(
    connection: sqlite3.Connection, key: str, *, title: str, content: str, now: datetime
) -> Draft | None:
    """Keep a draft; the oldest that was never sent makes room for a new one.

    Raises
    ------
    TooManyDrafts
        The keys of all others were sent.
    """
    connection.execute(
        """INSERT INTO drafts (key, title, content, updated_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET
            title = excluded.title, content = excluded.content, updated_at = excluded.updated_at""",
        (key, title, content, time_to_text(now)),
    )
    (count,) = connection.execute("SELECT COUNT(*) FROM drafts").fetchone()
    if count > MAX_DRAFTS:
        _evict_oldest(connection, key)
    return get(connection, key)


def delete(connection: sqlite3.Connection, key: str) -> bool:
    """Throw a draft away; tell whether there was one."""
    return connection.execute("DELETE FROM drafts WHERE key = ?", (key,)).rowcount > 0


def _evict_oldest(connection: sqlite3.Connection, newest: str) -> None:
    evicted = connection.execute(
        """DELETE FROM drafts WHERE key = (
            SELECT key FROM drafts
            WHERE key != ? AND key NOT IN (SELECT key FROM intents)
            ORDER BY updated_at LIMIT 1)""",
        (newest,),
    )
    if not evicted.rowcount:
        raise TooManyDrafts(
            f"{MAX_DRAFTS} drafts are kept and all of them were sent. Nothing was thrown away. "
            "Delete one, then try again."
        )


def _draft(row: sqlite3.Row) -> Draft:
    return Draft(
        key=row["key"],
        title=row["title"],
        content=msgspec.json.decode(row["content"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        sent=row["sent_key"] is not None,
        job_id=row["job_id"],
    )
