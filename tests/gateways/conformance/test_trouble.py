"""The batch system goes away and comes back."""

from __future__ import annotations

import asyncio

import pytest

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import GatewayUnreachable
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import proves
from tests.gateways.conformance.jobs import HELLO, UNTIL_TOLD

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.late
@proves("While the batch system is down nothing is lost, and watching goes on when it is back")
async def test_an_outage_loses_nothing(bench: Bench) -> None:
    run = await bench.submit(UNTIL_TOLD)
    await bench.executing(run)
    before = await bench.gateway.describe(fresh=True)
    _, refused = bench.write(HELLO)
    count = len(bench.health)
    with bench.rig.outage():
        await bench.wait_for(lambda: any(not health.ok for health in bench.health[count:]))
        down, *problems = await asyncio.gather(
            bench.gateway.describe(fresh=True),
            bench.gateway.look_at([run.native_id]),
            bench.gateway.look_up(run.launch),
            bench.gateway.cancel(run.native_id),
            bench.gateway.submit(refused),
            return_exceptions=True,
        )
        issues = await bench.gateway.check(HELLO.spec)
        run.launch.run_directory.joinpath("go").touch()
    assert not isinstance(down, BaseException)
    assert not down.health.ok
    assert down.health.error
    assert (down.queues, down.limits) == (before.queues, before.limits)
    assert issues == []
    for problem in problems:
        assert isinstance(problem, GatewayUnreachable), repr(problem)
        assert problem.message
        assert problem.gateway_id == bench.gateway.gateway_id
    end = await bench.end(run)
    assert (end.phase, end.exit_code) == ("COMPLETED", 0)
    assert sum(is_final(seen.phase) for seen in bench.seen(run)) >= 1
    await bench.wait_for(lambda: bench.health[-1].ok)
    assert (await bench.gateway.describe()).health.ok
    assert await bench.gateway.look_up(refused) is None
