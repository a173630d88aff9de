"""An upgrade while jobs run: real supervisors of earlier versions, and what takes their place."""

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
    eventually,
    make_launch,
    make_plan,
    make_spec,
    write_notebook,
)
from tests.gateways.clusters.local import LocalRig

LAST_OF = {1: "265fa6b", 2: "54c9694"}
"""The last commits before arrays, and before Dask clusters; their package is run as it was."""
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


def package_of(number: int, folder: Path) -> Path:
    """Return the folder, which from then on holds the package as it was."""
    if shutil.which("git") is None:
        pytest.skip("Git is not here.")
    archived = subprocess.run(
        ["git", "archive", LAST_OF[number], "jupyterlab_batch"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    if archived.returncode:
        pytest.skip("The history of the repository is not here.")
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as package:
        package.extractall(folder)  # noqa: S202 -- our own
    return folder


@pytest.fixture(scope="session")
def version_1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(1, tmp_path_factory.mktemp("version-1"))


@pytest.fixture(scope="session")
def version_2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_of(2, tmp_path_factory.mktemp("version-2"))


def run_old(package: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=package,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest_asyncio.fixture
async def upgraded(make_engine: EngineFactory, version_1: Path) -> TestEngine:
    """An engine whose supervisor was started by version 1."""
    return await started_by(1, version_1, make_engine())


@pytest_asyncio.fixture
async def upgraded_from_2(make_engine: EngineFactory, version_2: Path) -> TestEngine:
    """An engine whose supervisor was started by version 2."""
    return await started_by(2, version_2, make_engine())


async def started_by(number: int, package: Path, engine: TestEngine) -> TestEngine:
    start_old(engine, package)
    assert await version(engine) == number
    return engine


def start_old(engine: TestEngine, package: Path) -> None:
    words = [f"--{name.replace('_', '-')}={value}" for name, value in engine.traits.items()]
    run_old(package, "-m", "jupyterlab_batch.engine.daemon", *words)


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


async def gated_array(engine: TestEngine) -> TestJob:
    """An array of which two tasks run, until the gate is open, and two wait."""
    gate = engine.root / "gate"
    script = f"echo up; until [ -e {gate} ]; do sleep 0.1; done; exit $BATCH_TASK_INDEX"
    job = await engine.run(["sh", "-c", script], array=IndexArray(start=0, stop=3))
    logs = [job.task(index) / "stdout.log" for index in (0, 1)]
    await eventually(
        lambda: all(log.exists() and "up" in log.read_text() for log in logs), "not both came up"
    )
    return job


async def test_an_array_and_who_waits_for_it_are_seen_through_by_the_older_one(
    upgraded_from_2: TestEngine,
) -> None:
    array = await gated_array(upgraded_from_2)
    waits = await upgraded_from_2.run(["true"], awaited=[array.after("failed")])
    never = await upgraded_from_2.run(["true"], awaited=[array.after("succeeded")])
    assert (await upgraded_from_2.asked(waits.native_id, lambda seen: True)).reason == "dependency"
    await upgraded_from_2.gateway.cancel_tasks(array.native_id, [3])
    (upgraded_from_2.root / "gate").touch()
    end = await upgraded_from_2.end(array)
    assert (end.phase, end.reason) == ("ERROR", "tasks_failed")
    assert (await upgraded_from_2.end(waits)).phase == "COMPLETED"
    assert (await upgraded_from_2.end(never)).reason == "dependency"
    assert await version(upgraded_from_2) == 2
    (seen,) = await upgraded_from_2.gateway.look_at([array.native_id])
    assert {task.index: (task.phase, task.exit_code) for task in seen.tasks} == {
        0: ("COMPLETED", 0),
        1: ("ERROR", 1),
        2: ("ERROR", 2),
        3: ("ABORTED", None),
    }


async def test_an_array_goes_on_under_the_newer_one(upgraded_from_2: TestEngine) -> None:
    array = await gated_array(upgraded_from_2)
    waits = await upgraded_from_2.run(["true"], awaited=[array.after("finished")])
    await upgraded_from_2.kill_supervisor()
    assert (await upgraded_from_2.asked(array.native_id, lambda seen: True)).phase == "EXECUTING"
    assert await version(upgraded_from_2) == PROTOCOL_VERSION
    (upgraded_from_2.root / "gate").touch()
    assert (await upgraded_from_2.end(array)).phase == "ERROR"
    assert (await upgraded_from_2.end(waits)).phase == "COMPLETED"
    for index in range(4):
        assert (array.task(index) / "stdout.log").read_text() == "up\n"
    (seen,) = await upgraded_from_2.gateway.look_at([array.native_id])
    assert {task.index: task.exit_code for task in seen.tasks} == {n: n for n in range(4)}


async def test_a_cluster_waits_until_the_older_one_has_left(
    version_2: Path, tmp_path: Path
) -> None:
    rig = LocalRig(tmp_path)
    engine = TestEngine(tmp_path)
    start_old(engine, version_2)
    try:
        launch = rig.launch(1)
        with pytest.raises(GatewayRefused, match="of an earlier version still runs jobs"):
            await rig.gateway().create(launch)
        assert rig.left(launch.cluster_id) == []
    finally:
        await engine.close()
        await rig.close()
