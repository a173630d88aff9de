"""Put jobs that are over into a store, to see how much it bears.

Usage: python scripts/fill_store.py FILE COUNT [TASKS]. The server may be running.
With TASKS there is one more job, `sky`, an array of so many.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from jupyterlab_batch.domain.generated import (
    CommandTask,
    IndexArray,
    JobSpec,
    Resources,
    TaskCounts,
)
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.store import jobs, tasks
from jupyterlab_batch.store.database import Database
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.tasks import TaskRecord


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


def array(size: int, now: datetime) -> JobRecord:
    """Return an array of which every thousandth task failed."""
    job = record(0, now)
    failed = len(range(0, size, 1000))
    return msgspec.structs.replace(
        job,
        name="sky",
        native_id="sky",
        tag="jlb:sky",
        reason="tasks_failed",
        reason_text=f"{failed:,} of {size:,} tasks failed.",
        array=TaskCounts(size=size, by_phase={"COMPLETED": size - failed, "ERROR": failed}),
        spec=JobSpec(
            name="sky",
            task=CommandTask(argv=["true"]),
            resources=job.spec.resources,
            array=IndexArray(start=0, stop=size - 1),
        ),
    )


def task(index: int, now: datetime) -> TaskRecord:
    """Return one task; each used another amount of memory and time."""
    failed = index % 1000 == 0
    return TaskRecord(
        index=index,
        phase="ERROR" if failed else "COMPLETED",
        reason="exit_nonzero" if failed else None,
        started_at=now - timedelta(hours=1),
        ended_at=now,
        exit_code=1 if failed else 0,
        elapsed_seconds=float(index * 7919 % 3600),
        cpu_seconds=float(index * 7919 % 3600) / 2,
        memory_peak_bytes=(index * 104_729) % (1 << 30),
    )


async def fill(path: Path, count: int, size: int = 0) -> None:
    """Insert in one transaction."""
    database = Database(path)
    now = datetime.now(timezone.utc)

    def work(connection: sqlite3.Connection) -> None:
        for number in range(count):
            jobs.insert(connection, record(number, now))
        if size:
            job = array(size, now)
            jobs.insert(connection, job)
            tasks.put(connection, job.id, (task(index, now) for index in range(size)))

    await database.write(work)
    database.close()


if __name__ == "__main__":
    file, *numbers = sys.argv[1:]
    asyncio.run(fill(Path(file), *map(int, numbers)))
