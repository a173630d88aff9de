"""What a gateway says of itself and of a submission before it is sent."""

from __future__ import annotations

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import proves
from tests.gateways.conformance.jobs import AWKWARD_NAME, HELLO, MEBIBYTE, TELLS, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
EXABYTE = 10**18


@proves("Describes itself, its health and its limits")
async def test_it_describes_itself(bench: Bench) -> None:
    gateway = await bench.gateway.describe(fresh=True)
    assert gateway.id == bench.gateway.gateway_id
    assert gateway.kind == bench.gateway.kind
    assert gateway.title
    assert gateway.version
    assert gateway.health.ok
    assert gateway.health.auth_ok
    assert gateway.health.error is None
    assert gateway.health.as_of is not None
    assert (gateway.limits.max_cores or 1) >= 1
    assert (gateway.limits.max_memory_bytes or MEBIBYTE) >= MEBIBYTE
    assert gateway.limits.max_name_length >= 1
    names = [queue.name for queue in gateway.queues]
    assert len(names) == len(set(names))
    assert sum(queue.default for queue in gateway.queues) <= 1


@proves("Has nothing against a job that fits")
async def test_what_fits_has_no_issues(bench: Bench) -> None:
    assert await bench.gateway.check(HELLO.spec) == []


@proves("Says before submission what is over its limits, at the field")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked(argv=("true",), cores=10**6), "spec.resources.cores"),
        (Asked(argv=("true",), memory_bytes=EXABYTE), "spec.resources.memory_bytes"),
    ],
)
async def test_what_is_over_a_limit_is_an_issue(bench: Bench, asked: Asked, field: str) -> None:
    issues = {issue.field_: issue for issue in await bench.gateway.check(asked.spec)}
    limits = bench.description.limits
    limit = limits.max_cores if field.endswith("cores") else limits.max_memory_bytes
    assert issues[field].message
    assert issues[field].limit is not None
    assert (issues[field].limit or 0) <= (limit or 0)


@proves("Refuses what is over its limits, at the field, and leaves no job")
@pytest.mark.parametrize("asked", [Asked(argv=("true",), cores=10**6)])
async def test_what_is_over_a_limit_is_refused_at_the_same_field(
    bench: Bench, asked: Asked
) -> None:
    _, launch = bench.write(asked)
    with pytest.raises(GatewayRefused) as refused:
        await bench.gateway.submit(launch)
    assert refused.value.field == "spec.resources.cores"
    assert refused.value.gateway_id == bench.gateway.gateway_id
    assert await bench.gateway.look_up(launch) is None


@proves("The preview is what is sent, to the letter")
async def test_the_preview_is_what_is_sent(bench: Bench) -> None:
    with bench.rig.eavesdrop() as eavesdropped:
        plan, launch = bench.write(TELLS)
        preview = eavesdropped.gateway.render(launch)
        await eavesdropped.gateway.describe(fresh=True)
        assert launch.spec.name == AWKWARD_NAME
        run = bench.follow(plan, launch, await eavesdropped.gateway.submit(launch))
        heard = eavesdropped.heard()
        await eavesdropped.gateway.stop()
    assert preview.request == heard.request
    assert preview.script.startswith(heard.script)
    assert launch.script_text in preview.script
    assert (await bench.end(run)).phase == "COMPLETED"
