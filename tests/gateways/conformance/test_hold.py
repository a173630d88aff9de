"""Holding jobs that wait, where a gateway says that it can."""

from __future__ import annotations

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import proves
from tests.gateways.conformance.jobs import HELLO, STAYS, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")


def most_cores(bench: Bench) -> int:
    """Return how many cores a job may have here."""
    queues = [queue.max_cores or 1 for queue in bench.description.queues if queue.default]
    return min(queues, default=bench.description.limits.max_cores or 1)


@proves("A job that waits is held, others pass it, and it starts once it is released")
async def test_a_waiting_job_is_held_and_released(bench: Bench) -> None:
    if not bench.description.capabilities.hold:
        with pytest.raises(GatewayRefused):
            await bench.gateway.hold(bench.jobs["hello"].native_id)
        return
    holder = await bench.submit(STAYS)
    await bench.executing(holder)
    waiting = await bench.submit(Asked(argv=("sh", "-c", "echo ran"), cores=most_cores(bench)))
    await bench.gateway.hold(waiting.native_id)
    held = await bench.until(waiting, lambda seen: seen.phase == "HELD")
    assert held.reason in ("held_by_user", "held_by_admin")
    assert held.reason_text
    await bench.gateway.hold(waiting.native_id)
    await bench.gateway.cancel(holder.native_id)
    await bench.end(holder)
    passing = await bench.submit(HELLO)
    assert (await bench.end(passing)).phase == "COMPLETED"
    assert not waiting.launch.stdout_path.exists()
    await bench.gateway.release(waiting.native_id)
    assert (await bench.end(waiting)).phase == "COMPLETED"
    assert waiting.stdout == "ran\n"


@proves("To hold what has started or is over is refused in words")
async def test_what_has_started_or_is_over_is_not_held(bench: Bench) -> None:
    if not bench.description.capabilities.hold:
        return
    run = await bench.submit(STAYS)
    await bench.executing(run)
    with pytest.raises(GatewayRefused, match="started already"):
        await bench.gateway.hold(run.native_id)
    await bench.gateway.release(run.native_id)
    await bench.gateway.cancel(run.native_id)
    await bench.end(run)
    with pytest.raises(GatewayRefused) as caught:
        await bench.gateway.hold(run.native_id)
    assert caught.value.message
