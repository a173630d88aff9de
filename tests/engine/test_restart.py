"""Supervisors come and go; jobs stay."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sys
from pathlib import Path

import psutil

from jupyterlab_batch.engine.connection import EngineClient
from jupyterlab_batch.engine.protocol import Hello
from tests.engine.conftest import EngineFactory
from tests.engine.harness import TestEngine, TestJob, eventually, is_alive

GATED = ["sh", "-c", "echo up; cat gate; exit 5"]
STARTER = """
import asyncio, sys
from pathlib import Path
from tests.engine.harness import TestEngine

async def main():
    engine = TestEngine(Path(sys.argv[1]))
    gate = ["sh", "-c", "echo up; cat gate"]
    gated = await engine.run(gate, cores=2, working_directory=engine.root)
    await gated.wrote("up")
    queued = await engine.run(["true"])
    print(gated.native_id, queued.native_id, (await engine.supervisor()).pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def open_gate(engine: TestEngine) -> None:
    """Let the one go on that waits now."""
    os.close(os.open(engine.root / "gate", os.O_WRONLY))


async def gated_job(engine: TestEngine, **options: int) -> TestJob:
    """A job that runs until its gate is opened, and then ends with exit code 5."""
    if not (engine.root / "gate").exists():
        os.mkfifo(engine.root / "gate")
    job = await engine.run(GATED, working_directory=engine.root, **options)
    await job.wrote("up")
    return job


async def test_of_ten_started_at_once_one_stays(make_engine: EngineFactory) -> None:
    engine = make_engine()
    options = engine.gateway._client._options
    clients = [EngineClient(options) for _ in range(10)]
    replies = await asyncio.gather(
        *(client.ask(lambda number: Hello(number=number)) for client in clients)
    )
    assert len({reply.pid for reply in replies}) == 1
    for client in clients:
        client.close()


async def test_one_that_is_just_leaving_is_waited_for(engine: TestEngine) -> None:
    """It has taken its socket away and still holds the lock."""
    state = engine.root / "state"
    state.mkdir(mode=0o700)
    lock = os.open(state, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    asking = asyncio.create_task(engine.supervisor())

    def is_waiting() -> bool:
        """Tell whether the new one has left its starter, and tries to get the lock."""
        words = [one.cmdline() for one in psutil.Process().children(recursive=True)]
        return asking.done() or sum(str(state) in one for one in words) == 2

    await eventually(is_waiting, "nobody was started")
    os.close(lock)
    assert is_alive(await asking)


async def test_it_outlives_process_group_and_session_of_its_starter(engine: TestEngine) -> None:
    os.mkfifo(engine.root / "gate")
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTER, str(engine.root)),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    )
    assert starter.stdout is not None
    gated, queued, pid = (await starter.stdout.readline()).decode().split()
    assert os.getsid(int(pid)) not in (starter.pid, os.getsid(0))
    for number in (signal.SIGHUP, signal.SIGKILL):
        os.killpg(starter.pid, number)
    await starter.wait()
    supervisor = await engine.supervisor()
    assert supervisor.pid == int(pid)
    open_gate(engine)
    for native_id in (gated, queued):
        end = await engine.asked(native_id, lambda one: one.ended_at is not None)
        assert end.phase == "COMPLETED"


async def test_after_kill_9_jobs_go_on_and_how_they_end_is_known(engine: TestEngine) -> None:
    running = await gated_job(engine)
    wrapper = running.status.pid if running.status else 0
    queued = await engine.run(["sh", "-c", "echo second"], cores=2)
    last = await engine.run(["sh", "-c", "echo third"])
    await engine.kill_supervisor()
    assert psutil.pid_exists(wrapper)
    assert (await engine.asked(running.native_id, lambda seen: True)).phase == "EXECUTING"
    assert (await engine.asked(queued.native_id, lambda seen: True)).phase == "QUEUED"
    open_gate(engine)
    end = await engine.end(running)
    assert (end.phase, end.reason, end.exit_code) == ("ERROR", "exit_nonzero", 5)
    for job in (queued, last):
        assert (await engine.end(job)).phase == "COMPLETED"
    assert (queued.stdout, last.stdout) == ("second\n", "third\n")
    assert running.stdout == "up\n"


