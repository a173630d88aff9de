"""An upgrade while jobs run: a real supervisor of version 1, and what takes its place."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import CommandTask, IndexArray, NotebookTask
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.engine.protocol import PROTOCOL_VERSION, Hello
from tests.engine.conftest import EngineFactory
from tests.engine.harness import (
    TestEngine,
    TestJob,
    make_launch,
    make_plan,
    make_spec,
    write_notebook,
)

LAST_OF_VERSION_1 = "265fa6b"
"""The last commit before arrays; its package is run as it was."""
GATED = ["sh", "-c", "echo up; cat gate; exit 5"]
PLAN = """
import os, sys
from datetime import datetime, timezone
from pathlib import Path
from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.engine.rundirectory import RunContext, plan_run, write_run
import msgspec
root = Path(sys.argv[1])
plan = plan_run(
    msgspec.json.decode(sys.argv[2], type=JobSpec), gateway_id="local", job_id=sys.argv[3],
    key="k", nonce="n", created_at=datetime.now(timezone.utc),
    context=RunContext(root_dir=root, run_root=root / "batch-jobs", python=sys.executable,
                       environment={"PATH": os.environ["PATH"], "HOME": str(Path.home())}),
)
write_run(plan)
print(plan.directory)
"""


@pytest.fixture(scope="session")
def version_1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the package as it was."""
    if shutil.which("git") is None:
        pytest.skip("Git is not here.")
    archived = subprocess.run(
        ["git", "archive", LAST_OF_VERSION_1, "jupyterlab_batch"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    if archived.returncode:
        pytest.skip("The history of the repository is not here.")
    folder = tmp_path_factory.mktemp("version-1")
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as package:
        package.extractall(folder)  # noqa: S202 -- our own
    return folder


def run_old(version_1: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": str(version_1)},
        cwd=version_1,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest_asyncio.fixture
async def upgraded(make_engine: EngineFactory, version_1: Path) -> TestEngine:
    """An engine whose supervisor was started by version 1."""
    engine = make_engine()
    words = [f"--{name.replace('_', '-')}={value}" for name, value in engine.traits.items()]
    run_old(version_1, "-m", "jupyterlab_batch.engine.daemon", *words)
    assert await version(engine) == 1
    return engine


async def version(engine: TestEngine) -> int:
    return (await engine.gateway._client.ask(lambda number: Hello(number=number))).version


async def gated_job(engine: TestEngine) -> TestJob:
    os.mkfifo(engine.root / "gate")
    job = await engine.run(GATED, cores=2, working_directory=engine.root)
    await job.wrote("up")
    return job


def open_gate(engine: TestEngine) -> None:
    os.close(os.open(engine.root / "gate", os.O_WRONLY))


async def test_the_older_one_goes_on_and_is_understood(upgraded: TestEngine) -> None:
    running = await gated_job(upgraded)
    queued = await upgraded.run(["true"])
    waiting = await upgraded.until(queued, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "resources")
    await upgraded.gateway.hold(queued.native_id)
    await upgraded.phase(queued, "HELD")
    cancelled = await upgraded.run(["true"])
    await upgraded.gateway.cancel(cancelled.native_id)
    assert (await upgraded.end(cancelled)).phase == "ABORTED"
    open_gate(upgraded)
    end = await upgraded.end(running)
    assert (end.phase, end.exit_code, end.tasks) == ("ERROR", 5, ())
    await upgraded.gateway.release(queued.native_id)
    assert (await upgraded.end(queued)).phase == "COMPLETED"
    assert await version(upgraded) == 1


async def test_what_it_does_not_know_is_refused_in_words(upgraded: TestEngine) -> None:
    running = await gated_job(upgraded)
    many: dict[str, Any] = {"array": IndexArray(start=0, stop=9)}
    later: dict[str, Any] = {"awaited": [running.after("finished")]}
    for options in (many, later):
        with pytest.raises(GatewayRefused, match="of an earlier version still runs jobs"):
            await upgraded.run(["touch", str(upgraded.root / "ran")], **options)
    assert (await upgraded.gateway.describe(fresh=True)).health.ok
    open_gate(upgraded)
    assert (await upgraded.end(running)).exit_code == 5
    assert not (upgraded.root / "ran").exists()


async def test_the_newer_one_takes_over_when_it_is_gone(
    upgraded: TestEngine, version_1: Path
) -> None:
    running = await gated_job(upgraded)
    queued = await submit_as_before(upgraded, version_1)
    await upgraded.kill_supervisor()
    assert (await upgraded.asked(running.native_id, lambda seen: True)).phase == "EXECUTING"
    assert await version(upgraded) == PROTOCOL_VERSION
    array = await upgraded.run(["true"], array=IndexArray(start=0, stop=1))
    open_gate(upgraded)
    assert (await upgraded.end(running)).exit_code == 5
    end = await upgraded.end(queued)
    assert end.phase == "COMPLETED", queued.stderr
    assert queued.stdout == "7\n"
    assert (await upgraded.end(array)).phase == "COMPLETED"


async def submit_as_before(engine: TestEngine, version_1: Path) -> TestJob:
    """Submit a notebook whose run directory was written by version 1."""
    write_notebook(engine.root / "fit.ipynb", ["# parameters\nx = 0", "print(x)"])
    task = NotebookTask(path="fit.ipynb", parameters={"x": 7})
    spec = msgspec.json.encode(make_spec(task)).decode()
    plan = make_plan(make_spec(CommandTask(argv=["true"])), engine.root)
    folder = Path(run_old(version_1, "-c", PLAN, str(engine.root), spec, plan.job_id))
    plan = replace(plan, directory=folder)
    submitted = await engine.gateway.submit(make_launch(plan))
    job = TestJob(plan, submitted.native_id)
    engine.jobs.append(job)
    return job
