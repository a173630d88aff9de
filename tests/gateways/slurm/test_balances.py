"""What is left of a user's limits on the real Slurm: told, checked, and named while a job waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import (
    Allocation,
    IndexArray,
    Issue,
    JobSpec,
    Placement,
    Resources,
)
from jupyterlab_batch.gateways.slurm import SlurmGateway
from jupyterlab_batch.gateways.slurm.clibalances import NO_DATABASE
from jupyterlab_batch.gateways.slurm.restbalances import NOT_USED
from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.jobs import MEBIBYTE, STAYS
from tests.gateways.rigs.slurm import Recorders
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster

ACCOUNT = "lens"
"""An account that only this module has: 10 core-hours in all, 2 cores at a time, 5 jobs at most."""


@pytest.fixture(scope="module")
def lens(slurm: SlurmCluster) -> Iterator[SlurmCluster]:
    tool = slurm.tool
    tool("sacctmgr", "-i", "add", "account", ACCOUNT, "GrpTRESMins=cpu=600", "GrpTRES=cpu=2")
    tool("sacctmgr", "-i", "add", "user", "root", f"account={ACCOUNT}", "MaxSubmitJobs=5")
    yield slurm
    tool("scancel", f"--account={ACCOUNT}")
    tool("sacctmgr", "-i", "delete", "user", "root", f"account={ACCOUNT}")
    tool("sacctmgr", "-i", "delete", "account", ACCOUNT)


def spec(*, cores: int = 1, walltime_seconds: int = 60, **more: Any) -> JobSpec:
    some = {"memory_bytes": 64 * MEBIBYTE, "walltime_seconds": walltime_seconds}
    return msgspec.structs.replace(
        STAYS.spec,
        placement=Placement(account=ACCOUNT, queue="batch"),
        resources=Resources(cores=cores, **some),
        **more,
    )


async def submit(bench: Bench, asked: JobSpec) -> Run:
    plan, launch = bench.write(STAYS)
    launch = replace(launch, spec=asked)
    return bench.follow(plan, launch, await bench.gateway.submit(launch))


def of(allocations: list[Allocation], limit: str) -> Allocation:
    (found,) = [one for one in allocations if one.account == ACCOUNT and one.limit == limit]
    return found


async def over(gateway: SlurmGateway, asked: JobSpec) -> list[Issue]:
    return [one for one in await gateway.check(asked) if one.code == "over_allocation"]


def gateway_of(bench: Bench) -> SlurmGateway:
    assert isinstance(bench.gateway, SlurmGateway)
    return bench.gateway


@pytest.mark.usefixtures("lens")
async def test_what_keeps_a_job_back_is_named_with_how_much_is_used(open_tools: OpenBench) -> None:
    bench = await open_tools()
    gateway = gateway_of(bench)
    first = await submit(bench, spec(cores=2, walltime_seconds=3600))
    await bench.executing(first)
    told = (await gateway.allocations(fresh=True)).allocations
    cores, hours = of(told, "GrpTRES"), of(told, "GrpTRESMins")
    assert (cores.granted, cores.used, cores.unit) == (2, 2, "cores")
    assert (hours.granted, hours.unit, hours.period) == (10, "core_hours", "fading")
    assert hours.reserved == pytest.approx(2, abs=0.1)

    second = await submit(bench, spec(cores=2))
    seen = await bench.until(second, lambda seen: "AssocGrpCpu" in (seen.native_state or ""))
    assert seen.reason == "limit_resources"
    assert "Of the 2 cores that the account lens may use at a time, 2 cores are taken." in (
        seen.reason_text or ""
    )
    for run in (second, first):
        await gateway.cancel(run.native_id)
        await bench.end(run)


@pytest.mark.usefixtures("lens")
async def test_what_cannot_fit_is_told_before_it_is_sent(open_tools: OpenBench) -> None:
    bench = await open_tools()
    gateway = gateway_of(bench)
    await gateway.allocations(fresh=True)
    assert await over(gateway, spec(cores=2)) == []
    charge = await gateway.charge(spec(cores=2, walltime_seconds=7200))
    assert charge is not None and charge.left is not None
    assert (charge.at_most, charge.unit, charge.left.limit) == (4, "core_hours", "GrpTRESMins")

    (long,) = await over(gateway, spec(cores=2, walltime_seconds=6 * 3600))
    assert (long.field_, long.severity) == ("spec.resources.walltime_seconds", "warning")
    assert "Of the 10 core-hours that the account lens may use" in long.message
    assert "this may take 12 core-hours. It would wait" in long.message
    (wide,) = await over(gateway, spec(cores=4))
    assert wide.field_ == "spec.resources.cores"
    assert "this asks for 4 cores and would never start" in wide.message
    (many,) = await over(gateway, spec(array=IndexArray(start=0, stop=9)))
    assert (many.field_, "this is 10" in many.message) == ("spec.array", True)


async def test_an_association_of_one_partition_counts_there_in_place_of_the_other(
    lens: SlurmCluster, open_bench: OpenBench
) -> None:
    one = ("user", "root", f"account={ACCOUNT}", "partition=batch")
    lens.tool("sacctmgr", "-i", "add", *one, "MaxTRESPerJob=cpu=1")
    try:
        bench = await open_bench()
        gateway = gateway_of(bench)
        told = (await gateway.allocations(fresh=True)).allocations
        mine = [each for each in told if each.account == ACCOUNT and each.user]
        assert {(each.limit, each.queue) for each in mine} == {
            ("MaxSubmitJobs", None),
            ("MaxTRESPJ", "batch"),
        }
        asked = spec(cores=2)
        (wide,) = await over(gateway, asked)
        assert "In one job you in the account lens may use 1 core" in wide.message
        elsewhere = Placement(account=ACCOUNT, queue="debug")
        assert await over(gateway, msgspec.structs.replace(asked, placement=elsewhere)) == []
        run = await submit(bench, asked)
        seen = await bench.until(run, lambda seen: "PerJob" in (seen.native_state or ""))
        assert "In one job you in the account lens may use 1 core." in (seen.reason_text or "")
        await gateway.cancel(run.native_id)
        await bench.end(run)
    finally:
        where = ("user", "where", "name=root", f"account={ACCOUNT}", "partition=batch")
        lens.tool("sacctmgr", "-i", "delete", *where)


async def test_a_job_behind_others_tells_the_fair_share(open_tools: OpenBench) -> None:
    bench = await open_tools()
    gateway = gateway_of(bench)
    await gateway.allocations(fresh=True)
    place = Placement(account="root", queue="batch")
    some = {"cores": 8, "processes": 2, "memory_bytes": 64 * MEBIBYTE, "walltime_seconds": 60}
    all_of_it = msgspec.structs.replace(spec(), placement=place, resources=Resources(**some))
    runs = [await submit(bench, all_of_it) for _ in range(3)]
    seen = await bench.until(runs[2], lambda seen: "(Priority)" in (seen.native_state or ""))
    assert seen.reason == "priority"
    assert "Your fair share in the account root is " in (seen.reason_text or "")
    for run in reversed(runs):
        await gateway.cancel(run.native_id)
        await bench.end(run)


async def test_what_a_job_may_take_of_one_node_is_told_too(
    lens: SlurmCluster, open_bench: OpenBench
) -> None:
    mine = ("where", f"account={ACCOUNT}", "set")
    lens.tool("sacctmgr", "-i", "modify", "user", "root", *mine, "MaxTRESPerNode=cpu=1")
    try:
        bench = await open_bench()
        gateway = gateway_of(bench)
        told = of((await gateway.allocations(fresh=True)).allocations, "MaxTRESPN")
        assert (told.granted, told.unit, told.period) == (1, "cores", "each_job")
        (wide,) = await over(gateway, spec(cores=2))
        assert "On one node you in the account lens may use 1 core" in wide.message
        run = await submit(bench, spec(cores=2))
        seen = await bench.until(run, lambda seen: "PerNode" in (seen.native_state or ""))
        assert "On one node you in the account lens may use 1 core." in (seen.reason_text or "")
        await gateway.cancel(run.native_id)
        await bench.end(run)
    finally:
        lens.tool("sacctmgr", "-i", "modify", "user", "root", *mine, "MaxTRESPerNode=cpu=-1")


async def test_the_limits_of_a_partition_are_told_before_a_job_is_sent_there(
    lens: SlurmCluster, open_bench: OpenBench
) -> None:
    lens.tool("sacctmgr", "-i", "add", "qos", "narrow", "MaxTRESPerUser=cpu=1")
    lens.tool("scontrol", "update", "PartitionName=debug", "QOS=narrow")
    try:
        gateway = gateway_of(await open_bench())
        told = (await gateway.allocations(fresh=True)).allocations
        (narrow,) = [one for one in told if one.qos == "narrow"]
        assert (narrow.granted, narrow.unit, narrow.queues) == (1, "cores", ["debug"])
        there = Placement(account=ACCOUNT, queue="debug")
        asked = msgspec.structs.replace(spec(cores=2), placement=there)
        (wide,) = await over(gateway, asked)
        assert wide.field_ == "spec.resources.cores"
        assert "you with the quality of service narrow may use 1 core" in wide.message
        assert await over(gateway, spec(cores=2)) == []
        charge, elsewhere = await gateway.charge(asked), await gateway.charge(spec(cores=2))
        assert charge is not None and elsewhere is not None
        assert {one.limit for one in charge.limits} >= {"GrpTRES", "GrpTRESMins", "MaxTRESPU"}
        assert "MaxTRESPU" not in {one.limit for one in elsewhere.limits}
    finally:
        lens.tool("scontrol", "update", "PartitionName=debug", "QOS=")
        lens.tool("sacctmgr", "-i", "delete", "qos", "narrow")


@pytest.mark.usefixtures("lens")
async def test_slurmrestd_of_v38_tells_limits_only(open_rest: OpenBench) -> None:
    bench = await open_rest()
    gateway = gateway_of(bench)
    answer = await gateway.allocations(fresh=True)
    assert answer.missing == NOT_USED
    cores, hours = of(answer.allocations, "GrpTRES"), of(answer.allocations, "GrpTRESMins")
    assert (cores.granted, cores.used) == (2, None)
    assert (hours.granted, hours.used, hours.reserved) == (10, None, None)
    (wide,) = await over(gateway, spec(cores=4))
    assert wide.field_ == "spec.resources.cores"
    charge = await gateway.charge(spec(cores=2, walltime_seconds=7200))
    assert charge is not None
    assert (charge.at_most, charge.unit, charge.left) == (4, "core_hours", None)


async def test_without_slurmdbd_it_says_that_nobody_is_limited(open_stock: OpenBench) -> None:
    gateway = gateway_of(await open_stock())
    answer = await gateway.allocations(fresh=True)
    assert (answer.allocations, answer.missing) == ([], NO_DATABASE)
    charge = await gateway.charge(spec())
    assert charge is not None and charge.at_most is None
    assert [(one.limit, one.queue) for one in charge.limits] == [("MaxTime", "batch")]


async def test_what_a_partition_allows_each_job_is_among_the_limits(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    """By either way; what is asked for is compared with the smaller of node and limit."""
    update = ("scontrol", "update", "PartitionName=batch")
    slurm.tool(*update, "MaxNodes=1", "MaxCPUsPerNode=4", "MaxMemPerNode=4000")
    try:
        bench = await open_bench()
        gateway = gateway_of(bench)
        charge = await gateway.charge(spec())
        assert charge is not None
        told = {one.limit: (one.queue, one.granted) for one in charge.limits if one.queue}
        assert told == {
            "MaxTime": ("batch", 48),
            "MaxNodes": ("batch", 1),
            "MaxCPUsPerNode": ("batch", 4),
            "MaxMemPerNode": ("batch", 4000 * 2**20),
        }
        queue = next(one for one in bench.description.queues if one.name == "batch")
        assert (queue.max_cores, queue.max_memory_bytes) == (4, 4000 * 2**20)
    finally:
        slurm.tool(*update, "MaxNodes=UNLIMITED", "MaxCPUsPerNode=UNLIMITED", "MaxMemPerNode=0")


async def test_many_ask_and_slurm_is_asked_once(open_tools: OpenBench, tmp_path: Path) -> None:
    recorders = Recorders(tmp_path / "recorders")
    gateway = gateway_of(await open_tools(bin_directory=str(recorders.folder)))
    await gateway.allocations()
    before = recorders.calls()
    for _ in range(5):
        await gateway.allocations()
        await gateway.charge(spec())
    assert recorders.calls() == before


async def test_a_slurm_that_is_silent_keeps_what_was_known(
    open_tools: OpenBench, slurm: SlurmCluster
) -> None:
    gateway = gateway_of(await open_tools())
    known = await gateway.allocations(fresh=True)
    with slurm.without("slurmctld"):
        later = await gateway.allocations(fresh=True)
    assert later.as_of == known.as_of
    assert later.missing is not None
    assert len(later.allocations) == len(known.allocations)
