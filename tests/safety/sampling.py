"""What anybody on this machine can see of processes while they run, and of the event bus."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.client.real import RealServer

_PAUSE_SECONDS = 0.03
_MARKS = (b"BATCH_JOB_ID=", b"BATCH_NATIVE_ID=", b"SLURM_JOB_ID=")


class Seen:
    """Arguments of all processes, and environments of those that belong to a job."""

    def __init__(self) -> None:
        self.arguments: set[bytes] = set()
        self.environments: set[bytes] = set()

    def look(self) -> None:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                # A process may end, or be somebody else's.
                with contextlib.suppress(OSError):
                    self._look_at(folder)

    def knows(self, job_id: str) -> bool:
        """Tell whether the environment of a process of a job was seen."""
        mark = f"BATCH_JOB_ID={job_id}\0".encode()
        return any(mark in environment for environment in list(self.environments))

    def _look_at(self, folder: Path) -> None:
        arguments = (folder / "cmdline").read_bytes()
        self.arguments.add(arguments)
        environment = (folder / "environ").read_bytes()
        if any(mark in environment for mark in _MARKS) or b"/batch-jobs/" in arguments:
            self.environments.add(environment)


@contextmanager
def repeating(act: Callable[[], object]) -> Iterator[None]:
    """Do something again and again, in another thread."""
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.wait(_PAUSE_SECONDS):
            act()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def listening(server: RealServer) -> Iterator[list[str]]:
    """Hear the events of the server as a page of JupyterLab does."""
    heard: list[str] = []
    loop = asyncio.new_event_loop()
    connected = threading.Event()

    async def listen() -> None:
        url = f"{server.url.replace('http', 'ws', 1)}api/events/subscribe"
        headers = {"Authorization": f"token {server.token}"}
        connection = await websocket_connect(HTTPRequest(url, headers=headers))
        connected.set()
        while (message := await connection.read_message()) is not None:
            heard.append(str(message))

    task = loop.create_task(listen())
    thread = threading.Thread(target=_run, args=(loop, task))
    thread.start()
    try:
        assert connected.wait(30), "no events to be heard"
        yield heard
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()
