"""Owns one Dask cluster: scheduler and nannies live in this process, workers are its children.

Usage: ``python owner.py FOLDER``, by a Python that has dask; nothing else of ours need be there.
What is wanted stands in ``order.json``, which is followed whenever it changes; how it is stands in
``state.json``, and why it ended by itself in ``end.json``. Questions are answered by `answers`.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

_FOLLOW_SECONDS: Final = 0.2
_LOOK_AGAIN_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 5.0
_MEND_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 5.0
_OPEN_SECONDS: Final = 600
_DEATH_TIMEOUT: Final = "60s"
_STOPPED: Final = 128 + signal.SIGTERM


def write(path: Path, value: object) -> None:
    """Write JSON for the user alone; nobody ever reads half of it."""
    fresh = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- by descriptor
        json.dump(value, file)
    fresh.replace(path)


def beside(name: str) -> Any:  # noqa: ANN401 -- a module
    """Load a module that lies beside this one, which nobody else can import: see `main`."""
    path = Path(__file__).with_name(f"{name}.py")
    found = importlib.util.spec_from_file_location(f"jupyterlab_batch_{name}", path)
    if found is None or found.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


class Owner:
    """Follows the order and tells the state, until the cluster ends or is ended.

    Parameters
    ----------
    folder
        Holds ``start.json``: ``name``, ``worker_cores``, ``worker_memory_bytes``,
        ``idle_stop_seconds``, ``scratch``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start: dict[str, Any] = json.loads((folder / "start.json").read_bytes())
        self._news = asyncio.Event()
        self._is_told_to_stop = False
        self._cluster: Any = None
        self._order: dict[str, Any] = {}
        self._order_stamp: int | None = None
        self._started_at = 0.0
        self._idle_since: float | None = None
        self._told: dict[str, Any] = {}
        self._answers = beside("answers")
        self._worries = self._answers.Worries()
        self._told_at = 0.0
        self._looked_at = 0.0
        self._mended_at = 0.0

    async def run(self) -> int:
        """Return the exit code."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stop)
        await self._open()
        door = await self._answers.listen(self._folder, self._questions())
        while not self._is_over():
            self._follow_order()
            self._mend()
            self._look()
            self._news.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), _FOLLOW_SECONDS)  # noqa: TID251 -- nobody cancels it
        door.close()
        if not self._is_told_to_stop:
            write(self._folder / "end.json", {"reason": self._why_it_closed()})
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._cluster.close(), _CLOSE_SECONDS)  # noqa: TID251 -- as above
        return _STOPPED if self._is_told_to_stop else 0

    async def _open(self) -> None:
        from distributed import LocalCluster, SchedulerPlugin  # noqa: PLC0415 -- as above

        news, worries = self._news, self._worries

        class Watching(SchedulerPlugin):  # type: ignore[misc]  # dask is not there for mypy
            """Says at once when a worker comes or goes."""

            def add_worker(self, *_: object, **__: object) -> None:
                news.set()

            def remove_worker(self, *_: object, stimulus_id: str = "", **__: object) -> None:
                worries.lost(stimulus_id)
                news.set()

        start = self._start
        self._cluster = await LocalCluster(
            name=start["name"],
            n_workers=0,
            threads_per_worker=start["worker_cores"],
            memory_limit=start["worker_memory_bytes"],
            processes=True,
            host="127.0.0.1",
            scheduler_port=0,
            protocol="tls://",
            security=beside("certificates").make_security(self._folder),
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address=None,
            local_directory=start["scratch"],
            death_timeout=_DEATH_TIMEOUT,
            # That it has no work yet shall not close a scheduler which is slow to come up.
            scheduler_kwargs={"idle_timeout": f"{start['idle_stop_seconds'] + _OPEN_SECONDS}s"},
            asynchronous=True,
        )
        scheduler = self._cluster.scheduler
        scheduler.add_plugin(Watching(), name="jupyterlab-batch")
        self._started_at = scheduler.idle_since = time.time()
        scheduler.idle_timeout = start["idle_stop_seconds"]
        places = {"type": "Scheduler", "id": scheduler.id, "address": scheduler.address}
        services = {"dashboard": self._port()}
        write(self._folder / "scheduler.json", {**places, "services": services})

    def _port(self) -> int | None:
        """Return where the dashboard is; without bokeh there is none."""
        services = self._cluster.scheduler.services
        if "dashboard" not in services or importlib.util.find_spec("bokeh") is None:
            return None
        port: int = services["dashboard"].port
        return port

    def _questions(self) -> dict[str, Any]:
        answers, scheduler = self._answers, self._cluster.scheduler

        async def tell_workers(_: object) -> Any:  # noqa: ANN401 -- JSON
            return answers.tell_workers(scheduler)

        async def tell_progress(_: object) -> Any:  # noqa: ANN401 -- JSON
            return answers.tell_progress(scheduler)

        async def tell_users(_: object) -> Any:  # noqa: ANN401 -- JSON
            return await answers.tell_users(scheduler)

        async def tell_port(_: object) -> Any:  # noqa: ANN401 -- JSON
            return {"port": self._port()}

        return {
            "workers": tell_workers,
            "progress": tell_progress,
            "users": tell_users,
            "dashboard": tell_port,
            "retire": self._retire,
        }

    async def _retire(self, question: dict[str, Any]) -> dict[str, Any]:
        """End some workers once they have handed on what they hold, and want so many fewer."""
        scheduler = self._cluster.scheduler
        known = scheduler.workers
        names = {one: known[one].name for one in question["workers"] if one in known}
        told = await scheduler.retire_workers(workers=list(names), close_workers=True)
        retired = [one for one in names if one in told]
        order = self._order
        if not order["adaptive"]:
            rest = max(0, order["maximum"] - len(retired))
            self._order = order = {**order, "minimum": rest, "maximum": rest}
        await self._cluster.scale_down([names[one] for one in retired])
        self._news.set()
        held = [one for one in names if one not in told]
        wanted = None if order["adaptive"] else order["maximum"]
        return {"retired": retired, "held": held, "wanted": wanted}

    def _stop(self) -> None:
        self._is_told_to_stop = True
        self._news.set()
        if self._cluster is None or not self._started_at:
            os._exit(_STOPPED)  # nothing can be closed in order yet; who stops us kills the rest

    def _is_over(self) -> bool:
        closed = self._cluster.scheduler.status.name in {"closing", "closed", "failed"}
        return self._is_told_to_stop or closed

    def _why_it_closed(self) -> str:
        since = self._cluster.scheduler.idle_since
        # Ours and the scheduler's own look at the clock can be a moment apart.
        idle = 0.0 if since is None else time.time() - since
        return "idle" if idle >= 0.9 * self._start["idle_stop_seconds"] else "closed"

    def _follow_order(self) -> None:
        """Have as many workers as are wanted, if that is new."""
        path = self._folder / "order.json"
        stamp = path.stat().st_mtime_ns
        if stamp == self._order_stamp:
            return
        self._order_stamp = stamp
        order = json.loads(path.read_bytes())
        if order == self._order:
            return
        self._order = order
        if order["adaptive"]:
            self._cluster.adapt(minimum=order["minimum"], maximum=order["maximum"], interval="1s")
        else:
            # Else the workers that are asked for would be closed as not needed.
            with contextlib.suppress(AttributeError):
                self._cluster._adaptive.stop()
            self._cluster.scale(order["maximum"])
        self._news.set()

    def _mend(self) -> None:
        """Ask again for workers that were lost for good, from time to time."""
        now = time.monotonic()
        if self._order["adaptive"] or now - self._mended_at < _MEND_SECONDS:
            return
        self._mended_at = now
        if len(self._cluster.workers) < self._order["maximum"]:
            self._cluster.scale(self._order["maximum"])

    def _look(self) -> None:
        """Write down how it is, if that is new or the last time was long ago."""
        now = time.time()
        if now - self._looked_at < _LOOK_AGAIN_SECONDS and not self._news.is_set():
            return
        self._looked_at = now
        # By itself the scheduler looks at its clock every few minutes.
        self._idle_since = self._cluster.scheduler.check_idle()
        state = self._state()
        if state != self._told or now - self._told_at >= _HEARTBEAT_SECONDS:
            # Where the disk is full the work goes on; who reads the old state sees how old it is.
            with contextlib.suppress(OSError):
                write(self._folder / "state.json", {**state, "at": now})
                self._told, self._told_at = state, now

    def _state(self) -> dict[str, Any]:
        cluster = self._cluster
        workers = list(cluster.scheduler.workers.values())
        counts = self._count_tasks()
        wanted = len(cluster.worker_spec) if self._order["adaptive"] else self._order["maximum"]
        return {
            "started_at": self._started_at,
            "ready": len(workers),
            "wanted": wanted,
            "cores": sum(worker.nthreads for worker in workers),
            "memory_bytes": sum(worker.memory_limit for worker in workers),
            "memory_used_bytes": sum(worker.metrics.get("memory", 0) for worker in workers),
            "tasks": {
                "total": sum(counts.values()),
                "waiting": sum(counts.get(s, 0) for s in ("waiting", "queued", "no-worker")),
                "processing": counts.get("processing", 0),
                "in_memory": counts.get("memory", 0),
                "erred": counts.get("erred", 0),
            },
            "has_dashboard": self._port() is not None,
            "warnings": self._worries.tell(cluster.scheduler),
            "idle_since": self._idle_since,
        }

    def _count_tasks(self) -> dict[str, int]:
        """Return how many tasks are in which state; the scheduler keeps count by their groups."""
        counts: dict[str, int] = {}
        for group in self._cluster.scheduler.task_groups.values():
            for state, count in group.states.items():
                if state != "forgotten":
                    counts[state] = counts.get(state, 0) + count
        return counts


def main() -> None:
    """Own the cluster of a folder until it ends."""
    folder = Path(sys.argv[1])
    # Not our own folder, whose modules are nobody's business; that of the user comes last, so
    # that nothing in it takes the place of what all programs need.
    sys.path[0:1] = []
    sys.path.append(str(Path.cwd()))
    code = asyncio.run(Owner(folder).run())
    sys.stderr.flush()
    os._exit(code)  # what dask leaves to the end of the interpreter can hang


if __name__ == "__main__":
    main()
