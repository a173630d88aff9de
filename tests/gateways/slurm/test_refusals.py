"""What Slurm refuses, at which field, with nothing submitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import JobSpec, Placement, Resources
from jupyterlab_batch.domain.problems import GatewayRefused
from tests.gateways.conformance.jobs import HELLO, MEBIBYTE, Asked
from tests.gateways.slurm.conftest import OpenBench


def placed(**placement: Any) -> JobSpec:
    return msgspec.structs.replace(HELLO.spec, placement=Placement(**placement))


def asked(**resources: int) -> JobSpec:
    some = {"cores": 1, "memory_bytes": MEBIBYTE, "walltime_seconds": 60, **resources}
    return msgspec.structs.replace(HELLO.spec, resources=Resources(**some))


CASES = {
    "partition": (placed(queue="nowhere"), "spec.placement.queue", "error"),
    "account": (placed(account="nobody"), "spec.placement.account", "error"),
    "qos": (placed(qos="gold"), "spec.placement.qos", "error"),
    "reservation": (placed(reservation="none"), "spec.placement.reservation", "error"),
    "features": (placed(features=["fast", "big"]), "spec.placement.features", "error"),
    "nodes": (asked(nodes=2), "spec.resources.nodes", "warning"),
    "processes": (asked(processes=5, cores=2), "spec.resources.processes", "warning"),
    "cores": (asked(cores=9), "spec.resources.cores", "warning"),
    "memory": (asked(memory_bytes=8001 * MEBIBYTE), "spec.resources.memory_bytes", "warning"),
    "walltime": (asked(walltime_seconds=1801), "spec.resources.walltime_seconds", "warning"),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_refusal_is_at_the_field_that_check_named(open_bench: OpenBench, case: str) -> None:
    spec, field, severity = CASES[case]
    bench = await open_bench()
    issues = {issue.field_: issue for issue in await bench.gateway.check(spec)}
    assert issues.keys() == {field}
    assert issues[field].severity == severity
    _, launch = bench.write(HELLO)
    launch = replace(launch, spec=spec)
    with pytest.raises(GatewayRefused) as refused:
        await bench.gateway.submit(launch)
    assert refused.value.field == field
    assert "Nothing was submitted" in refused.value.message
    assert (await bench.gateway.describe()).health.ok
    # Slurm writes some of what it refuses into its history, as failed before it ran.
    left = await bench.gateway.look_up(launch)
    assert left is None or (left.phase, left.reason) == ("ERROR", "launch_failed")
    assert not launch.stdout_path.exists()


async def test_what_fits_another_partition_is_taken_there(open_bench: OpenBench) -> None:
    bench = await open_bench()
    spec = msgspec.structs.replace(
        Asked(argv=("true",), walltime_seconds=3600).spec,
        placement=Placement(queue="batch", account="astro"),
    )
    assert await bench.gateway.check(spec) == []
    plan, launch = bench.write(HELLO)
    launch = replace(launch, spec=spec)
    run = bench.follow(plan, launch, await bench.gateway.submit(launch))
    end = await bench.end(run)
    assert (end.phase, end.queue, end.account) == ("COMPLETED", "batch", "astro")


async def test_a_folder_that_slurm_would_misread_is_refused_before(
    open_bench: OpenBench, tmp_path: Path
) -> None:
    bench = await open_bench()
    _, launch = bench.write(HELLO)
    launch = replace(launch, stdout_path=tmp_path / "a\\b" / "stdout.log")
    with pytest.raises(GatewayRefused, match="backslash"):
        bench.gateway.render(launch)
    with pytest.raises(GatewayRefused, match="backslash"):
        await bench.gateway.submit(launch)
