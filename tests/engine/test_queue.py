"""Who starts when, and what the supervisor remembers."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime, timezone
from pathlib import Path

import pytest

from jupyterlab_batch.engine.protocol import JobRequest, JobState
from jupyterlab_batch.engine.queue import JobQueue, JobRecord
from tests.engine.conftest import EngineFactory
from tests.engine.harness import MB, TestEngine, TestJob

WAITS = ["sh", "-c", 'echo "$BATCH_JOB_ID" >>order; cat gate']
NOTES = ["sh", "-c", 'echo "$BATCH_JOB_ID" >>order']


def open_gate(engine: TestEngine) -> None:
    """Let those go on that wait now."""
    os.close(os.open(engine.root / "gate", os.O_WRONLY))


def order(engine: TestEngine) -> list[str]:
    return (engine.root / "order").read_text(encoding="utf-8").split()


async def test_first_come_first_served_and_nobody_overtakes(engine: TestEngine) -> None:
    os.mkfifo(engine.root / "gate")
    first = await engine.run(WAITS, working_directory=engine.root)
    large = await engine.run(NOTES, cores=2, working_directory=engine.root)
    small = await engine.run(NOTES, working_directory=engine.root)
    waiting = await engine.until(large, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "resources")
    assert waiting.reason_text == "Waiting for 2 free cores."
    behind = await engine.until(small, lambda seen: seen.reason is not None)
    assert (behind.phase, behind.reason) == ("QUEUED", "priority")
    open_gate(engine)
    ends = [await engine.end(job) for job in (first, large, small)]
    assert [end.phase for end in ends] == ["COMPLETED"] * 3
    assert order(engine) == [job.plan.job_id for job in (first, large, small)]
    assert all(end.reason is None for end in ends)


async def test_memory_is_shared_out_too(engine: TestEngine) -> None:
    os.mkfifo(engine.root / "gate")
    options = {"memory_bytes": 600 * MB, "working_directory": engine.root}
    first = await engine.run(WAITS, **options)
    second = await engine.run(NOTES, **options)
    waiting = await engine.until(second, lambda seen: seen.reason is not None)
    assert waiting.reason_text == "Waiting for 600 MB of free memory."
    open_gate(engine)
    assert (await engine.end(first)).phase == "COMPLETED"
    assert (await engine.end(second)).phase == "COMPLETED"


async def test_a_cancelled_one_never_starts_and_makes_room(engine: TestEngine) -> None:
    os.mkfifo(engine.root / "gate")
    await engine.run(WAITS, working_directory=engine.root)
    large = await engine.run(NOTES, cores=2, working_directory=engine.root)
    small = await engine.run(NOTES, working_directory=engine.root)
    await engine.gateway.cancel(large.native_id)
    end = await engine.end(large)
    assert (end.phase, end.reason, end.started_at) == ("ABORTED", "cancelled_by_user", None)
    assert (await engine.end(small)).phase == "COMPLETED"
    assert large.plan.job_id not in order(engine)
    assert not (large.plan.directory / "claim").exists()
    open_gate(engine)


async def test_to_cancel_what_is_over_or_unknown_changes_nothing(engine: TestEngine) -> None:
    job = await engine.run(["true"])
    end = await engine.end(job)
    await engine.gateway.cancel(job.native_id)
    await engine.gateway.cancel("0000-0000-nobody")
    assert await engine.gateway.look_at([job.native_id]) == [end]


async def test_two_hundred_quick_jobs_all_end_well_and_once(make_engine: EngineFactory) -> None:
    engine = make_engine(max_cores=8, max_memory_bytes=64 * 1024 * MB)

    async def submit(number: int) -> TestJob:
        argv = ["sh", "-c", f"echo {number} >>count"]
        return await engine.run(argv, memory_bytes=MB * 64, working_directory=engine.root)

    jobs = [await submit(number) for number in range(200)]
    for job in jobs:
        await engine.asked(job.native_id, lambda one: one.ended_at is not None)
    seen = await engine.gateway.look_at([job.native_id for job in jobs])
    assert {one.phase for one in seen} == {"COMPLETED"}
    count = (engine.root / "count").read_text(encoding="utf-8").split()
    assert sorted(map(int, count)) == list(range(200))


def make_record(number: int) -> JobRecord:
    return JobRecord(
        request=JobRequest(
            job_id=f"j{number}",
            tag=f"t{number}",
            name="n",
            run_directory="/",
            script_path="/x",
            stdout_path="/x",
            stderr_path="/x",
            cores=1,
            memory_bytes=1,
            walltime_seconds=1,
        ),
        state=JobState(
            native_id=f"n{number}", tag=f"t{number}", submitted_at=datetime.now(timezone.utc)
        ),
    )


def test_the_queue_is_read_again_in_order(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs.sqlite")
    records = [make_record(number) for number in range(12)]
    for record in records:
        queue.put(record)
    records[3].state.phase = "COMPLETED"
    queue.put(records[3])
    queue.close()
    assert (tmp_path / "jobs.sqlite").stat().st_mode & 0o777 == 0o600
    again = JobQueue(tmp_path / "jobs.sqlite")
    assert [again.get(f"n{number}") for number in range(12)] == records
    assert again.unfinished() == records[:3] + records[4:]
    assert again.find("t7") == again.get("n7") == records[7]
    assert again.find("x") is again.get("x") is None
    again.close()


def test_a_tag_is_never_taken_twice(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs.sqlite")
    queue.put(make_record(1))
    twin = make_record(1)
    twin.state.native_id = "n2"
    with pytest.raises(sqlite3.IntegrityError):
        queue.put(twin)
    queue.close()


def test_jobs_of_another_boot_are_not_taken_over(tmp_path: Path) -> None:
    queue = JobQueue(tmp_path / "jobs.sqlite")
    queue.put(make_record(1))
    queue.close()
    with sqlite3.connect(tmp_path / "jobs.sqlite") as database:
        (boot,) = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {boot ^ 1}")
    database.close()
    again = JobQueue(tmp_path / "jobs.sqlite")
    assert again.unfinished() == []
    assert again.get("n1") is None
    again.close()


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_queue_is_put_aside_not_lost(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jobs.sqlite").write_bytes(content)
    queue = JobQueue(tmp_path / "jobs.sqlite")
    queue.put(make_record(1))
    assert (tmp_path / "jobs.sqlite.broken").read_bytes() == content
    queue.close()


async def test_state_of_another_boot_or_host_is_a_node_that_failed(engine: TestEngine) -> None:
    job = await engine.run(["true"])
    await engine.end(job)
    host, boot, number = job.native_id.split("-")
    others = [f"{host}-zzzz-{number}", f"zzzz-{boot}-{number}", f"{host}-{boot}-{number[::-1]}x"]
    seen = {one.native_id: one for one in await engine.gateway.look_at(others)}
    assert (seen[others[0]].phase, seen[others[0]].reason) == ("ERROR", "node")
    assert "restarted" in (seen[others[0]].reason_text or "")
    assert (seen[others[1]].phase, seen[others[1]].reason) == ("UNKNOWN", "node")
    assert others[2] not in seen
