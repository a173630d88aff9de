"""Large arrays on Slurm, and how long a server that crashed takes to know its jobs there again.

Nothing that is submitted starts: the partition is down.
"""

from __future__ import annotations

import asyncio
import time

from bench import ways
from bench.engine import LARGE, TASKS, compare_arrays
from bench.server import Server, running_server
from bench.submit import parked_slurm
from bench.table import Row
from bench.ways import OurServer
from tests.slurm_cluster.cluster import SlurmCluster, missing

JOBS = 10_000
CANCELLED = 100
_PATIENCE_SECONDS = 240.0
_SETTLED_SECONDS = 15.0


def measure() -> list[Row]:
    """Measure where Slurm can be started."""
    reason = missing()
    if reason is not None:
        print(f"Left out: {reason}")
        return []
    with parked_slurm() as cluster:
        rows = [asyncio.run(_arrays(cluster))]
    with parked_slurm() as cluster:
        rows.append(_jobs_again(cluster))
    with parked_slurm() as cluster:
        rows.append(_array_again(cluster))
    return rows


async def _arrays(cluster: SlurmCluster) -> Row:
    async with ways.slurm_by_rest(cluster) as (raw, ours):
        return await compare_arrays("Slurm by REST", "slurmrestd", raw, ours)


def _jobs_again(cluster: SlurmCluster) -> Row:
    """Crash a server with many single jobs, cancel some behind its back, ask by the tools."""
    with running_server(_rest(cluster), environment=_token(cluster)) as server:
        asyncio.run(_submit_many(server))
        server.kill()
        server.configure({"kind": "slurm", "transport": "cli"})
        tools = {"SLURM_CONF": cluster.conf}
        server.start(tools)
        first_seconds = _let_settle(server)  # by REST it looks at two jobs a second
        server.kill()
        ids = cluster.tool("squeue", "--noheader", "--format=%i").split()[:CANCELLED]
        cluster.tool("scancel", *ids)
        start_seconds = server.start(tools)
        seconds = server.until(queued=JOBS - CANCELLED, finished=CANCELLED)
    return Row(
        f"recovery after a crash, {JOBS:,} jobs on Slurm by tools, {CANCELLED} cancelled meanwhile",
        f"{seconds:.2f} s after its first answer, none wrong",
        f"start {start_seconds:.1f} s; where each has changed, about {first_seconds:.0f} s",
        "5 s",
    )


def _array_again(cluster: SlurmCluster) -> Row:
    """Crash a server with one large array, cancel it behind its back, ask by REST."""
    token = _token(cluster)
    with running_server(_rest(cluster), environment=token) as server:
        asyncio.run(_submit_array(server))
        server.kill()
        cluster.tool("scancel", "--user=root")
        start_seconds = server.start(token)
        seconds = server.until(queued=0, finished=1)
    return Row(
        f"recovery after a crash, {TASKS:,} tasks on Slurm by REST, cancelled meanwhile",
        f"{seconds:.2f} s after its first answer, none wrong",
        f"start {start_seconds:.1f} s",
        "5 s",
    )


def _rest(cluster: SlurmCluster) -> dict[str, object]:
    return {"kind": "slurm", "url": cluster.url}


def _token(cluster: SlurmCluster) -> dict[str, str]:
    return {"SLURM_JWT": cluster.token()}


async def _submit_many(server: Server) -> None:
    async with OurServer(server, "slurm") as ours:
        await ours.prepare_many(JOBS)()


async def _submit_array(server: Server) -> None:
    async with OurServer(server, "slurm") as ours:
        await ours.prepare(LARGE)()


def _let_settle(server: Server) -> float:
    """Wait until all is stored and nothing changes any more; return how long something did."""
    began = changed = time.monotonic()
    before = -1
    while time.monotonic() - changed < _SETTLED_SECONDS:
        seq = server.get("jobs?limit=1").json()["seq"]
        if seq != before:
            before, changed = seq, time.monotonic()
        if changed - began > _PATIENCE_SECONDS:
            raise RuntimeError(f"{seq} changes, and more come")
        time.sleep(0.5)
    return changed - began
