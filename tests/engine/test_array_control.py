"""Arrays at work: how many run at a time, how they are held, cancelled and found again."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from functools import partial

import pytest

from jupyterlab_batch.domain.generated import IndexArray
from jupyterlab_batch.domain.problems import GatewayRefused
from tests.engine.conftest import EngineFactory
from tests.engine.disk import limit_writing
from tests.engine.harness import MB, TestEngine, TestJob, eventually

GATED = ["sh", "-c", "echo $BATCH_TASK_INDEX >>count; cat gate >/dev/null"]


@pytest.fixture
def wide(make_engine: EngineFactory) -> TestEngine:
    """An engine in which many small tasks could run at a time."""
    return make_engine(max_cores=16, grace_seconds=0.3)


def count(engine: TestEngine) -> list[int]:
    """Return which tasks have begun, each as often as it did."""
    path = engine.root / "count"
    return sorted(map(int, path.read_text().split())) if path.exists() else []


async def gated(engine: TestEngine, stop: int, max_running: int | None = None) -> TestJob:
    """Tasks that wait at one gate."""
    if not (engine.root / "gate").exists():
        os.mkfifo(engine.root / "gate")
    return await engine.run(
        GATED,
        array=IndexArray(start=0, stop=stop, max_running=max_running),
        memory_bytes=32 * MB,
        working_directory=engine.root,
    )


async def open_gate(engine: TestEngine, job: TestJob) -> None:
    """Let all tasks go on, whenever they come to the gate, until the job is over."""
    ending = asyncio.create_task(engine.end(job))
    while not ending.done():
        try:
            os.close(os.open(engine.root / "gate", os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody is there just now
            await asyncio.wait({ending}, timeout=0.01)
    await ending


async def by_phase(engine: TestEngine, job: TestJob) -> dict[str, list[int]]:
    (seen,) = await engine.gateway.look_at([job.native_id])
    found: dict[str, list[int]] = {}
    for task in seen.tasks:
        found.setdefault(task.phase, []).append(task.index if task.index is not None else -1)
    return {phase: sorted(indices) for phase, indices in found.items()}


async def test_no_more_run_than_max_running_and_others_pass(wide: TestEngine) -> None:
    job = await gated(wide, 5, max_running=2)
    await eventually(lambda: count(wide) == [0, 1], "not two began")
    other = await wide.run(["true"])
    assert (await wide.end(other)).phase == "COMPLETED"
    assert await by_phase(wide, job) == {"EXECUTING": [0, 1]}
    await open_gate(wide, job)
    assert count(wide) == [0, 1, 2, 3, 4, 5]
    assert await by_phase(wide, job) == {"COMPLETED": [0, 1, 2, 3, 4, 5]}


async def test_tasks_share_the_machine_and_the_queue_with_other_jobs(engine: TestEngine) -> None:
    job = await gated(engine, 4)
    await eventually(lambda: count(engine) == [0, 1], "not two began")
    behind = await engine.run(["true"])
    waiting = await engine.until(behind, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "priority")
    await open_gate(engine, job)
    assert (await engine.end(behind)).phase == "COMPLETED"


async def test_an_array_waits_until_its_first_task_starts(engine: TestEngine) -> None:
    first = await gated(engine, 1)
    job = await engine.run(["true"], array=IndexArray(start=0, stop=2))
    waiting = await engine.until(job, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason, waiting.started_at) == ("QUEUED", "resources", None)
    assert waiting.reason_text == "Waiting for 1 free core."
    await open_gate(engine, first)
    assert (await engine.end(job)).reason is None


async def test_some_tasks_are_cancelled_wherever_they_are(wide: TestEngine) -> None:
    job = await gated(wide, 5, max_running=2)
    await eventually(lambda: count(wide) == [0, 1], "not two began")
    await wide.gateway.cancel_tasks(job.native_id, [1, 3, 77])
    await eventually(lambda: count(wide) == [0, 1, 2], "the next one never began")
    assert (await by_phase(wide, job))["ABORTED"] == [1, 3]
    await open_gate(wide, job)
    assert count(wide) == [0, 1, 2, 4, 5]
    (end,) = await wide.gateway.look_at([job.native_id])
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert end.reason_text == "Cancelled; 4 of 6 tasks completed."
    tasks = {task.index: task for task in end.tasks}
    assert (tasks[1].reason_text, tasks[3].reason_text) == (
        "Cancelled.",
        "Cancelled before it started.",
    )
    assert tasks[3].started_at is None and tasks[3].ended_at is not None
    await wide.gateway.cancel_tasks(job.native_id, [0])
    assert await wide.gateway.look_at([job.native_id]) == [end]


async def test_a_cancelled_array_leaves_nothing_running_or_waiting(wide: TestEngine) -> None:
    job = await gated(wide, 99, max_running=3)
    await eventually(lambda: count(wide) == [0, 1, 2], "not three began")
    await wide.gateway.cancel(job.native_id)
    end = await wide.end(job)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert end.reason_text == "Cancelled; 0 of 100 tasks completed."
    assert await by_phase(wide, job) == {"ABORTED": [0, 1, 2]}
    assert job.processes() == []
    assert count(wide) == [0, 1, 2]


async def test_one_that_failed_before_is_not_hidden_by_cancelling(wide: TestEngine) -> None:
    job = await wide.run(
        ["sh", "-c", 'test "$BATCH_TASK_INDEX" = 1 || exit 3; echo up; sleep 1000'],
        array=IndexArray(start=0, stop=1),
    )
    out = job.task(1) / "stdout.log"
    await eventually(lambda: out.exists() and out.read_text() == "up\n", "never up")
    await wide.asked(job.native_id, lambda seen: any(one.phase == "ERROR" for one in seen.tasks))
    await wide.gateway.cancel(job.native_id)
    end = await wide.end(job)
    assert (end.phase, end.reason_text) == ("ERROR", "1 of 2 tasks failed.")


async def test_an_array_that_waits_can_be_held(engine: TestEngine) -> None:
    first = await gated(engine, 1)
    await eventually(lambda: count(engine) == [0, 1], "not two began")
    held = await engine.run(["true"], array=IndexArray(start=0, stop=2))
    await engine.gateway.hold(held.native_id)
    assert (await engine.phase(held, "HELD")).reason_text == "Held by you."
    with pytest.raises(GatewayRefused, match="started already"):
        await engine.gateway.hold(first.native_id)
    await engine.kill_supervisor()
    await open_gate(engine, first)
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"
    assert await by_phase(engine, held) == {}
    await engine.gateway.release(held.native_id)
    assert (await engine.end(held)).phase == "COMPLETED"


async def test_limits_are_for_each_task(wide: TestEngine) -> None:
    job = await wide.run(
        ["sh", "-c", 'test "$BATCH_TASK_INDEX" = 0 || sleep 1000'],
        array=IndexArray(start=0, stop=1),
        walltime_seconds=1,
    )
    end = await wide.end(job)
    assert (end.phase, end.reason) == ("ERROR", "tasks_failed")
    tasks = {task.index: task for task in (await wide.gateway.look_at([job.native_id]))[0].tasks}
    assert (tasks[0].phase, tasks[1].phase, tasks[1].reason) == ("COMPLETED", "ERROR", "walltime")
    assert job.processes() == []


async def test_killed_amid_an_array_nothing_runs_twice_and_nothing_is_lost(
    wide: TestEngine,
) -> None:
    job = await gated(wide, 11, max_running=3)
    await eventually(lambda: count(wide) == [0, 1, 2], "not three began")
    await wide.kill_supervisor()
    assert await by_phase(wide, job) == {"EXECUTING": [0, 1, 2]}
    assert count(wide) == [0, 1, 2]
    ending = asyncio.create_task(open_gate(wide, job))

    def has_grown(before: int) -> bool:
        return len(count(wide)) > before or ending.done()

    for _ in range(3):
        before = len(count(wide))
        await eventually(partial(has_grown, before), "no task began")
        await wide.kill_supervisor()
        assert len((await by_phase(wide, job)).get("EXECUTING", ())) <= 3
    await ending
    assert count(wide) == list(range(12))
    (end,) = await wide.gateway.look_at([job.native_id])
    assert (end.phase, end.reason) == ("COMPLETED", None)
    assert await by_phase(wide, job) == {"COMPLETED": list(range(12))}


async def test_tasks_that_ended_while_nobody_looked_are_known(wide: TestEngine) -> None:
    job = await wide.run(
        ["sh", "-c", "cat gate; exit $BATCH_TASK_INDEX"],
        array=IndexArray(start=0, stop=2),
        working_directory=wide.root,
        memory_bytes=32 * MB,
    )
    os.mkfifo(wide.root / "gate")
    await wide.asked(job.native_id, lambda seen: len(seen.tasks) == 3)
    await eventually(lambda: len(job.processes()) >= 6, "not all came to the gate")
    await wide.kill_supervisor()
    while job.processes():
        try:
            os.close(os.open(wide.root / "gate", os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            await asyncio.sleep(0.01)
    end = await wide.end(job)
    assert (end.phase, end.reason_text) == ("ERROR", "2 of 3 tasks failed.")
    (seen,) = await wide.gateway.look_at([job.native_id])
    assert {task.index: task.exit_code for task in seen.tasks} == {0: 0, 1: 1, 2: 2}


async def test_a_cancelled_array_stays_cancelled_over_a_kill(make_engine: EngineFactory) -> None:
    patient = make_engine(max_cores=16, grace_seconds=60.0)
    stubborn = "trap 'echo told' TERM; echo up; while :; do sleep 0.01; done"
    job = await patient.run(
        ["sh", "-c", stubborn], array=IndexArray(start=0, stop=50, max_running=2)
    )
    logs = [job.task(index) / "stdout.log" for index in range(2)]

    def say(text: str) -> bool:
        return all(log.exists() and text in log.read_text() for log in logs)

    await eventually(lambda: say("up"), "never up")
    await patient.gateway.cancel(job.native_id)
    await eventually(lambda: say("told"), "never told")
    await patient.kill_supervisor()
    hasty = make_engine(max_cores=16, grace_seconds=0.3)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert await by_phase(hasty, job) == {"ABORTED": [0, 1]}
    assert job.processes() == []


async def test_tasks_that_cannot_be_started_fail_and_hold_up_nobody(engine: TestEngine) -> None:
    first = await gated(engine, 1)
    await eventually(lambda: count(engine) == [0, 1], "not two began")
    job = await engine.run(["true"], array=IndexArray(start=0, stop=999))
    job.plan.directory.rename(engine.root / "elsewhere")
    behind = await engine.run(["true"])
    await open_gate(engine, first)
    end = await engine.end(job)
    assert (end.phase, end.reason_text) == ("ERROR", "1,000 of 1,000 tasks failed.")
    (seen,) = await engine.gateway.look_at([job.native_id])
    assert {task.reason for task in seen.tasks} == {"launch_failed"}
    assert not job.plan.directory.exists()
    assert (await engine.end(behind)).phase == "COMPLETED"


async def test_a_full_disk_costs_no_task(wide: TestEngine) -> None:
    job = await gated(wide, 5, max_running=2)
    await eventually(lambda: count(wide) == [0, 1], "not two began")
    supervisor = await wide.supervisor()
    limit_writing(supervisor.pid, 0)
    ending = asyncio.create_task(open_gate(wide, job))
    await eventually(lambda: job.processes() == [], "the first two are still there")
    assert count(wide) == [0, 1]
    limit_writing(supervisor.pid, resource.RLIM_INFINITY)
    await ending
    assert count(wide) == [0, 1, 2, 3, 4, 5]
    assert await by_phase(wide, job) == {"COMPLETED": [0, 1, 2, 3, 4, 5]}


async def test_ten_thousand_tasks_are_taken_at_once(make_engine: EngineFactory) -> None:
    engine = make_engine(max_cores=2)
    supervisor = await engine.supervisor()
    before = supervisor.memory_full_info().uss
    started = time.perf_counter()
    job = await engine.run(["true"], array=IndexArray(start=0, stop=9_999), memory_bytes=32 * MB)
    seconds = time.perf_counter() - started
    await engine.asked(job.native_id, lambda seen: len(seen.tasks) > 10)
    grown = supervisor.memory_full_info().uss - before
    await engine.gateway.cancel_tasks(job.native_id, list(range(5_000, 10_000)))
    seen = await by_phase(engine, job)
    assert len(seen["ABORTED"]) == 5_000
    await engine.gateway.cancel(job.native_id)
    assert (await engine.end(job)).phase == "ABORTED"
    assert seconds < 2  # 20 ms on a machine that does nothing else
    assert grown < 20 * MB
