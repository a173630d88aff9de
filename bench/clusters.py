"""What we add to the process that owns a Dask cluster on this machine."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bench.server import Server, running_server
from bench.table import Row, milliseconds, quantile
from jupyterlab_batch.gateways.local.clusterfolder import OWNER

STARTS = 5
PAGES = 20
QUESTIONS = 200
MEMORY_BYTES = 500 * 2**20
_IDLE_STOP_SECONDS = 600
_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.01
_PAGE = "workers"
_Times: TypeAlias = tuple[list[float], list[float]]
"""Ours, and without us; seconds."""
_SPEC = {
    "workers": {"kind": "fixed", "count": 1},
    "options": {"worker_cores": 1, "worker_memory_bytes": MEMORY_BYTES},
}


def measure() -> list[Row]:
    """Start clusters through our server and bare, in turn."""
    ours, bare = [], []
    with running_server() as server:
        before_bytes = _unique_bytes(server)
        for _ in range(STARTS):
            ours.append(_start(server))
            bare.append(_own())
        grown_bytes = _unique_bytes(server) - before_bytes
        pages, frames = _dashboard(server)
    more = quantile(ours, 0.5) - quantile(bare, 0.5)
    return [
        Row(
            "a Dask cluster is asked for → its first worker, this machine",
            _seconds(ours),
            f"the bare process that owns it: {_seconds(bare)}; ours {more:+.2f} s",
            "+0.5 s",
        ),
        Row(
            f"memory of the server after {STARTS} clusters",
            f"+{grown_bytes / 2**20:.1f} MB",
            "before the first one",
            "0 MB of dask",
        ),
        _proxy("a page of Dask's dashboard", *pages, "+15 ms"),
        _proxy("a question over its WebSocket, and its answer", *frames, "+1 ms a frame"),
    ]


def _seconds(values: list[float]) -> str:
    return f"p50 {quantile(values, 0.5):.2f} s, p95 {quantile(values, 0.95):.2f} s"


def _unique_bytes(server: Server) -> int:
    """Return the memory of the server that it shares with no other process."""
    server.get("clusters")
    return int(server.process.memory_full_info().uss)


def _start(server: Server) -> float:
    """Return how long it takes until a cluster that is started as the panel does has its worker."""
    began = time.perf_counter()
    with _running(server):
        return time.perf_counter() - began


@contextmanager
def _running(server: Server) -> Iterator[str]:
    """Start a cluster, wait for its worker, and stop it in the end."""
    body = {"gateway_id": "local", "spec": _SPEC}
    answer = server.post("clusters", body, **{"Idempotency-Key": str(uuid.uuid4())})
    cluster_id = answer.json()["id"]
    _await(lambda: _row(server, cluster_id)["workers"]["ready"] == 1)
    yield cluster_id
    server.post(f"clusters/{cluster_id}/stop", {})
    _await(lambda: _row(server, cluster_id)["phase"] in {"ABORTED", "COMPLETED", "ERROR"})


def _dashboard(server: Server) -> tuple[_Times, _Times]:
    """Ask for a page, and over its WebSocket, through our server and directly, in turn."""
    with _running(server) as cluster_id:
        places = server.engine_directory / f"clusters/{cluster_id}/scheduler.json"
        port = json.loads(places.read_bytes())["services"]["dashboard"]
        ours = f"{server.url}clusters/{cluster_id}/dashboard"
        return asyncio.run(_both(ours, f"http://127.0.0.1:{port}", server.headers))


async def _both(ours: str, direct: str, headers: dict[str, str]) -> tuple[_Times, _Times]:
    client = AsyncHTTPClient()
    pages: _Times = ([], [])
    sockets: list[tuple[str, str]] = []
    for _ in range(PAGES):
        sockets.clear()
        for address, times in zip((ours, direct), pages, strict=True):
            began = time.perf_counter()
            page = await client.fetch(f"{address}/{_PAGE}", headers=headers)
            times.append(time.perf_counter() - began)
            sockets.append((address, page.body.decode()))
    frames: _Times = ([], [])
    opened = [await _open(address, page, headers) for address, page in sockets]
    for _ in range(QUESTIONS):
        for socket, times in zip(opened, frames, strict=True):
            times.append(await _ask(socket))
    for socket in opened:
        socket.close()
    return pages, frames


async def _open(address: str, page: str, headers: dict[str, str]) -> WebSocketClientConnection:
    """Open the WebSocket of a page as bokeh does, with the token that lies in it."""
    found = re.search(r'"token":"([^"]+)"', page)
    if found is None:
        raise RuntimeError("The page holds no token.")
    request = HTTPRequest(f"{address.replace('http', 'ws', 1)}/{_PAGE}/ws", headers=headers)
    socket = await websocket_connect(request, subprotocols=["bokeh", found[1]])
    await _message(socket)  # it greets first
    return socket


async def _ask(socket: WebSocketClientConnection) -> float:
    """Send a question of three frames; return when the last of three of its answer is there."""
    number = str(uuid.uuid4())
    began = time.perf_counter()
    for part in ({"msgid": number, "msgtype": "SERVER-INFO-REQ"}, {}, {}):
        await socket.write_message(json.dumps(part))
    while (await _message(socket)).get("reqid") != number:
        pass  # the page is drawn anew meanwhile
    return time.perf_counter() - began


async def _message(socket: WebSocketClientConnection) -> dict[str, Any]:
    """Read one message of bokeh and return its head; drawings have more frames than three."""
    head = json.loads(await socket.read_message() or "")
    for _ in range(2 + 2 * int(head.get("num_buffers", 0))):
        await socket.read_message()
    return dict(head)


def _proxy(what: str, ours: list[float], direct: list[float], budget: str) -> Row:
    (our_p50, our_p95), (p50, p95) = milliseconds(ours), milliseconds(direct)
    return Row(
        what,
        f"p50 {our_p50:.1f} ms, p95 {our_p95:.1f} ms",
        f"without us: p50 {p50:.1f} ms, p95 {p95:.1f} ms; ours {our_p50 - p50:+.1f} ms",
        budget,
    )


def _row(server: Server, cluster_id: str) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"clusters/{cluster_id}").json()
    return found


def _own() -> float:
    """Run the owner itself in a folder, wait for its worker, and end it."""
    with tempfile.TemporaryDirectory(prefix="jupyterlab-batch-bench-") as name:
        folder = Path(name)
        start = {
            "name": "bare",
            "worker_cores": 1,
            "worker_memory_bytes": MEMORY_BYTES,
            "idle_stop_seconds": _IDLE_STOP_SECONDS,
            "scratch": str(folder / "scratch"),
        }
        order = {"minimum": 1, "maximum": 1, "adaptive": False}
        (folder / "start.json").write_text(json.dumps(start))
        (folder / "order.json").write_text(json.dumps(order))
        began = time.perf_counter()
        owner = subprocess.Popen(
            [sys.executable, OWNER, folder], cwd=folder, stderr=subprocess.DEVNULL
        )
        try:
            _await(lambda: _ready(folder) == 1)
            return time.perf_counter() - began
        finally:
            owner.terminate()
            owner.wait()


def _ready(folder: Path) -> int:
    try:
        return int(json.loads((folder / "state.json").read_bytes())["ready"])
    except FileNotFoundError:
        return 0


def _await(is_it: Callable[[], bool]) -> None:
    """Look until it is.

    Raises
    ------
    TimeoutError
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while not is_it():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(_LOOK_SECONDS)
