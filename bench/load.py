"""What the server costs: at rest, with many jobs, after a crash, beside a gateway that hangs."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psutil

from bench.server import Server, running_server
from bench.table import Row, quantile
from bench.ways import LONG, OurServer
from jupyterlab_batch.gateways.local import LocalGateway

JOBS = 10_000
CANCELLED = 100
REST_SECONDS = 60.0
LAG_SECONDS = 40.0
ASKED_SECONDS = 0.1
_LANES = 8
_BARE = "c.ServerApp.jpserver_extensions = {'jupyterlab_batch': False}"
_WITH = "c.ServerApp.jpserver_extensions = {'jupyterlab_batch': True, 'bench.lag': True}"
_WITHOUT = "c.ServerApp.jpserver_extensions = {'jupyterlab_batch': False, 'bench.lag': True}"
_CLAIMS = base64.urlsafe_b64encode(json.dumps({"exp": 2**32, "sun": "me"}).encode()).decode()
_TOKEN = f"e30.{_CLAIMS.rstrip('=')}.x"
"""Looks like one; nobody ever reads it."""


def measure() -> list[Row]:
    """Measure, each on a server of its own."""
    return [_rest(), *_many(), _lag()]


def _rest() -> Row:
    """Let a server do nothing; nobody looks at it and it has no jobs."""
    shares = []
    for config in ("", _BARE):
        with running_server(config=config) as server:
            time.sleep(5)
            before = _cpu_seconds(server.process)
            time.sleep(REST_SECONDS)
            shares.append((_cpu_seconds(server.process) - before) / REST_SECONDS)
    ours, bare = shares
    return Row("CPU of a server that rests", f"{ours:.2%}", f"bare server: {bare:.2%}", "+0.1 %")


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _many() -> list[Row]:
    """Crash a server with many jobs, change some behind its back, and let it find out."""
    with running_server() as server:
        empty_seconds = _restart(server)
        empty_bytes = _used(server)
        asyncio.run(_submit(server))
        server.kill()
        asyncio.run(_cancel_some(server))
        start_seconds = server.start()
        seconds = server.until(queued=JOBS - CANCELLED, finished=CANCELLED)
        used = _used(server) - empty_bytes
    return [
        Row(
            f"recovery after a crash, {JOBS:,} jobs, {CANCELLED} of them cancelled meanwhile",
            f"{seconds:.2f} s after its first answer, none wrong",
            f"start {start_seconds:.1f} s; without jobs {empty_seconds:.1f} s",
            "2 s",
        ),
        Row(
            f"memory of the server, {JOBS:,} jobs that wait",
            f"+{used / 2**20:.0f} MB",
            "the same server without jobs",
            "+40 MB",
        ),
    ]


def _restart(server: Server) -> float:
    server.kill()
    return server.start()


def _used(server: Server) -> int:
    for _ in range(20):
        server.get("jobs?limit=500")
    return int(server.process.memory_info().rss)


async def _submit(server: Server) -> None:
    waiting = iter(range(JOBS))
    async with OurServer(server, "local") as ours:
        await ours.prepare(LONG)()

        async def lane() -> None:
            for _ in waiting:
                await ours.prepare()()

        await asyncio.gather(*(lane() for _ in range(_LANES)))


async def _cancel_some(server: Server) -> None:
    with closing(sqlite3.connect(server.store_path)) as store:
        native_ids = [row[0] for row in store.execute("SELECT native_id FROM jobs")]
    gateway = LocalGateway(state_directory=str(server.engine_directory))
    listed = await gateway.look_at(native_ids)
    for one in [one for one in listed if one.phase == "QUEUED"][:CANCELLED]:
        await gateway.cancel(one.native_id)
    await gateway.stop()


def _lag() -> Row:
    """Measure how late the event loop is while a gateway hangs and somebody looks."""
    with _silent_port() as port:
        hanging = {"kind": "slurm", "url": f"http://127.0.0.1:{port}"}
        with running_server(hanging, environment={"SLURM_JWT": _TOKEN}, config=_WITH) as server:
            ours = _p99_ms(server, "jupyterlab-batch/v1/jobs?limit=50")
    with running_server(config=_WITHOUT) as server:
        bare = _p99_ms(server, "api/status")
    return Row(
        "event loop while a gateway hangs and a tab asks ten times a second, p99 of its delay",
        f"{ours:.1f} ms",
        f"bare server, asked as often: {bare:.1f} ms; {ours / bare:.1f} times",
        "20 ms, 2 times",
    )


def _p99_ms(server: Server, endpoint: str) -> float:
    server.read("bench/lag")
    end = time.monotonic() + LAG_SECONDS
    while time.monotonic() < end:
        server.read(endpoint)
        time.sleep(ASKED_SECONDS)
    delays: list[float] = server.read("bench/lag").json()
    return quantile(delays, 0.99) * 1000


@contextmanager
def _silent_port() -> Iterator[int]:
    """Take connections and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield int(listener.getsockname()[1])
