"""Jobs that wait for the end of others."""

from __future__ import annotations

import os
from typing import Literal

import pytest

from jupyterlab_batch.domain.generated import IndexArray
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.launch import AwaitedJob
from tests.engine.harness import MB, TestEngine, TestJob

When = Literal["succeeded", "finished", "failed"]
EXIT = ["sh", "-c", 'cat gate >/dev/null; exit "$1"', "sh"]


async def gated(engine: TestEngine, code: int = 0, name: str = "first") -> TestJob:
    """A job that ends with an exit code as soon as the gate is opened."""
    if not (engine.root / "gate").exists():
        os.mkfifo(engine.root / "gate")
    return await engine.run([*EXIT, str(code)], name=name, working_directory=engine.root)


async def after(engine: TestEngine, *awaited: AwaitedJob, name: str = "second") -> TestJob:
    return await engine.run(
        ["sh", "-c", 'echo "$BATCH_JOB_ID" >>order'],
        name=name,
        awaited=awaited,
        working_directory=engine.root,
    )


def open_gate(engine: TestEngine) -> None:
    os.close(os.open(engine.root / "gate", os.O_WRONLY))


@pytest.mark.parametrize(
    ("when", "code", "text"),
    [
        ("succeeded", 0, "Waiting for “first” to complete."),
        ("finished", 0, "Waiting for the end of “first”."),
        ("finished", 3, "Waiting for the end of “first”."),
        ("failed", 3, "Waiting for “first” to fail."),
    ],
)
async def test_it_starts_when_what_it_waits_for_came(
    engine: TestEngine, when: When, code: int, text: str
) -> None:
    first = await gated(engine, code)
    second = await after(engine, first.after(when))
    waiting = await engine.until(second, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason, waiting.reason_text) == ("QUEUED", "dependency", text)
    passing = await engine.run(["true"])
    assert (await engine.end(passing)).phase == "COMPLETED"
    open_gate(engine)
    end = await engine.end(second)
    assert (end.phase, end.reason) == ("COMPLETED", None)
    assert end.started_at is not None
    first_end = await engine.end(first)
    assert first_end.ended_at is not None and first_end.ended_at <= end.started_at


@pytest.mark.parametrize(
    ("when", "code", "text"),
    [
        ("succeeded", 3, "“first” did not complete, so this job can never start."),
        ("failed", 0, "“first” completed, so this job can never start."),
    ],
)
async def test_what_can_never_start_says_so(
    engine: TestEngine, when: When, code: int, text: str
) -> None:
    first = await gated(engine, code)
    second = await after(engine, first.after(when))
    third = await after(engine, second.after("succeeded"), name="third")
    rescue = await after(engine, second.after("failed"), name="rescue")
    open_gate(engine)
    end = await engine.end(second)
    assert (end.phase, end.reason, end.reason_text) == ("ERROR", "dependency", text)
    assert (end.started_at, end.exit_code) == (None, None)
    assert end.ended_at is not None
    end = await engine.end(third)
    assert (end.phase, end.reason) == ("ERROR", "dependency")
    assert end.reason_text == "“second” did not complete, so this job can never start."
    assert (await engine.end(rescue)).phase == "COMPLETED"
    assert (engine.root / "order").read_text().split() == [rescue.plan.job_id]


async def test_it_says_so_while_the_queue_stands_still(engine: TestEngine) -> None:
    """What is in front of it waits for cores; it does not."""
    first = await gated(engine)
    large = await engine.run(["true"], cores=2)
    second = await after(engine, first.after("failed"))
    waiting = await engine.until(second, lambda seen: seen.reason == "dependency")
    assert waiting.reason_text == "Waiting for “first” to fail."
    blocker = await engine.run(["sleep", "1000"])
    assert (await engine.until(blocker, lambda seen: seen.reason is not None)).reason == "priority"
    await engine.gateway.hold(large.native_id)
    await engine.phase(blocker, "EXECUTING")
    await engine.gateway.release(large.native_id)
    open_gate(engine)
    assert (await engine.end(second)).reason == "dependency"
    assert (await engine.asked(large.native_id, lambda seen: True)).phase == "QUEUED"


