"""Jobs that are held keep their place, and nobody waits for them."""

from __future__ import annotations

import os

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from tests.engine.conftest import EngineFactory
from tests.engine.harness import TestEngine, TestJob

WAITS = ["sh", "-c", "echo up; cat gate"]
NOTES = ["sh", "-c", 'echo "$BATCH_JOB_ID" >>order']


async def full_engine(engine: TestEngine) -> TestJob:
    """Let one job use all cores until its gate is opened."""
    os.mkfifo(engine.root / "gate")
    job = await engine.run(WAITS, cores=2, working_directory=engine.root)
    await job.wrote("up")
    return job


def open_gate(engine: TestEngine) -> None:
    os.close(os.open(engine.root / "gate", os.O_WRONLY))


def order(engine: TestEngine) -> list[str]:
    return (engine.root / "order").read_text(encoding="utf-8").split()


async def note(engine: TestEngine) -> TestJob:
    return await engine.run(NOTES, cores=2, working_directory=engine.root)


async def test_it_waits_while_others_pass(engine: TestEngine) -> None:
    first = await full_engine(engine)
    held, other = await note(engine), await note(engine)
    await engine.gateway.hold(held.native_id)
    seen = await engine.phase(held, "HELD")
    assert (seen.reason, seen.reason_text) == ("held_by_user", "Held by you.")
    waiting = await engine.until(other, lambda seen: seen.reason == "resources")
    assert waiting.reason_text == "Waiting for 2 free cores."
    open_gate(engine)
    for job in (first, other):
        assert (await engine.end(job)).phase == "COMPLETED"
    assert (await engine.asked(held.native_id, lambda seen: True)).phase == "HELD"
    await engine.gateway.release(held.native_id)
    assert (await engine.end(held)).phase == "COMPLETED"
    assert order(engine) == [other.plan.job_id, held.plan.job_id]


async def test_released_in_time_it_has_its_old_place(engine: TestEngine) -> None:
    first = await full_engine(engine)
    held, other = await note(engine), await note(engine)
    for _ in range(2):
        await engine.gateway.hold(held.native_id)
    for _ in range(2):
        await engine.gateway.release(held.native_id)
    seen = await engine.asked(held.native_id, lambda seen: True)
    assert (seen.phase, seen.reason) == ("QUEUED", "resources")
    open_gate(engine)
    for job in (first, held, other):
        assert (await engine.end(job)).phase == "COMPLETED"
    assert order(engine) == [held.plan.job_id, other.plan.job_id]


async def test_it_is_held_over_a_kill_of_the_supervisor_and_can_be_cancelled(
    make_engine: EngineFactory,
) -> None:
    engine = make_engine()
    first = await full_engine(engine)
    held = await note(engine)
    await engine.gateway.hold(held.native_id)
    await engine.kill_supervisor()
    open_gate(engine)
    assert (await engine.end(first)).phase == "COMPLETED"
    assert (await engine.end(await note(engine))).phase == "COMPLETED"
    assert (await engine.asked(held.native_id, lambda seen: True)).phase == "HELD"
    await engine.gateway.cancel(held.native_id)
    end = await engine.end(held)
    assert (end.phase, end.started_at) == ("ABORTED", None)


async def test_what_has_begun_or_is_over_says_so(engine: TestEngine) -> None:
    job = await full_engine(engine)
    with pytest.raises(GatewayRefused, match="started already"):
        await engine.gateway.hold(job.native_id)
    await engine.gateway.release(job.native_id)
    open_gate(engine)
    assert (await engine.end(job)).phase == "COMPLETED"
    with pytest.raises(GatewayRefused, match="is over"):
        await engine.gateway.hold(job.native_id)
