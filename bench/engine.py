"""What the engine adds to a program that does nothing, and what an array costs."""

from __future__ import annotations

import asyncio
import subprocess
import time

import msgspec

from bench import ways
from bench.server import Server, running_server
from bench.table import Row, milliseconds
from bench.ways import OurServer, Prepare
from jupyterlab_batch.domain.generated import IndexArray

STARTS = 30
ARRAYS = 20
TASKS = 10_000
LARGE = msgspec.structs.replace(ways.SPEC, array=IndexArray(start=0, stop=TASKS - 1))


def measure() -> list[Row]:
    """Measure on a server of its own."""
    with running_server() as server:
        starts = asyncio.run(_starts(server))
    with running_server() as server:
        arrays = asyncio.run(_arrays(server))
    return [starts, arrays]


async def _starts(server: Server) -> Row:
    """Run ``true`` through our server until its row says that it is over, and bare, in turn."""
    our_times, raw_times = [], []
    async with OurServer(server, "local") as ours:
        for done in range(1, STARTS + 1):
            send = ours.prepare()
            began = time.perf_counter()
            await send()
            _await_finished(server, done)
            our_times.append(time.perf_counter() - began)
            raw_times.append(_bare_seconds())
    our_p50, our_p95 = milliseconds(our_times)
    raw_p50, _ = milliseconds(raw_times)
    return Row(
        "`true`, from the submission to its row being over",
        f"p50 {our_p50:.0f} ms, p95 {our_p95:.0f} ms",
        f"a bare subprocess: p50 {raw_p50:.1f} ms",
        "",
    )


def _await_finished(server: Server, count: int) -> None:
    while server.get("jobs?limit=1").json()["counts"]["finished"] < count:
        time.sleep(0.002)


def _bare_seconds() -> float:
    began = time.perf_counter()
    subprocess.run(["true"], check=True)
    return time.perf_counter() - began


async def _arrays(server: Server) -> Row:
    """Hand over arrays that wait, through our server and over the engine's socket, in turn."""
    async with ways.busy_engine(server) as (raw, ours):
        return await compare_arrays("this machine", "the engine's socket", raw, ours)


async def compare_arrays(where: str, what: str, raw: Prepare, ours: OurServer) -> Row:
    """Hand over large arrays through our server and by the raw call, in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ARRAYS):
        for prepare, kept in zip((raw, ours.prepare), times, strict=True):
            send = prepare(LARGE)
            began = time.perf_counter()
            await send()
            kept.append(time.perf_counter() - began)
    (raw_p50, _), (our_p50, our_p95) = map(milliseconds, times)
    return Row(
        f"submit an array of {TASKS:,} tasks, {where}",
        f"p50 {our_p50:.1f} ms, p95 {our_p95:.1f} ms",
        f"{what}: p50 {raw_p50:.1f} ms; ours {our_p50 - raw_p50:+.1f} ms",
        "+50 ms",
    )
