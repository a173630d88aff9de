"""GPUs by count: each job has its own, and nobody has those of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import CommandTask, IndexArray
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.engine.capacity import usable_gpus
from tests.engine.conftest import EngineFactory
from tests.engine.harness import MB, TestEngine, TestJob, eventually, make_spec

TELLS = ["sh", "-c", 'echo "gpus: ${CUDA_VISIBLE_DEVICES-not said}."; sleep 1000']
OPTIONS = {"memory_bytes": 32 * MB}


@pytest.fixture
def equipped(make_engine: EngineFactory) -> TestEngine:
    """An engine with three GPUs, one of them named as on a shared machine."""
    return make_engine(max_cores=16, gpus=["0", "1", "GPU-5c1b"], grace_seconds=0.3)


async def gpus_of(job: TestJob) -> list[str]:
    await job.wrote(".")
    said = job.stdout.removeprefix("gpus: ").removesuffix(".\n")
    return said.split(",") if said else []


async def test_each_has_its_own_and_the_next_waits(equipped: TestEngine) -> None:
    two = await equipped.run(TELLS, gpus=2, **OPTIONS)
    one = await equipped.run(TELLS, gpus=1, **OPTIONS)
    assert await gpus_of(two) == ["0", "1"]
    assert await gpus_of(one) == ["GPU-5c1b"]
    more = await equipped.run(TELLS, gpus=2, **OPTIONS)
    waiting = await equipped.until(more, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "resources")
    assert waiting.reason_text == "Waiting for 2 free GPUs."
    await equipped.gateway.cancel(two.native_id)
    await equipped.end(two)
    assert await gpus_of(more) == ["0", "1"]


async def test_one_that_asks_for_none_sees_none(equipped: TestEngine) -> None:
    assert await gpus_of(await equipped.run(TELLS, **OPTIONS)) == []
    own = {"CUDA_VISIBLE_DEVICES": "7"}
    assert await gpus_of(await equipped.run(TELLS, variables=own, **OPTIONS)) == ["7"]


async def test_where_there_are_none_nothing_is_said(make_engine: EngineFactory) -> None:
    engine = make_engine(gpus=[])
    assert await gpus_of(await engine.run(TELLS)) == ["not said"]
    with pytest.raises(GatewayRefused, match="has no GPUs for jobs; 1 can never run") as refused:
        await engine.run(["true"], gpus=1)
    assert refused.value.field == "spec.resources.gpus"
    issues = await engine.gateway.check(make_spec(CommandTask(argv=["true"]), gpus=1))
    assert [(one.field_, one.code, one.limit) for one in issues] == [
        ("spec.resources.gpus", "over_machine", 0)
    ]
    assert (await engine.gateway.describe()).limits.max_gpus == 0


async def test_they_stay_taken_over_a_kill_of_the_supervisor(equipped: TestEngine) -> None:
    first = await equipped.run(TELLS, gpus=1, **OPTIONS)
    last = await equipped.run(TELLS, gpus=1, **OPTIONS)
    assert (await gpus_of(first), await gpus_of(last)) == (["0"], ["1"])
    await equipped.gateway.cancel(first.native_id)
    await equipped.end(first)
    await equipped.kill_supervisor()
    both = await equipped.run(TELLS, gpus=2, **OPTIONS)
    assert await gpus_of(both) == ["0", "GPU-5c1b"]
    more = await equipped.run(TELLS, gpus=1, **OPTIONS)
    assert (await equipped.until(more, lambda seen: seen.reason is not None)).phase == "QUEUED"


async def test_each_task_of_an_array_has_its_own(equipped: TestEngine) -> None:
    job = await equipped.run(TELLS, gpus=1, array=IndexArray(start=0, stop=3), **OPTIONS)
    logs = [job.task(index) / "stdout.log" for index in range(4)]
    await eventually(
        lambda: all(log.exists() and log.read_text() for log in logs[:3]), "not three began"
    )
    assert [log.read_text() for log in logs[:3]] == [
        "gpus: 0.\n",
        "gpus: 1.\n",
        "gpus: GPU-5c1b.\n",
    ]
    assert not logs[3].exists()
    await equipped.gateway.cancel_tasks(job.native_id, [1])
    await eventually(lambda: logs[3].exists() and bool(logs[3].read_text()), "the last never began")
    assert logs[3].read_text() == "gpus: 1.\n"


async def test_when_gpus_were_taken_away_a_job_that_waits_for_them_ends(
    make_engine: EngineFactory,
) -> None:
    before = make_engine(gpus=["0", "1"])
    first = await before.run(TELLS, gpus=1)
    await gpus_of(first)
    waiting = await before.run(TELLS, gpus=2)
    await before.kill_supervisor()
    after = make_engine(gpus=["0"])
    end = await after.end(waiting)
    assert (end.phase, end.reason) == ("ERROR", "launch_failed")
    assert end.reason_text == "This server has 1 GPU for jobs; 2 can never run."


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("", []),
        ("0,1", ["0", "1"]),
        (" 3 , GPU-5c1b ", ["3", "GPU-5c1b"]),
        ("-1", []),
        ("1,-1,2", ["1"]),
        ("NoDevFiles", []),
    ],
)
def test_what_the_server_itself_may_use_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, expected: list[str]
) -> None:
    (tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0").mkdir(parents=True)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", allowed)
    assert usable_gpus(tmp_path) == expected


def test_else_those_that_the_driver_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert usable_gpus(tmp_path) == []
    for name in ("0000:01:00.0", "0000:02:00.0"):
        (tmp_path / "proc/driver/nvidia/gpus" / name).mkdir(parents=True)
    assert usable_gpus(tmp_path) == ["0", "1"]
