"""What a browser reads when 10 of 10,000 jobs have changed."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from bench.server import running_server
from bench.table import Row, milliseconds
from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.database import Database
from scripts.fill_store import fill

JOBS = 10_000
CHANGED = 10
ROUNDS = 50


def measure() -> list[Row]:
    """Fill a store, change some, ask."""
    with running_server() as server:
        asyncio.run(fill(server.store_path, JOBS))
        whole = server.get("jobs?limit=500")
        listed = whole.json()
        _change(server.store_path, [row["id"] for row in listed["rows"][:CHANGED]])
        endpoint = f"changes?since={listed['seq']}&store_id={listed['store_id']}"
        answers = [server.get(endpoint) for _ in range(ROUNDS)]
    found = len(answers[0].json()["rows"])
    if found != CHANGED:
        raise RuntimeError(f"{found} rows changed instead of {CHANGED}")
    size_kb = len(answers[0].body) / 1000
    p50_ms, _ = milliseconds([answer.elapsed_seconds for answer in answers])
    return [
        Row(
            f"refresh, {CHANGED} changes among {JOBS:,} jobs",
            f"{size_kb:.1f} kB, {p50_ms:.1f} ms",
            f"listing the first {len(listed['rows'])} again: {len(whole.body) / 1000:.0f} kB",
            "8 kB",
        )
    ]


def _change(store_path: Path, job_ids: list[str]) -> None:
    database = Database(store_path)

    def work(connection: sqlite3.Connection) -> None:
        for job_id in job_ids:
            jobs.update(connection, job_id, lambda _: {"native_state": "CHANGED"})

    asyncio.run(database.write(work))
    database.close()
