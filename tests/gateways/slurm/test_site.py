"""What there is to choose from on a cluster, and what goes with what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Gateway, JobSpec, Placement, Resources
from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.jobs import HELLO, MEBIBYTE
from tests.gateways.rigs.slurm import Recorders
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster

NOW = datetime.now(timezone.utc)
EXTRA = "extra"
"""A partition that only this module has, which takes little."""


@pytest.fixture(scope="module")
def site(slurm: SlurmCluster) -> Iterator[SlurmCluster]:
    """Have something to choose from, for as long as these tests take."""
    tool = slurm.tool
    tool("sacctmgr", "-i", "add", "qos", "quick", "MaxWall=10", "Description=Quick work")
    tool("sacctmgr", "-i", "modify", "user", "root", "where", "account=astro", "set", "qos+=quick")
    tool("scontrol", "update", "node=n2", "availablefeatures=big,fast", "activefeatures=big,fast")
    only = ("AllowAccounts=astro", "AllowQos=normal")
    tool("scontrol", "create", f"partition={EXTRA}", "nodes=n2", "MaxTime=60", *only)
    window = ("starttime=now", "duration=60", "flags=ignore_jobs,overlap")
    for name, user in (("ours", "root"), ("hers", "alice")):
        where = (f"users={user}", "nodes=n2", "partition=batch")
        tool("scontrol", "create", f"reservation={name}", *window, *where)
    yield slurm
    for name in ("ours", "hers"):
        tool("scontrol", "delete", f"reservation={name}")
    tool("scontrol", "delete", f"partition={EXTRA}")
    tool("scontrol", "update", "node=n2", "availablefeatures=", "activefeatures=")
    tool("sacctmgr", "-i", "delete", "qos", "quick")


def spec(resources: dict[str, int] | None = None, **placement: Any) -> JobSpec:
    some = {"cores": 1, "memory_bytes": 64 * MEBIBYTE, "walltime_seconds": 60, **(resources or {})}
    return msgspec.structs.replace(
        HELLO.spec, placement=Placement(**placement), resources=Resources(**some)
    )


async def submit(bench: Bench, asked: JobSpec) -> Run:
    plan, launch = bench.write(HELLO)
    launch = replace(launch, spec=asked)
    return bench.follow(plan, launch, await bench.gateway.submit(launch))


async def shown(site: SlurmCluster, bench: Bench, asked: JobSpec) -> dict[str, str]:
    """Submit a job and return what Slurm made of it; then end it."""
    run = await submit(bench, asked)
    text = await asyncio.to_thread(site.tool, "scontrol", "-o", "show", "job", run.native_id)
    await bench.gateway.cancel(run.native_id)
    return dict(pair.split("=", 1) for pair in text.split() if "=" in pair)


async def test_both_ways_tell_the_same(
    site: SlurmCluster, open_rest: OpenBench, open_tools: OpenBench
) -> None:
    rest, tools = (await open_rest()).description, (await open_tools()).description
    assert rest.queues == tools.queues
    assert rest.accounts == tools.accounts == ["astro", "root"]
    assert (rest.site.qos, rest.site.reservations) == (tools.site.qos, tools.site.reservations)
    assert rest.site.features == tools.site.features == ["big", "fast"]
    assert rest.site.default_account == tools.site.default_account == "root"
    assert set(tools.site.accepts) - set(rest.site.accepts) == {"resources.scratch_bytes"}
    for told in (rest.site, tools.site):
        assert told.jobs_waiting is not None
        assert told.as_of is not None
        assert abs(told.as_of - datetime.now(timezone.utc)) < timedelta(minutes=10)


async def test_it_is_told_as_the_site_is(site: SlurmCluster, open_tools: OpenBench) -> None:
    told: Gateway = (await open_tools()).description
    queues = {queue.name: queue for queue in told.queues}
    assert [name for name, queue in queues.items() if queue.default] == ["debug"]
    assert (queues["debug"].max_walltime_seconds, queues["debug"].default_walltime_seconds) == (
        1800,
        300,
    )
    assert (queues["batch"].max_nodes, queues["batch"].total_cores) == (2, 16)
    assert (queues["debug"].accounts, queues["debug"].features) == (None, [])
    assert (queues[EXTRA].accounts, queues[EXTRA].qos) == (["astro"], ["normal"])
    assert queues[EXTRA].features == ["big", "fast"]
    qualities = {one.name: one for one in told.site.qos}
    assert (qualities["quick"].title, qualities["quick"].accounts) == ("quick work", ["astro"])
    assert qualities["quick"].max_walltime_seconds == 600
    assert [one.name for one in told.site.reservations] == ["ours"]
    assert told.site.reservations[0].queue == "batch"


IMPOSSIBLE = {
    "account not in the partition": (spec(queue=EXTRA, account="root"), "placement.account"),
    "default account not in the partition": (spec(queue=EXTRA), "placement.queue"),
    "qos not in the partition": (
        spec(queue=EXTRA, account="astro", qos="quick"),
        "placement.qos",
    ),
    "qos not of the account": (spec(account="root", qos="quick"), "placement.qos"),
    "reservation of another partition": (spec(reservation="ours"), "placement.reservation"),
    "reservation of somebody else": (
        spec(queue="batch", reservation="hers"),
        "placement.reservation",
    ),
    "feature of another partition": (spec(features=["fast"]), "placement.features"),
    "time over that of the qos": (
        spec({"walltime_seconds": 660}, account="astro", qos="quick"),
        "resources.walltime_seconds",
    ),
    "time over that of the partition": (
        spec({"walltime_seconds": 7200}, queue=EXTRA, account="astro"),
        "resources.walltime_seconds",
    ),
    "begin in the past": (spec(begin_at=NOW - timedelta(hours=1)), "placement.begin_at"),
    "begin after the reservation": (
        spec(queue="batch", reservation="ours", begin_at=NOW + timedelta(hours=3)),
        "placement.begin_at",
    ),
    "more nodes than the partition has": (
        spec({"nodes": 3, "processes": 3}, queue="batch"),
        "resources.nodes",
    ),
    "more processes than fit into the nodes": (
        spec({"nodes": 1, "processes": 5, "cores": 2}, queue="batch"),
        "resources.processes",
    ),
    "more processes than the partition has cores": (
        spec({"processes": 17}, queue="batch"),
        "resources.processes",
    ),
}


@pytest.mark.usefixtures("site")
async def test_what_cannot_work_is_an_issue_at_its_field(open_tools: OpenBench) -> None:
    gateway = (await open_tools()).gateway
    for case, (asked, field) in IMPOSSIBLE.items():
        found = [one.field_ for one in await gateway.check(asked)]
        assert found == [f"spec.{field}"], case


async def test_what_is_chosen_reaches_slurm(site: SlurmCluster, open_bench: OpenBench) -> None:
    bench = await open_bench()
    begin_at = datetime.now(timezone.utc) + timedelta(minutes=30)
    asked = spec(
        {"nodes": 2, "processes": 4, "cores": 2},
        queue="batch",
        account="astro",
        qos="quick",
        begin_at=begin_at,
    )
    assert await bench.gateway.check(asked) == []
    job = await shown(site, bench, asked)
    assert (job["Partition"], job["Account"], job["QOS"]) == ("batch", "astro", "quick")
    assert (job["NumNodes"], job["NumTasks"], job["CPUs/Task"]) == ("2-2", "4", "2")
    assert datetime.fromisoformat(job["EligibleTime"]).astimezone() == begin_at.replace(
        microsecond=0
    )
    reserved = spec(queue="batch", reservation="ours", features=["fast", "big"])
    assert await bench.gateway.check(reserved) == []
    job = await shown(site, bench, reserved)
    assert (job["Reservation"], job["Features"]) == ("ours", "fast&big")


async def test_space_on_a_disk_is_asked_for(site: SlurmCluster, open_tools: OpenBench) -> None:
    _, launch = (bench := await open_tools()).write(HELLO)
    launch = replace(launch, spec=spec({"scratch_bytes": 5 * MEBIBYTE + 1}))
    assert "--tmp=6M" in bench.gateway.render(launch).request
    await bench.gateway.describe(fresh=True)
    assert site.url


@pytest.mark.usefixtures("site")
async def test_asking_costs_the_same_whatever_is_in_the_queue(
    open_tools: OpenBench, tmp_path: Path
) -> None:
    recorders = Recorders(tmp_path / "recorders")
    bench = await open_tools(bin_directory=str(recorders.folder))
    await bench.gateway.check(spec(queue="batch"))
    before = recorders.calls()
    for _ in range(5):
        await bench.gateway.describe()
        await bench.gateway.check(spec(queue="batch"))
    assert recorders.calls() == before
    assert not {"squeue", "sacct"} & set(before)
