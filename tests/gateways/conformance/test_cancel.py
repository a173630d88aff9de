"""Ending jobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gateways.conformance.bench import Bench, eventually
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import LEAVES_ORPHANS, STAYS, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")


@proves("A job that runs is cancelled, and none of its processes is left")
async def test_a_running_job_is_cancelled(bench: Bench) -> None:
    run = await bench.submit(STAYS)
    await bench.executing(run)
    await eventually(lambda: len(run.processes()) >= 4, "its children never came")
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert end.reason_text
    await eventually(lambda: not run.processes(), "a process is left")


@proves("What a job leaves behind without a parent is ended as well")
async def test_orphans_are_ended(
    bench: Bench, record_property: Callable[[str, object], None]
) -> None:
    run = await bench.submit(LEAVES_ORPHANS)
    await bench.executing(run)
    await bench.gateway.cancel(run.native_id)
    await bench.end(run)
    if bench.rig.ends_orphans:
        assert not run.processes()
        return
    record_property(SHORTCOMING, True)
    orphans = run.processes()
    assert len(orphans) == 1
    orphans[0].kill()


@proves("A job that waits says why, and is cancelled before it ran")
async def test_a_waiting_job_is_cancelled(bench: Bench) -> None:
    holder = await bench.submit(STAYS)
    await bench.executing(holder)
    most = min(
        (queue.max_cores or 1 for queue in bench.description.queues if queue.default),
        default=bench.description.limits.max_cores,
    )
    waiting = await bench.submit(Asked(argv=("sh", "-c", "echo ran"), cores=most or 1))
    seen = await bench.until(waiting, lambda seen: seen.reason is not None)
    assert (seen.phase, seen.started_at, seen.exit_code) == ("QUEUED", None, None)
    assert seen.reason in ("resources", "priority")
    assert seen.reason_text
    await bench.gateway.cancel(waiting.native_id)
    end = await bench.end(waiting)
    assert (end.phase, end.reason, end.started_at) == ("ABORTED", "cancelled_by_user", None)
    assert not waiting.launch.stdout_path.exists()
    await bench.gateway.cancel(holder.native_id)
    await bench.end(holder)


@proves("Cancelling a job that is over or unknown is no error")
async def test_what_is_over_or_unknown_is_no_error(bench: Bench) -> None:
    run = bench.jobs["exits"]
    await bench.end(run)
    await bench.gateway.cancel(run.native_id)
    await bench.gateway.cancel(bench.rig.unknown_native_id)
    (still,) = await bench.gateway.look_at([run.native_id])
    assert still.phase == "ERROR"
    assert still.exit_code in {3, None}
