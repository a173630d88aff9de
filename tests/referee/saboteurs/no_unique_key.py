"""A server that does not know a key again."""

from __future__ import annotations

import sqlite3

from jupyterlab_batch.service import submit
from jupyterlab_batch.service.submit import Order, Submitter, Taken
from jupyterlab_batch.store import intents, jobs
from jupyterlab_batch.store.intents import Intent
from jupyterlab_batch.store.records import JobRecord, time_to_text


def _take(connection: sqlite3.Connection, record: JobRecord, digest: str) -> Intent:
    connection.execute(
        "INSERT OR REPLACE INTO intents (key, digest, job_id, created_at) VALUES (?, ?, ?, ?)",
        (record.key, digest, record.id, time_to_text(record.created_at)),
    )
    inserted = jobs.insert(connection, record)
    return Intent(digest=digest, job_id=record.id, record=inserted, is_new=True)


async def _find(_: Submitter, key: str, digest: str) -> Taken | None:
    assert key and digest
    return None


async def _submit_at_once(submitter: Submitter, order: Order, *, key: str, anyway: bool) -> Taken:
    return await submitter._submit(order, key=key, anyway=anyway)


def _load_jupyter_server_extension(_: object) -> None:
    assert submit.Submitter is Submitter
    intents.take = _take
    Submitter.find = _find  # type: ignore[method-assign, assignment]  # this is the sabotage
    Submitter.take = _submit_at_once  # type: ignore[method-assign, assignment]  # this is the sabotage
