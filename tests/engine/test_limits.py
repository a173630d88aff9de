"""Limits hold for all processes of a job, wherever these went."""

from __future__ import annotations

import re
import secrets
import sys

import psutil
import pytest

from jupyterlab_batch.domain.generated import NotebookTask
from tests.engine.conftest import EngineFactory
from tests.engine.harness import MB, TestEngine, make_spec, write_notebook

# How a process gets away from the job that started it; each then is what its argument says.
SHELL_WAYS = {
    "a child": 'exec "$@"',
    "in the background": '"$@" & wait',
    "nohup": 'nohup "$@" >/dev/null 2>&1 & wait',
    "another session": 'setsid "$@"',
    "without its environment": 'env -i "$@"',
    "another session without its environment": 'env -i setsid "$@"',
    "a daemon": '(setsid "$@" &) & sleep 1000',
    "an orphan": '("$@" &) & sleep 1000',
}
TAKES = "import time\nx = bytearray({mb} * 2**20)\nx[::4096] = b'x' * len(x[::4096])\n"
STAYS = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
WAITS = "print('up', flush=True)\ntime.sleep(1000)"


@pytest.fixture
def hasty(make_engine: EngineFactory) -> TestEngine:
    """An engine with little patience."""
    return make_engine(grace_seconds=0.3)


def by_way(way: str, source: str) -> list[str]:
    return ["sh", "-c", SHELL_WAYS[way], "sh", sys.executable, "-c", source]


@pytest.mark.parametrize("way", SHELL_WAYS)
async def test_memory_is_counted_wherever_it_is_taken(hasty: TestEngine, way: str) -> None:
    job = await hasty.run(by_way(way, TAKES.format(mb=300) + WAITS), memory_bytes=200 * MB)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ERROR", "memory")
    assert job.processes() == []


@pytest.mark.parametrize("way", SHELL_WAYS)
async def test_the_time_limit_ends_all_of_it(hasty: TestEngine, way: str) -> None:
    source = f"# {secrets.token_hex(8)}\n{STAYS}{WAITS}"
    job = await hasty.run(by_way(way, source), walltime_seconds=2)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ERROR", "walltime")
    assert end.reason_text == "The time limit of 2 s was reached."
    assert job.processes() == []
    assert source not in running_sources()


def running_sources() -> set[str]:
    """Return the words of the command lines of all processes that live."""
    return {
        word
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        for word in process.info["cmdline"] or ()
    }


@pytest.mark.parametrize(("takes", "limit"), [(300, 200), (180, 100)])
async def test_the_figure_and_the_limit_are_told(
    engine: TestEngine, takes: int, limit: int
) -> None:
    source = TAKES.format(mb=takes) + WAITS
    job = await engine.run([sys.executable, "-c", source], memory_bytes=limit * MB)
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("ERROR", "memory")
    told = re.fullmatch(rf"Used (\d+) MB of {limit} MB memory\.", end.reason_text or "")
    assert told is not None
    assert limit <= int(told[1]) < takes + 50
    assert end.memory_peak_bytes is not None
    assert limit * MB < end.memory_peak_bytes < (takes + 50) * MB


@pytest.mark.parametrize("reason", ["memory", "walltime"])
async def test_limits_hold_for_the_kernel_of_a_notebook(hasty: TestEngine, reason: str) -> None:
    cells = ["print('begun')", TAKES.format(mb=600 if reason == "memory" else 1) + WAITS, "1"]
    write_notebook(hasty.root / "fit.ipynb", cells)
    spec = make_spec(
        NotebookTask(path="fit.ipynb"),
        memory_bytes=500 * MB,
        walltime_seconds=600 if reason == "memory" else 8,
    )
    job = await hasty.submit(spec)
    end = await hasty.end(job)
    assert (end.phase, end.reason) == ("ERROR", reason), end
    assert job.processes() == []
    assert "begun" in job.plan.notebooks[0].read_text(encoding="utf-8")
