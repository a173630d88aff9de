"""Put jobs that are over into a store, to see how much it bears.

Usage: python scripts/fill_store.py FILE COUNT. The server may be running.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from jupyterlab_batch.domain.generated import CommandTask, JobSpec, Resources
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.database import Database
from jupyterlab_batch.store.records import JobRecord


def record(number: int, now: datetime) -> JobRecord:
    """Return one job of many: every tenth failed, and that was seen."""
    failed = number % 10 == 0
    created = now - timedelta(seconds=number)
    return JobRecord(
        id=new_job_id(created),
        key=secrets.token_urlsafe(16),
        tag=f"jlb:{number}",
        nonce=secrets.token_urlsafe(16),
        gateway_id="local",
        native_id=str(number),
        name=f"night-{number:05d}",
        phase="ERROR" if failed else "COMPLETED",
        reason="exit_nonzero" if failed else None,
        reason_text="Ended with exit code 1" if failed else None,
        created_at=created,
        submitted_at=created,
        started_at=created,
        ended_at=now,
        cores=1,
        memory_bytes=1 << 30,
        walltime_seconds=3600,
        spec=JobSpec(
            name=f"night-{number:05d}",
            task=CommandTask(argv=["true"]),
            resources=Resources(cores=1, memory_bytes=1 << 30, walltime_seconds=3600),
        ),
        exit_code=1 if failed else 0,
        owner="nobody",
        run_directory="/nowhere",
        seen=True,
    )


async def fill(path: Path, count: int) -> None:
    """Insert in one transaction."""
    database = Database(path)
    now = datetime.now(timezone.utc)

    def work(connection: sqlite3.Connection) -> None:
        for number in range(count):
            jobs.insert(connection, record(number, now))

    await database.write(work)
    database.close()


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2])))
