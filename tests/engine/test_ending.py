"""How jobs are ended, by us or by themselves, and that nothing of them is left."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from collections.abc import Iterator

import psutil
import pytest

from tests.engine.conftest import EngineFactory
from tests.engine.harness import MB, TestEngine, eventually

HIDING = """
import os, signal, subprocess, sys
mark = sys.argv[1]
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleep = ["sleep", mark]
subprocess.Popen(sleep)                                                # ignores TERM
subprocess.Popen(["nohup", *sleep], stdout=subprocess.DEVNULL)
subprocess.Popen(sleep, start_new_session=True)
subprocess.Popen(sleep, env={})                                        # carries no mark
subprocess.Popen(sleep, env={}, start_new_session=True)                # neither mark nor session
if os.fork() == 0:                                                     # a daemon
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", sleep)
    os._exit(0)
os.wait()
print("up", flush=True)
if "stay" in sys.argv:
    signal.pause()
"""
ALLOCATE = "x = bytearray({mb} * 2**20); x[::4096] = b'x' * len(x[::4096])\n"


def sleepers(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cmdline() == ["sleep", mark] and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def mark() -> Iterator[str]:
    """A number of seconds that no other process sleeps; whoever does at the end is ended."""
    number = f"9999.{secrets.randbelow(10**12)}"
    yield number
    for process in sleepers(number):
        process.kill()


@pytest.fixture
def hasty(make_engine: EngineFactory) -> TestEngine:
    """An engine with little patience."""
    return make_engine(grace_seconds=0.3)


def allocate(mb: int, then: str = "") -> list[str]:
    return [sys.executable, "-c", ALLOCATE.format(mb=mb) + then]


async def test_cancel_leaves_nothing_however_it_hides(hasty: TestEngine, mark: str) -> None:
    job = await hasty.run([sys.executable, "-c", HIDING, mark, "stay"])
    await job.wrote("up")
    await eventually(lambda: len(sleepers(mark)) == 6, "not all came up")
    await hasty.gateway.cancel(job.native_id)
    end = await hasty.end(job)
    assert (end.phase, end.reason, end.reason_text) == (
        "ABORTED",
        "cancelled_by_user",
        "Cancelled.",
    )
    assert sleepers(mark) == []
    assert job.processes() == []


async def test_what_stays_behind_is_ended_with_the_job(hasty: TestEngine, mark: str) -> None:
    job = await hasty.run([sys.executable, "-c", HIDING, mark])
    end = await hasty.end(job)
    assert end.phase == "COMPLETED"
    assert job.stdout == "up\n"
    assert job.processes() == []
    assert sleepers(mark) == []


async def test_a_job_may_number_what_it_starts(hasty: TestEngine) -> None:
    """By its mark alone is it found: it left session and parent before anybody looked."""
    other = await hasty.run(["sleep", "1000"])
    job = await hasty.run(["sh", "-c", "(BATCH_TASK_INDEX=7 setsid sleep 1000 &); exit 0"])
    assert (await hasty.end(job)).phase == "COMPLETED"
    assert job.processes() == []
    assert (await hasty.asked(other.native_id, lambda seen: True)).phase == "EXECUTING"


async def test_term_comes_first_and_the_job_may_save_its_work(engine: TestEngine) -> None:
    source = "trap 'echo saved; exit 9' TERM; echo up; while :; do sleep 0.01; done"
    job = await engine.run(["sh", "-c", source])
    await job.wrote("up")
    await engine.gateway.cancel(job.native_id)
    end = await engine.end(job)
    assert (end.phase, end.exit_code) == ("ABORTED", 9)
    assert job.stdout == "up\nsaved\n"


async def test_a_stopped_job_can_be_cancelled(engine: TestEngine) -> None:
    job = await engine.run(["sh", "-c", "echo up; kill -STOP $$; echo on; sleep 1000"])
    await job.wrote("up")
    await engine.gateway.cancel(job.native_id)
    assert (await engine.end(job)).phase == "ABORTED"
    assert job.processes() == []


async def test_the_time_limit_ends_it_with_its_reason(hasty: TestEngine) -> None:
    job = await hasty.run(["sh", "-c", "trap '' TERM; sleep 1000"], walltime_seconds=1)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ERROR", "walltime")
    assert end.reason_text == "The time limit of 1 s was reached."
    assert end.elapsed_seconds is not None
    assert 1 <= end.elapsed_seconds < 20
    assert job.processes() == []


async def test_the_memory_limit_is_for_all_processes_together(engine: TestEngine) -> None:
    part = ALLOCATE.format(mb=120) + "import time; time.sleep(1000)"
    source = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {part!r}])\n{part}"
    job = await engine.run([sys.executable, "-c", source], memory_bytes=200 * MB)
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("ERROR", "memory")
    assert job.processes() == []


async def test_shared_memory_is_not_counted_twice(engine: TestEngine) -> None:
    forks = (
        "import os, time\n[os.fork() == 0 and (time.sleep(1000), os._exit(0)) for _ in range(3)]\n"
        "print('forked', flush=True); time.sleep(1000)"
    )
    job = await engine.run(allocate(120, forks), memory_bytes=250 * MB)
    await job.wrote("forked")
    seen = await engine.asked(job.native_id, lambda one: (one.memory_peak_bytes or 0) > 120 * MB)
    assert seen.phase == "EXECUTING"
    assert (seen.memory_peak_bytes or 0) < 250 * MB
    await engine.gateway.cancel(job.native_id)
    assert (await engine.end(job)).reason == "cancelled_by_user"


async def test_peak_memory_and_cpu_time_are_about_right(engine: TestEngine) -> None:
    burn = "import time\nwhile time.process_time() < 1: pass\ndel x"
    end = await engine.end(await engine.run(allocate(200, burn)))
    assert end.phase == "COMPLETED"
    assert end.memory_peak_bytes is not None
    assert 200 * MB <= end.memory_peak_bytes < 260 * MB
    assert end.cpu_seconds is not None
    assert 1 <= end.cpu_seconds < 2
    assert end.elapsed_seconds is not None
    assert end.elapsed_seconds >= 1


async def test_what_was_used_while_no_supervisor_lived_is_at_least_what_was_seen(
    engine: TestEngine,
) -> None:
    gate = engine.root / "gate"
    os.mkfifo(gate)
    source = f"print('up', flush=True); open({str(gate)!r}).close()"
    job = await engine.run(allocate(200, source))
    await job.wrote("up")
    seen = await engine.asked(job.native_id, lambda one: (one.memory_peak_bytes or 0) > 200 * MB)
    assert not seen.is_usage_partial
    await engine.kill_supervisor()
    again = await engine.asked(job.native_id, lambda one: (one.memory_peak_bytes or 0) > 200 * MB)
    assert (again.phase, again.is_usage_partial) == ("EXECUTING", True)
    gate.write_bytes(b"")
    end = await engine.end(job)
    assert (end.phase, end.is_usage_partial) == ("COMPLETED", True)
    assert (end.memory_peak_bytes or 0) > 200 * MB


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGRTMIN + 3])
async def test_a_wrapper_that_is_killed_takes_its_job_along(hasty: TestEngine, number: int) -> None:
    job = await hasty.run(["sh", "-c", "trap '' TERM; echo up; sleep 1000"])
    await job.wrote("up")
    wrapper = job.status.pid if job.status else 0
    psutil.Process(wrapper).send_signal(number)
    end = await hasty.end(job)
    assert (end.phase, end.reason, end.signal) == ("ERROR", "signal", number)
    assert f"signal {number:d}" in (end.reason_text or "")
    assert job.processes() == []