async def test_a_cancelled_one_counts_as_not_completed(engine: TestEngine) -> None:
    first = await gated(engine)
    second = await after(engine, first.after("succeeded"))
    third = await after(engine, first.after("failed"))
    await engine.gateway.cancel(first.native_id)
    assert (await engine.end(second)).reason == "dependency"
    assert (await engine.end(third)).phase == "COMPLETED"


async def test_it_waits_for_all_of_them(engine: TestEngine) -> None:
    first = await gated(engine)
    other = await engine.run(["true"], name="other")
    second = await after(engine, other.after("succeeded"), first.after("finished"))
    await engine.end(other)
    waiting = await engine.until(second, lambda seen: seen.reason is not None)
    assert waiting.reason_text == "Waiting for the end of “first”."
    failed = await after(engine, first.after("finished"), other.after("failed"))
    assert (await engine.end(failed)).reason_text == (
        "“other” completed, so this job can never start."
    )
    open_gate(engine)
    assert (await engine.end(second)).phase == "COMPLETED"


async def test_what_is_over_already_counts(engine: TestEngine) -> None:
    first = await engine.run(["true"], name="first")
    await engine.end(first)
    assert (await engine.end(await after(engine, first.after("finished")))).phase == "COMPLETED"
    assert (await engine.end(await after(engine, first.after("failed")))).reason == "dependency"


async def test_arrays_wait_and_are_waited_for_as_a_whole(engine: TestEngine) -> None:
    first = await gated(engine)
    array = await engine.run(
        ["sh", "-c", 'exit "$BATCH_TASK_INDEX"'],
        name="many",
        array=IndexArray(start=0, stop=1),
        awaited=[first.after("succeeded")],
        memory_bytes=32 * MB,
    )
    second = await after(engine, array.after("failed"))
    waiting = await engine.until(array, lambda seen: seen.reason is not None)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "dependency")
    open_gate(engine)
    assert (await engine.end(array)).reason == "tasks_failed"
    assert (await engine.end(second)).phase == "COMPLETED"
    never = await engine.run(
        ["true"], array=IndexArray(start=0, stop=9), awaited=[array.after("succeeded")]
    )
    end = await engine.end(never)
    assert (end.phase, end.reason) == ("ERROR", "dependency")
    assert end.reason_text == "“many” did not complete, so this job can never start."
    assert end.tasks == ()


async def test_a_held_one_stays_held_until_it_is_released(engine: TestEngine) -> None:
    first = await gated(engine)
    good = await after(engine, first.after("succeeded"))
    bad = await after(engine, first.after("failed"))
    for job in (good, bad):
        await engine.gateway.hold(job.native_id)
    open_gate(engine)
    await engine.end(first)
    for job in (good, bad):
        assert (await engine.asked(job.native_id, lambda seen: True)).phase == "HELD"
        await engine.gateway.release(job.native_id)
    assert (await engine.end(good)).phase == "COMPLETED"
    assert (await engine.end(bad)).reason == "dependency"


async def test_it_waits_on_over_a_kill_of_the_supervisor(engine: TestEngine) -> None:
    first = await gated(engine)
    second = await after(engine, first.after("succeeded"))
    third = await after(engine, second.after("failed"))
    await engine.kill_supervisor()
    waiting = await engine.asked(second.native_id, lambda seen: True)
    assert (waiting.phase, waiting.reason) == ("QUEUED", "dependency")
    await engine.kill_supervisor()
    open_gate(engine)
    assert (await engine.end(second)).phase == "COMPLETED"
    assert (await engine.end(third)).reason == "dependency"


async def test_one_that_is_not_known_here_is_refused_at_its_field(engine: TestEngine) -> None:
    stranger = AwaitedJob(tag="jlb:nobody", native_id="0", when="finished")
    with pytest.raises(GatewayRefused, match="does not know the job") as refused:
        await after(engine, stranger)
    assert refused.value.field == "spec.depends_on"
