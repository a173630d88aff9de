"""The tables, and how an older store becomes a newer one.

No ``STRICT``: a home directory is shared by Pythons whose SQLite may be older than 3.37.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from jupyterlab_batch.domain.problems import StoreOfNewerVersion
from jupyterlab_batch.store import clusters, finding, taskorder

_FIRST: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "INSERT INTO meta (name, value) VALUES ('store_id', lower(hex(randomblob(16))))",
    "INSERT INTO meta (name, value) VALUES ('answers_since', '0')",
    """CREATE TABLE intents (
        key TEXT PRIMARY KEY,
        digest TEXT NOT NULL,
        job_id TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL
    )""",
    """CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        key TEXT NOT NULL,
        tag TEXT NOT NULL,
        nonce TEXT NOT NULL,
        gateway_id TEXT NOT NULL,
        native_id TEXT,
        name TEXT NOT NULL,
        name_folded TEXT NOT NULL,
        phase TEXT NOT NULL,
        job_group TEXT NOT NULL,
        substate TEXT,
        reason TEXT,
        reason_text TEXT,
        created_at TEXT NOT NULL,
        submitted_at TEXT,
        started_at TEXT,
        ended_at TEXT,
        queue TEXT,
        cores INTEGER NOT NULL,
        memory_bytes INTEGER NOT NULL,
        memory_peak_bytes INTEGER,
        walltime_seconds INTEGER NOT NULL,
        progress TEXT,
        outputs_count INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        spec TEXT NOT NULL,
        native_state TEXT,
        exit_code INTEGER,
        signal INTEGER,
        attempt INTEGER NOT NULL,
        elapsed_seconds REAL,
        cpu_seconds REAL,
        outputs TEXT NOT NULL,
        owner TEXT NOT NULL,
        account TEXT,
        run_directory TEXT NOT NULL,
        cancel_requested INTEGER NOT NULL,
        revision INTEGER NOT NULL UNIQUE
    )""",
    "CREATE INDEX jobs_group ON jobs (job_group, id)",
    "CREATE INDEX jobs_gateway ON jobs (gateway_id, id)",
    "CREATE INDEX jobs_native ON jobs (gateway_id, native_id)",
    "CREATE INDEX jobs_unseen ON jobs (revision) WHERE seen = 0",
    "CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL)",
    """CREATE TABLE drafts (
        key TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        content TEXT NOT NULL,
        updated_at TEXT NOT NULL
    )""",
)

_RESUBMISSION: Final = (
    "ALTER TABLE jobs ADD COLUMN resubmitted_from TEXT",
    "ALTER TABLE jobs ADD COLUMN source_path TEXT",
)

# What an older store forgot must not come back from its run directories: it counts as complete.
_REBUILDING: Final = (
    """INSERT INTO meta (name, value)
    SELECT 'taken_up_all', '1' WHERE EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'changes')
    """,
)

_ARRAYS: Final = (
    "ALTER TABLE jobs ADD COLUMN array TEXT",
    """CREATE TABLE tasks (
        job_id TEXT NOT NULL,
        task_index INTEGER NOT NULL,
        phase TEXT NOT NULL,
        reason TEXT,
        reason_text TEXT,
        started_at TEXT,
        ended_at TEXT,
        exit_code INTEGER,
        signal INTEGER,
        attempt INTEGER NOT NULL,
        elapsed_seconds REAL,
        cpu_seconds REAL,
        memory_peak_bytes INTEGER,
        native_id TEXT,
        PRIMARY KEY (job_id, task_index)
    ) WITHOUT ROWID""",
)

# Jobs of an older store have no tags; what they are like is known when they change again.
_TAGS: Final = (
    "ALTER TABLE jobs ADD COLUMN tags_folded TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE jobs ADD COLUMN likeness TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX jobs_likeness ON jobs (likeness, id) WHERE phase = 'COMPLETED'",
)

_ESTIMATES: Final = ("ALTER TABLE jobs ADD COLUMN estimated_start_at TEXT",)

_EVENTS: Final = (
    """CREATE TABLE events (
        number INTEGER PRIMARY KEY,
        job_id TEXT NOT NULL,
        at TEXT NOT NULL,
        phase TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        reason TEXT,
        reason_text TEXT
    )""",
    "CREATE INDEX events_job ON events (job_id, number)",
)

_PARTIAL_USAGE: Final = (
    "ALTER TABLE jobs ADD COLUMN is_usage_partial INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tasks ADD COLUMN is_usage_partial INTEGER NOT NULL DEFAULT 0",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    _FIRST,
    _RESUBMISSION,
    _REBUILDING,
    _ARRAYS,
    _TAGS,
    finding.INDICES,
    _ESTIMATES,
    _EVENTS,
    clusters.TABLES,
    taskorder.INDICES,
    _PARTIAL_USAGE,
)
"""Statements that lead from each ``user_version`` to the next."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a store to the newest schema, in one transaction.

    Raises
    ------
    StoreOfNewerVersion
        A newer version of the extension wrote it; it is left as it is.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
            raise StoreOfNewerVersion(
                f"The job store {path} was written by a newer version of jupyterlab-batch. It is "
                "left as it is, nothing was submitted, and running jobs go on. Install that "
                "version, or move the file away: a new store takes up all jobs that have a run "
                "directory. Then restart the Jupyter server."
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        if version < len(MIGRATIONS):
            # A PRAGMA takes no parameters; this is our own number.
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
