"""Answers questions about a cluster, over a socket in the folder that only its user can enter.

Runs in the process of `owner`, which loads it by its path: nothing else of ours need be there.
A question is one line of JSON, its answer all that comes until the connection is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

_MOST_QUESTION_BYTES: Final = 2**20
_LISTEN_SECONDS: Final = 10.0
_MOST_GROUPS: Final = 200
_LONGEST_PATH: Final = 100
"""So long is what every system takes as the path of a socket."""
_SAME: Final = ("python", "dask", "distributed", "cloudpickle", "numpy")
"""What must be the same on both sides for work to be read."""
_NEAR: Final = 0.8
"""From here on Dask pauses a worker; at 0.95 its nanny ends it."""
_AWAY: Final = 0.7
_KILLED_SECONDS: Final = 600.0
_KILLED_IN_A_ROW: Final = 3
_KERNEL: Final = re.compile(r"/kernel-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$")
"""How Jupyter calls the file that a kernel is started with."""
_STATES: Final = {"init": "starting", "running": "running", "paused": "paused"}

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


async def listen(folder: Path, answers: dict[str, Answer]) -> asyncio.AbstractServer:
    """Answer questions, each by what is there for its ``ask``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, KeyError, asyncio.TimeoutError):
            line = await asyncio.wait_for(reader.readline(), _LISTEN_SECONDS)  # noqa: TID251 -- nobody cancels it
            question = json.loads(line)
            answer = await answers[question["ask"]](question)
            writer.write(json.dumps(answer).encode())
            await writer.drain()
        writer.close()

    path = str(folder / "owner.sock")
    if len(path) > _LONGEST_PATH:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        path = f"/proc/self/fd/{descriptor}/owner.sock"
    return await asyncio.start_unix_server(serve, path, limit=_MOST_QUESTION_BYTES)


def tell_workers(scheduler: Any) -> dict[str, Any]:  # noqa: ANN401 -- dask is not there for mypy
    """Return all workers that the scheduler knows."""
    told = [_worker(one) for one in scheduler.workers.values()]
    return {"as_of": time.time(), "workers": told}


def _worker(one: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
    metrics = one.metrics or {}
    spilled = metrics.get("spilled_bytes") or {}
    return {
        "address": one.address,
        "name": str(one.name),
        "state": _STATES.get(one.status.name, "closing"),
        "cores": one.nthreads,
        "cpu_percent": metrics.get("cpu"),
        "memory_bytes": one.memory_limit or None,
        "memory_used_bytes": metrics.get("memory"),
        "spilled_bytes": spilled.get("disk") if isinstance(spilled, dict) else None,
        "tasks_processing": len(one.processing),
        "tasks_in_memory": len(one.has_what),
        "last_seen_at": one.last_seen,
    }


def tell_progress(scheduler: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
    """Return how far the groups of tasks are, the newest first."""
    groups = list(scheduler.task_groups.values())
    told = [_group(one) for one in reversed(groups[-_MOST_GROUPS:])]
    return {"as_of": time.time(), "groups_total": len(groups), "groups": told}


def _group(group: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
    states = dict(group.states)
    waiting = sum(states.get(one, 0) for one in ("waiting", "queued", "no-worker"))
    return {
        "name": str(group.name),
        "total": sum(states.values()),
        "waiting": waiting,
        "processing": states.get("processing", 0),
        "done": sum(states.get(one, 0) for one in ("memory", "released", "forgotten")),
        "erred": states.get("erred", 0),
    }


async def tell_users(scheduler: Any) -> dict[str, Any]:  # noqa: ANN401 -- as above
    """Return how many clients are connected, and which kernels some of them are in."""
    comms = [one.comm for one in scheduler.client_comms.values()]
    ports = [int(one.peer_address.rpartition(":")[2]) for one in comms]
    at = time.time()
    kernels = await asyncio.to_thread(_kernels_of, ports)
    return {"as_of": at, "clients": len(ports), "kernel_ids": kernels}


def _kernels_of(ports: list[int]) -> list[str] | None:
    """Return the kernels that hold these ports of the loopback; ``None`` if that cannot be seen."""
    import psutil  # noqa: PLC0415 -- dask has it

    try:
        held = {one.laddr.port: one.pid for one in psutil.net_connections("tcp4") if one.laddr}
    except psutil.Error:
        return None
    pids = [held.get(port) for port in ports]
    found = [_kernel_of(pid) for pid in pids if pid is not None]
    return [one for one in found if one is not None]


def _kernel_of(pid: int) -> str | None:
    """Return the kernel that a process is, or was started by."""
    import psutil  # noqa: PLC0415 -- as above

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.parents()):
            names = [found for word in one.cmdline() if (found := _KERNEL.search(word))]
            if names:
                return names[0][1]
    return None


class Worries:
    """What the user of a cluster should know of it."""

    def __init__(self) -> None:
        self._near: dict[str, float] = {}
        self._killed: list[float] = []
        self._own: dict[str, Any] | None = None

    def lost(self, stimulus: str) -> None:
        """Note that a worker went, if it was not told to."""
        if stimulus.startswith("handle-worker-cleanup"):
            self._killed.append(time.time())

    def tell(self, scheduler: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- as above
        """Return all that is amiss now."""
        found = [self._memory(scheduler), self._kills(), self._versions(scheduler)]
        return [one for one in found if one is not None]

    def _memory(self, scheduler: Any) -> dict[str, Any] | None:  # noqa: ANN401 -- as above
        now = time.time()
        near = {}
        for one in scheduler.workers.values():
            used = (one.metrics or {}).get("memory", 0) / (one.memory_limit or float("inf"))
            if used >= (_AWAY if one.address in self._near else _NEAR):
                near[one.address] = self._near.get(one.address, now)
        self._near = near
        return _warning("memory", min(near.values()), len(near)) if near else None

    def _kills(self) -> dict[str, Any] | None:
        since = time.time() - _KILLED_SECONDS
        self._killed = [at for at in self._killed if at >= since]
        killed = self._killed
        is_amiss = len(killed) >= _KILLED_IN_A_ROW
        return _warning("workers_killed", killed[0], len(killed)) if is_amiss else None

    def _versions(self, scheduler: Any) -> dict[str, Any] | None:  # noqa: ANN401 -- as above
        for client in scheduler.clients.values():
            there = (getattr(client, "versions", None) or {}).get("packages")
            differing = self._differing(there) if there else []
            if differing:
                return {**_warning("versions", None, None), "packages": differing}
        return None

    def _differing(self, there: dict[str, Any]) -> list[dict[str, Any]]:
        if self._own is None:
            from distributed.versions import get_versions  # noqa: PLC0415 -- only a process of its own may

            self._own = get_versions()["packages"]
        own = self._own
        return [
            {"name": name, "cluster": own.get(name), "client": there.get(name)}
            for name in _SAME
            if own.get(name) != there.get(name)
        ]


def _warning(code: str, since: float | None, workers: int | None) -> dict[str, Any]:
    return {"code": code, "since": since, "workers": workers, "packages": []}
