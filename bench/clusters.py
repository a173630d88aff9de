"""What we add to the process that owns a Dask cluster on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.server import Server, running_server
from bench.table import Row, quantile
from jupyterlab_batch.gateways.local.clusterfolder import OWNER

STARTS = 5
MEMORY_BYTES = 500 * 2**20
_IDLE_STOP_SECONDS = 600
_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.01
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
    ]


def _seconds(values: list[float]) -> str:
    return f"p50 {quantile(values, 0.5):.2f} s, p95 {quantile(values, 0.95):.2f} s"


def _unique_bytes(server: Server) -> int:
    """Return the memory of the server that it shares with no other process."""
    server.get("clusters")
    return int(server.process.memory_full_info().uss)


def _start(server: Server) -> float:
    """Start a cluster as the panel does, wait for its worker, and stop it."""
    body = {"gateway_id": "local", "spec": _SPEC}
    began = time.perf_counter()
    answer = server.post("clusters", body, **{"Idempotency-Key": str(uuid.uuid4())})
    cluster_id = answer.json()["id"]
    _await(lambda: _row(server, cluster_id)["workers"]["ready"] == 1)
    seconds = time.perf_counter() - began
    server.post(f"clusters/{cluster_id}/stop", {})
    _await(lambda: _row(server, cluster_id)["phase"] in {"ABORTED", "COMPLETED", "ERROR"})
    return seconds


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
