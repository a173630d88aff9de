"""How often slurmrestd is asked, counted between the gateway and the real one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from jupyterlab_batch.gateways.pace import TokenBucket
from tests.gateways.conformance.bench import eventually
from tests.gateways.conformance.jobs import HELLO, UNTIL_TOLD
from tests.gateways.rigs.proxy import RecordingProxy
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi, recorded
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster


@pytest.fixture
def proxy(slurm: SlurmCluster) -> Iterator[RecordingProxy]:
    with RecordingProxy(slurm.url) as recording:
        yield recording


async def test_nothing_is_asked_while_nothing_is_tracked(
    proxy: RecordingProxy, open_rest: OpenBench
) -> None:
    await open_rest(url=proxy.url)
    before = proxy.count()
    other = await open_rest()
    await other.end(await other.submit(HELLO))
    assert proxy.count() == before


async def test_how_often_is_asked_depends_on_who_looks(
    slurm: SlurmCluster, proxy: RecordingProxy, open_rest: OpenBench
) -> None:
    bench = await open_rest(
        url=proxy.url, moving_interval_seconds=0.6, unseen_interval_seconds=1000.0
    )
    run = await bench.submit(UNTIL_TOLD)
    await bench.executing(run)

    count, began = proxy.count("/job/"), time.monotonic()
    await eventually(lambda: proxy.count("/job/") >= count + 12, "it is not asked")
    assert time.monotonic() - began > 3  # at most the five looks at a new job, and every 0.54 s

    bench.gateway.set_interest(looking=False)
    count = proxy.count()
    run.launch.run_directory.joinpath("go").touch()
    query = ("squeue", "--noheader", "--states=all", f"--jobs={run.native_id}", "--format=%T")
    await eventually(lambda: "COMPLETED" in slurm.tool(*query), "it never ended")
    assert proxy.count() <= count + 1  # what was under way
    assert bench.seen(run)[-1].phase == "EXECUTING"

    bench.gateway.set_interest(looking=True)
    assert (await bench.end(run)).phase == "COMPLETED"


async def test_all_that_is_looked_for_at_once_costs_few_lists(
    slurm: SlurmCluster, proxy: RecordingProxy, open_rest: OpenBench
) -> None:
    bench = await open_rest(url=proxy.url)
    runs = [await bench.submit(HELLO) for _ in range(3)]
    for run in runs:
        await bench.end(run)
    ids = ",".join(run.native_id for run in runs)
    query = ("sacct", "--noheader", "--allocations", f"--jobs={ids}", "--format=JobID")
    await eventually(lambda: len(slurm.tool(*query).split()) == len(runs), "slurmdbd is behind")
    _, absent = bench.write(HELLO)
    launches = [*(run.launch for run in runs), absent] * 5
    before = proxy.count()
    found = await asyncio.gather(*map(bench.gateway.look_up, launches))
    native_ids = [None if one is None else one.native_id for one in found]
    assert native_ids == [*(run.native_id for run in runs), None] * 5
    lists = [call.path for call in proxy.calls[before:] if "/job/" not in call.path]
    # One for all; after the moment in which slurmdbd may be behind one for the first who asks for
    # what it did not know, and one for all others. Who comes while one is on its way needs another.
    assert sum("/slurmdb/" in path for path in lists) <= 4
    assert sum("/slurm/" in path for path in lists) <= 2


async def test_a_nudge_is_a_look_at_that_job_alone(
    proxy: RecordingProxy, open_rest: OpenBench
) -> None:
    bench = await open_rest(
        url=proxy.url, moving_interval_seconds=1000.0, unseen_interval_seconds=1000.0
    )
    still, ends = [await bench.submit(UNTIL_TOLD) for _ in range(2)]
    for run in (still, ends):
        await bench.executing(run)
    count = proxy.count(f"/job/{still.native_id}")
    ends.launch.run_directory.joinpath("go").touch()
    bench.gateway.nudge([ends.native_id])
    assert (await bench.end(ends)).phase == "COMPLETED"
    assert proxy.count(f"/job/{still.native_id}") <= count + 3  # the looks at a new job go on
    still.launch.run_directory.joinpath("go").touch()
    bench.gateway.nudge([still.native_id])
    await bench.end(still)


async def test_a_slurm_that_fails_is_left_alone_for_longer_and_longer(
    monkeypatch: pytest.MonkeyPatch, open_rest: OpenBench
) -> None:
    monkeypatch.setattr(
        "jupyterlab_batch.gateways.breaker.BACK_OFF_SECONDS", (0.1, 0.4, 0.8, 1000.0)
    )
    with StandIn(lambda method, path: (500, {"errors": []})) as slurmrestd:
        bench = await open_rest(url=slurmrestd.url)
        asked_at = []
        for number in (1, 2, 3):
            bench.track(str(number), "jlb:none", bench.plan(HELLO).created_at)
            bench.gateway.nudge(["1"])
            count = len(slurmrestd.paths)
            await eventually(partial(_is_longer, slurmrestd.paths, count), "never asked again")
            asked_at.append(time.monotonic())
        assert asked_at[1] - asked_at[0] > 0.3
        assert asked_at[2] - asked_at[1] > 0.6
    assert not bench.health[-1].ok


async def test_many_jobs_cost_one_call_and_the_details_of_a_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")
    monkeypatch.setattr("jupyterlab_batch.gateways.slurm.rest.DETAILS_AT_ONCE", 3)
    native_ids = [str(number) for number in range(1, 6)]
    words = {native_id: ["PENDING"] for native_id in native_ids}

    def answer(method: str, path: str) -> Answer:
        if path == "/openapi/v3":
            return 200, openapi(44)
        if "/jobs/state" in path:
            states = [{"job_id": int(one), "state": words[one]} for one in native_ids]
            return 200, {"jobs": states}
        native_id = path.rpartition("/")[2]
        (job,) = recorded("job-v0.0.44")["jobs"]
        number = {"set": True, "infinite": False, "number": int(native_id)}
        return 200, {"jobs": [{**job, "job_id": number, "job_state": words[native_id]}]}

    with StandIn(answer) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)

        async def details() -> int:
            count = len(slurmrestd.paths)
            seen = await gateway.list_active(native_ids)
            assert [one.native_id for one in seen] == native_ids
            asked = slurmrestd.paths[count:]
            return sum("/job/" in path for path in asked)

        assert [await details(), await details(), await details()] == [3, 2, 0]
        words.update({native_id: ["FAILED"] for native_id in native_ids})
        seen = await gateway.list_active(native_ids)
        # None is called over before it is known how it ended.
        assert [one.phase for one in seen].count("ERROR") == 3
        assert {one.exit_code for one in seen if one.phase == "ERROR"} == {3}
        assert [one.phase for one in seen].count("EXECUTING") == 2
        await gateway.stop()


async def test_a_bucket_lets_a_burst_through_then_so_many_a_second() -> None:
    bucket = TokenBucket(per_second=20, burst=3)
    began = time.monotonic()
    for _ in range(3):
        await bucket.take()
    assert time.monotonic() - began < 0.1
    for _ in range(6):
        await bucket.take()
    assert time.monotonic() - began >= 0.25


def _is_longer(paths: Sequence[str], count: int) -> bool:
    return len(paths) > count
