"""What our server adds to handing a job over: key, store and run directory, each on the disk.

Nothing that is submitted starts, so that no job takes the time of the call that is measured: the
engine is busy with a long job, and Slurm's partition is down.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

from bench import ways
from bench.server import running_server
from bench.table import Row, milliseconds
from bench.ways import OurServer, Prepare
from tests.slurm_cluster.cluster import SlurmCluster, missing

WARM_UP = 10
ROUNDS = 200
MANY = 1000
IN_FLIGHT = 8


def measure() -> list[Row]:
    """Measure the engine, and Slurm where it can be started."""
    rows = asyncio.run(_engine())
    reason = missing()
    if reason is None:
        with parked_slurm() as cluster:
            rows += asyncio.run(_slurm(cluster))
    else:
        print(f"Left out: {reason}")
    return rows


async def _engine() -> list[Row]:
    with running_server() as server:
        async with ways.busy_engine(server) as (raw, ours):
            return await _compare("this machine", "the engine's socket", raw, ours)


async def _slurm(cluster: SlurmCluster) -> list[Row]:
    async with ways.slurm_by_rest(cluster) as (raw, ours):
        return await _compare("Slurm by REST", "slurmrestd", raw, ours)


@contextlib.contextmanager
def parked_slurm() -> Iterator[SlurmCluster]:
    """Run a Slurm that takes jobs and starts none."""
    cluster = SlurmCluster(min_job_age_seconds=300)
    try:
        cluster.up()
        cluster.tool("scontrol", "update", "PartitionName=debug", "State=DOWN")
        yield cluster
    finally:
        cluster.close()


async def _compare(where: str, what: str, raw: Prepare, ours: OurServer) -> list[Row]:
    raw_times, our_times = await _alternate(raw, ours.prepare)
    raw_p50, raw_p95 = milliseconds(raw_times)
    our_p50, our_p95 = milliseconds(our_times)
    # Raw ones before, between and after ours: the longer a queue, the slower it is.
    raw_rates = [await _rate(raw, MANY // 2)]
    alone_rate = await _rate(ours.prepare, MANY)
    raw_rates.append(await _rate(raw, MANY // 2))
    together_rate = await _rate_together(ours)
    raw_rates.append(await _rate(raw, MANY // 2))
    raw_rate = len(raw_rates) / sum(1 / rate for rate in raw_rates)
    return [
        Row(
            f"submit, {where}",
            f"p50 {our_p50:.1f} ms, p95 {our_p95:.1f} ms",
            f"{what}: p50 {raw_p50:.1f} ms, p95 {raw_p95:.1f} ms; "
            f"ours {our_p50 - raw_p50:+.1f} and {our_p95 - raw_p95:+.1f} ms",
            "+10 and +40 ms",
        ),
        *(
            Row(
                f"{MANY:,} submissions, {how}, {IN_FLIGHT} in flight, {where}",
                f"{rate:.0f} a second",
                f"{what}: {raw_rate:.0f} a second; ours {rate / raw_rate:.0%} of it",
                "30 %",
            )
            for how, rate in (("a request each", alone_rate), ("`submit_many`", together_rate))
        ),
    ]


async def _alternate(raw: Prepare, ours: Prepare) -> tuple[list[float], list[float]]:
    """Hand over one at a time, raw and ours in turn; return the times of each in seconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(WARM_UP + ROUNDS):
        for prepare, kept in zip((raw, ours), times, strict=True):
            send = prepare()
            began = time.perf_counter()
            await send()
            if number >= WARM_UP:
                kept.append(time.perf_counter() - began)
    return times


async def _rate(prepare: Prepare, count: int) -> float:
    """Return how many are taken in a second."""
    waiting = iter([prepare() for _ in range(count)])

    async def lane() -> None:
        for send in waiting:
            await send()

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(IN_FLIGHT)))
    return count / (time.perf_counter() - began)


async def _rate_together(ours: OurServer) -> float:
    """Return how many are taken in a second when many come in each request."""
    send = ours.prepare_many(MANY)
    began = time.perf_counter()
    await send()
    return MANY / (time.perf_counter() - began)
