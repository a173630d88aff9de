"""What can be done to a job beside ending and holding it, where a gateway says that it can."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.order import (
    Change,
    Hold,
    Order,
    Requeue,
    Resume,
    SendSignal,
    Suspend,
)
from tests.gateways.conformance.bench import Bench, Run, eventually
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import STAYS, shell
from tests.gateways.conformance.test_arrays import array, can_have, tasks_seen

pytestmark = pytest.mark.asyncio(loop_scope="session")
Note = Callable[[str, object], None]


async def give(bench: Bench, run: Run, order: Order, tasks: Sequence[int] = ()) -> None:
    await bench.gateway.order(run.native_id, order, tag=run.launch.tag, task_indices=tasks)


async def is_refused(bench: Bench, order: Order, record_property: Note) -> None:
    """Look that what a gateway cannot is refused in words, and note that it cannot."""
    record_property(SHORTCOMING, True)
    run = bench.jobs["hello"]
    with pytest.raises(GatewayRefused) as caught:
        await give(bench, run, order)
    assert caught.value.message


@proves("A signal reaches the program of a job, which goes on")
async def test_a_signal_reaches_the_job(bench: Bench, record_property: Note) -> None:
    if not bench.description.capabilities.signal:
        await is_refused(bench, SendSignal("USR1"), record_property)
        return
    # A shell hears it when what it waits for has ended, and so has that by the same signal.
    script = "trap 'echo heard' USR1; echo begun; while [ ! -e \"$BATCH_RUN_DIRECTORY/go\" ]; do "
    run = await bench.submit(shell(script + "sleep 0.2; done; exit 5"))
    await bench.executing(run)
    await give(bench, run, SendSignal("USR1"))
    await eventually(lambda: "heard" in run.stdout, "it never heard of it")
    (run.launch.run_directory / "go").touch()
    end = await bench.end(run)
    assert (end.phase, end.exit_code) == ("ERROR", 5)


@proves("A job that runs is suspended and resumed")
async def test_a_job_is_suspended_and_resumed(bench: Bench, record_property: Note) -> None:
    if not bench.description.capabilities.suspend:
        await is_refused(bench, Suspend(), record_property)
        return
    run = await bench.submit(STAYS)
    await bench.executing(run)
    await give(bench, run, Suspend())
    await bench.until(run, lambda seen: seen.phase == "SUSPENDED")
    count = len(bench.seen(run))
    await give(bench, run, Resume())
    await bench.wait_for(lambda: any(seen.phase == "EXECUTING" for seen in bench.seen(run)[count:]))
    await bench.gateway.cancel(run.native_id)
    await bench.end(run)


@proves("A job that runs is requeued, as a new attempt")
async def test_a_job_is_requeued(bench: Bench, record_property: Note) -> None:
    if not bench.description.capabilities.requeue:
        await is_refused(bench, Requeue(), record_property)
        return
    run = await bench.submit(STAYS)
    await bench.executing(run)
    await give(bench, run, Requeue())
    await bench.until(run, lambda seen: seen.attempt == 2)
    await bench.gateway.cancel(run.native_id)
    await bench.end(run)


@proves("The terms of a job are changed, and our tag stays")
async def test_terms_are_changed(bench: Bench, record_property: Note) -> None:
    if not bench.description.capabilities.changes:
        await is_refused(bench, Change(nice=1), record_property)
        return
    run = await bench.submit(STAYS)
    await bench.executing(run)
    words = "it's $(touch injected) ; Nice=0 ñ"
    await give(bench, run, Change(walltime_seconds=3601, nice=7, comment=words))
    assert bench.rig.terms(run.native_id) == (3660, 7, f"{run.launch.tag} {words}")
    found = await bench.gateway.look_up(run.launch)
    assert found is not None
    assert (found.native_id, found.tag) == (run.native_id, run.launch.tag)
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert end.tag == run.launch.tag
    with pytest.raises(GatewayRefused) as caught:
        await give(bench, run, Change(walltime_seconds=60))
    assert caught.value.message


@proves("Some tasks of an array are held and released, the others go on")
async def test_some_tasks_are_held(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    if not bench.description.capabilities.task_orders:
        await is_refused(bench, Hold(is_held=True), record_property)
        return
    run = await bench.submit(array("echo begun; sleep 0.1", 6, max_running=1))
    await give(bench, run, Hold(is_held=True), [5, 6])
    await bench.wait_for(
        lambda: all(
            (task := tasks_seen(bench, run).get(index)) is not None and task.phase == "HELD"
            for index in (5, 6)
        )
    )
    await give(bench, run, Hold(is_held=False), [5, 6])
    assert (await bench.end(run)).phase == "COMPLETED"
    assert len(run.tasks()) == 7