async def test_a_job_that_ended_meanwhile_is_known_by_what_it_wrote(engine: TestEngine) -> None:
    job = await gated_job(engine)
    await engine.kill_supervisor()
    open_gate(engine)
    await eventually(lambda: job.processes() == [], "the job lives")
    end = await engine.end(job)
    assert (end.phase, end.exit_code) == ("ERROR", 5)


async def test_without_a_trace_it_is_lost_and_not_run_again(engine: TestEngine) -> None:
    job = await gated_job(engine)
    await engine.kill_supervisor()
    for process in job.processes():
        process.kill()
    await eventually(lambda: job.processes() == [], "the job lives")
    end = await engine.end(job)
    assert (end.phase, end.reason, end.exit_code) == ("ERROR", "lost", None)
    assert job.stdout == "up\n"


async def test_a_job_that_was_taken_over_keeps_its_limits(make_engine: EngineFactory) -> None:
    engine = make_engine(grace_seconds=0.3)
    cancelled = await gated_job(engine)
    timed = await engine.run(["sh", "-c", "trap '' TERM; echo up; sleep 1000"], walltime_seconds=2)
    await timed.wrote("up")
    await engine.kill_supervisor()
    await engine.gateway.cancel(cancelled.native_id)
    end = await engine.end(cancelled)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    end = await engine.end(timed)
    assert (end.phase, end.reason) == ("ERROR", "walltime")
    assert cancelled.processes() == timed.processes() == []


async def test_a_kill_of_the_supervisor_amid_cancelling_finishes_it(
    make_engine: EngineFactory,
) -> None:
    engine = make_engine(grace_seconds=60.0)
    job = await engine.run(
        ["sh", "-c", "trap 'echo told' TERM; echo up; while :; do sleep 0.01; done"]
    )
    await job.wrote("up")
    await engine.gateway.cancel(job.native_id)
    await job.wrote("told")
    await engine.kill_supervisor()
    hasty = make_engine(grace_seconds=0.3)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert job.processes() == []


async def test_killed_again_and_again_nothing_runs_twice(engine: TestEngine) -> None:
    jobs = []
    for number in range(12):
        argv = ["sh", "-c", f"echo {number} >>count"]
        jobs.append(await engine.run(argv, working_directory=engine.root))
        if number % 3 == 0:
            await engine.kill_supervisor()
    for job in jobs:
        assert (await engine.end(job)).phase == "COMPLETED"
    count = (engine.root / "count").read_text(encoding="utf-8").split()
    assert sorted(map(int, count)) == list(range(12))


async def test_term_lets_jobs_go_on(engine: TestEngine) -> None:
    job = await gated_job(engine)
    supervisor = await engine.supervisor()
    supervisor.terminate()
    await eventually(lambda: not is_alive(supervisor), "it stays")
    assert job.processes() != []
    open_gate(engine)
    assert (await engine.end(job)).exit_code == 5


async def test_it_leaves_when_idle_and_remembers(make_engine: EngineFactory) -> None:
    engine = make_engine(idle_seconds=0.2)
    job = await gated_job(engine)
    supervisor = await engine.supervisor()
    engine.gateway._client.close()
    open_gate(engine)
    await eventually(lambda: not is_alive(supervisor), "it stays")
    assert not (engine.root / "state" / "supervisor.sock").exists()
    seen = await engine.asked(job.native_id, lambda one: True)
    assert (seen.phase, seen.exit_code) == ("ERROR", 5)
    assert (await engine.supervisor()).pid != supervisor.pid


async def test_a_queue_that_was_broken_costs_no_new_job(engine: TestEngine) -> None:
    await engine.end(await engine.run(["true"]))
    await engine.kill_supervisor()
    (engine.root / "state" / "jobs.sqlite").write_bytes(b"garbage" * 1000)
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"
    assert (engine.root / "state" / "jobs.sqlite.broken").exists()
