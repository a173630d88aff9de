"""The SQL on Dask clusters and their keys; each function runs inside a transaction of the caller.

They are few: each row is one JSON, with what is asked for beside it. ``settled`` is 0 of one that
is not over, 1 of one that is, 2 when what it left is removed too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.clusters import given_options, may_be
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.jobs import note_cluster
from jupyterlab_batch.store.records import time_to_text

Change = Callable[[ClusterRecord], Mapping[str, Any]]
"""From a cluster as it is to the fields that become different; none to leave it alone."""

TABLES: Final = (
    """CREATE TABLE clusters (
        id TEXT PRIMARY KEY,
        settled INTEGER NOT NULL,
        ended_at TEXT,
        record TEXT NOT NULL
    )""",
    "CREATE INDEX clusters_settled ON clusters (settled, id)",
    """CREATE TABLE cluster_intents (
        key TEXT PRIMARY KEY,
        digest TEXT NOT NULL,
        cluster_id TEXT NOT NULL UNIQUE,
        created_at TEXT NOT NULL
    )""",
)


class ClusterIntent(msgspec.Struct, frozen=True, kw_only=True):
    """A key that is in use."""

    digest: str
    record: ClusterRecord | None
    """``None`` if the record of the cluster was forgotten."""
    is_new: bool


def find(connection: sqlite3.Connection, key: str) -> ClusterIntent | None:
    """Return what a key was used for."""
    row = connection.execute(
        "SELECT digest, cluster_id FROM cluster_intents WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    record = get(connection, row["cluster_id"])
    return ClusterIntent(digest=row["digest"], record=record, is_new=False)


def take(connection: sqlite3.Connection, record: ClusterRecord, digest: str) -> ClusterIntent:
    """Store a new cluster under its key, or find what the key was used for."""
    known = find(connection, record.key)
    if known is not None:
        return known
    connection.execute(
        "INSERT INTO cluster_intents (key, digest, cluster_id, created_at) VALUES (?, ?, ?, ?)",
        (record.key, digest, record.id, time_to_text(record.created_at)),
    )
    return ClusterIntent(digest=digest, record=_put(connection, record), is_new=True)


def take_back(connection: sqlite3.Connection, cluster_id: str) -> None:
    """Remove a cluster that was definitely refused; its key is free again."""
    connection.execute("DELETE FROM cluster_intents WHERE cluster_id = ?", (cluster_id,))
    delete(connection, cluster_id)


def get(connection: sqlite3.Connection, cluster_id: str) -> ClusterRecord | None:
    """Return one cluster."""
    row = connection.execute("SELECT record FROM clusters WHERE id = ?", (cluster_id,)).fetchone()
    return None if row is None else msgspec.json.decode(row["record"], type=ClusterRecord)


def update(connection: sqlite3.Connection, cluster_id: str, change: Change) -> ClusterRecord | None:
    """Change a cluster if that makes a difference, and return it as it is then."""
    record = get(connection, cluster_id)
    if record is None:
        return None
    changed = msgspec.structs.replace(record, **change(record))
    return record if changed == record else _put(connection, changed)


def ids(connection: sqlite3.Connection) -> set[str]:
    """Return the ids of all clusters of which a record or a key is left."""
    rows = connection.execute(
        "SELECT id FROM clusters UNION SELECT cluster_id FROM cluster_intents"
    )
    return {row[0] for row in rows}


def native_ids(connection: sqlite3.Connection, gateway_id: str) -> set[str]:
    """Return which clusters of a gateway are known."""
    rows = connection.execute(
        "SELECT json_extract(record, '$.native_id') FROM clusters"
        " WHERE json_extract(record, '$.gateway_id') = ?",
        (gateway_id,),
    )
    return {row[0] for row in rows if row[0] is not None}


def may_be_awaited(connection: sqlite3.Connection, found: ClusterRecord) -> bool:
    """Tell whether a cluster may be one whose answer has not been read, or was lost."""
    options = given_options(found.spec)
    return any(
        one.gateway_id == found.gateway_id
        and one.native_id is None
        and not one.is_over
        and may_be(one.spec, one.created_at, options=options, created_at=found.created_at)
        for one in unsettled(connection)
    )


def unsettled(connection: sqlite3.Connection) -> list[ClusterRecord]:
    """Return all clusters that are not over, or left something that is to be removed."""
    rows = connection.execute("SELECT record FROM clusters WHERE settled < 2 ORDER BY id")
    return [msgspec.json.decode(row["record"], type=ClusterRecord) for row in rows]


def listed(connection: sqlite3.Connection, ended: int) -> list[ClusterRecord]:
    """Return all clusters that are not over and the last ones that are, newest first."""
    rows = connection.execute(
        """SELECT record FROM clusters WHERE settled = 0 OR id IN (
            SELECT id FROM clusters WHERE settled > 0 ORDER BY id DESC LIMIT ?
        ) ORDER BY id DESC""",
        (ended,),
    )
    return [msgspec.json.decode(row["record"], type=ClusterRecord) for row in rows]


def delete(connection: sqlite3.Connection, cluster_id: str) -> None:
    """Remove the record of a cluster; its key stays."""
    if connection.execute("DELETE FROM clusters WHERE id = ?", (cluster_id,)).rowcount:
        note_cluster(connection, cluster_id)


def forget_before(connection: sqlite3.Connection, ended_before: datetime) -> None:
    """Remove the records of clusters that ended before a time."""
    found = connection.execute(
        "SELECT id FROM clusters WHERE settled = 2 AND ended_at < ?",
        (time_to_text(ended_before),),
    ).fetchall()
    for (cluster_id,) in found:
        delete(connection, cluster_id)


def purge(connection: sqlite3.Connection, before: datetime) -> None:
    """Let go of the keys of forgotten clusters that are too old to come again."""
    connection.execute(
        "DELETE FROM cluster_intents WHERE created_at < ?"
        " AND cluster_id NOT IN (SELECT id FROM clusters)",
        (time_to_text(before),),
    )


def _put(connection: sqlite3.Connection, record: ClusterRecord) -> ClusterRecord:
    record = msgspec.structs.replace(record, revision=note_cluster(connection, record.id))
    ended_at = None if record.ended_at is None else time_to_text(record.ended_at)
    connection.execute(
        "INSERT OR REPLACE INTO clusters (id, settled, ended_at, record) VALUES (?, ?, ?, ?)",
        (
            record.id,
            int(record.is_over) + int(record.is_over and record.is_clean),
            ended_at,
            msgspec.json.encode(record).decode(),
        ),
    )
    return record
