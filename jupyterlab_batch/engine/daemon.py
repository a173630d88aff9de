"""The supervisor as a process of its own: its socket, its lock, its coming and going.

Usage: ``python -m jupyterlab_batch.engine.daemon --state-directory PATH ...``. Returns when the
supervisor listens, or one does already; the supervisor itself lives on, detached.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
import sqlite3
import sys
import time
from pathlib import Path
from typing import Final

import anyio
import msgspec

from jupyterlab_batch.engine.admission import Capacity
from jupyterlab_batch.engine.clusterrequest import Scale, WorkersOrder
from jupyterlab_batch.engine.processes import become_subreaper
from jupyterlab_batch.engine.protocol import (
    MAX_LINE_BYTES,
    Cancel,
    Changed,
    Find,
    Hello,
    Hold,
    JobState,
    ListJobs,
    NotOurs,
    Refusal,
    Reply,
    Request,
    Submit,
    Subscribe,
    encode,
    prepare_state_directory,
    socket_path,
)
from jupyterlab_batch.engine.queue import JobQueue
from jupyterlab_batch.engine.supervisor import Supervisor

log = logging.getLogger(__name__)

_READY: Final = b"ready"
_WAIT_SECONDS: Final = 15.0
_MAX_UNREAD_BYTES: Final = 16 * 1024 * 1024
_requests: Final = msgspec.json.Decoder(Request)


class Daemon:
    """Serves one supervisor to this user's Jupyter servers.

    Parameters
    ----------
    idle_seconds
        How long it stays with no job and nobody connected.
    """

    def __init__(self, state_directory: Path, capacity: Capacity, idle_seconds: float) -> None:
        self._socket_path = socket_path(state_directory)
        self._queue = JobQueue(state_directory / "jobs.sqlite")
        self._supervisor = Supervisor(self._queue, capacity, self._publish)
        self._idle_seconds = idle_seconds
        self._was_asked = False
        self._connections: set[asyncio.StreamWriter] = set()
        self._subscribers: set[asyncio.StreamWriter] = set()
        self._leave = asyncio.Event()

    async def run(self, ready: int) -> None:
        """Serve until idle or told to end; jobs go on in any case.

        Parameters
        ----------
        ready
            A pipe to which we say when we listen.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leave.set)
        self._supervisor.start()
        server = await asyncio.start_unix_server(
            self._serve, sock=_bind(self._socket_path), limit=MAX_LINE_BYTES
        )
        os.write(ready, _READY)
        os.close(ready)
        await self._stay()
        self._socket_path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a folder for the socket alone; else it is not empty
            self._socket_path.parent.rmdir()
        server.close()
        for writer in self._connections:
            writer.transport.abort()
        self._queue.close()

    async def _stay(self) -> None:
        """Return when there was nothing to do for a while, or when told to leave."""
        loop = asyncio.get_running_loop()
        expects_until = loop.time() + _WAIT_SECONDS  # whoever started us, and may be slow
        while True:
            with anyio.move_on_after(self._idle_seconds):
                await self._leave.wait()
                return
            is_expecting = not self._was_asked and loop.time() < expects_until
            if self._supervisor.may_leave() and not self._connections and not is_expecting:
                return

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._was_asked = True
        self._connections.add(writer)
        try:
            while line := await reader.readline():
                writer.write(encode(self._answer(line, writer)))
                await writer.drain()
        except (OSError, ValueError, RecursionError, msgspec.MsgspecError, sqlite3.Error) as error:
            log.info("A connection ended: %s", error)
        finally:
            self._connections.discard(writer)
            self._subscribers.discard(writer)
            writer.close()

    def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> Reply:
        request = _requests.decode(line)
        jobs: list[JobState] = []
        refusal: Refusal | None = None
        order: WorkersOrder | None = None
        match request:
            case Submit():
                answer = self._supervisor.submit(request.job)
                if isinstance(answer, Refusal):
                    refusal = answer
                else:
                    jobs = [answer]
            case Cancel():
                self._supervisor.cancel(request.native_id, request.task_indices)
            case Hold() | Scale():
                taken = self._order(request)
                refusal = taken if isinstance(taken, Refusal) else None
                order = taken if isinstance(taken, WorkersOrder) else None
            case ListJobs():
                jobs = self._supervisor.list_jobs(request.native_ids)
            case Find():
                jobs = self._supervisor.find(request.tag)
            case Subscribe():
                self._subscribers.add(writer)
            case Hello():
                pass
        return Reply(
            number=request.number, jobs=jobs, refusal=refusal, order=order, pid=os.getpid()
        )

    def _order(self, request: Hold | Scale) -> WorkersOrder | Refusal | None:
        if isinstance(request, Hold):
            return self._supervisor.hold(request.native_id, is_held=request.is_held)
        return self._supervisor.scale(request.native_id, request.order)

    def _publish(self, state: JobState) -> None:
        line = encode(Changed(job=state))
        for writer in list(self._subscribers):
            if writer.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
                # It does not read; it will connect again and ask for what it missed.
                self._subscribers.discard(writer)
                writer.transport.abort()
            else:
                writer.write(line)


def _bind(path: Path) -> socket.socket:
    """Return a socket that only we can connect to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    inherited = os.umask(0o177)
    try:
        listener.bind(os.fspath(path))
    finally:
        os.umask(inherited)  # jobs get the umask of the server that started us
    return listener


def _become_daemon() -> int:
    """Go on as a detached child; the parent returns to its caller when the child is ready.

    Returns
    -------
    In the child: the pipe on which to say that we are ready.
    """
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        with open(reader, "rb") as pipe:  # noqa: PTH123 -- opened by descriptor
            message = pipe.read()
        if message == _READY:
            sys.exit(0)
        sys.exit(message.decode() or "The supervisor ended before it was ready.")
    os.close(reader)
    os.setsid()
    return writer


def _redirect(log_path: Path) -> None:
    """Leave the streams of whoever started us; what we say goes to a file."""
    null = os.open(os.devnull, os.O_RDWR)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC | os.O_NOFOLLOW
    output = os.open(log_path, flags, 0o600)
    for target, source in ((0, null), (1, output), (2, output)):
        os.dup2(source, target)
    os.close(null)
    os.close(output)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)


def _lock(state_directory: Path) -> int | None:
    """Lock the state directory for us; ``None`` if another supervisor serves it.

    One that is just coming or going is waited for. The lock is on the folder itself: that also
    keeps cleaners of temporary files away.

    Raises
    ------
    OSError
        Another one has the lock, but does not serve.
    """
    descriptor = os.open(state_directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    give_up_at = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            with socket.socket(socket.AF_UNIX) as other:
                if other.connect_ex(os.fspath(socket_path(state_directory))) == 0:
                    os.close(descriptor)
                    return None
            if time.monotonic() > give_up_at:
                raise OSError("another one has its place, but does not answer.") from error
            time.sleep(0.02)
        else:
            return descriptor


async def _supervise(options: argparse.Namespace, ready: int) -> None:
    capacity = Capacity(
        cores=options.max_cores,
        memory_bytes=options.max_memory_bytes,
        gpus=tuple(filter(None, options.gpus.split(","))),
        grace_seconds=options.grace_seconds,
    )
    await Daemon(options.state_directory, capacity, options.idle_seconds).run(ready)


def main() -> None:
    """Start the supervisor that the command line describes, unless one is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state-directory", type=Path, required=True)
    parser.add_argument("--max-cores", type=int, required=True)
    parser.add_argument("--max-memory-bytes", type=int, required=True)
    parser.add_argument("--gpus", default="")
    parser.add_argument("--grace-seconds", type=float, required=True)
    parser.add_argument("--idle-seconds", type=float, required=True)
    options = parser.parse_args()
    try:
        prepare_state_directory(options.state_directory)
    except NotOurs as error:
        sys.exit(str(error))
    ready = _become_daemon()
    try:
        lock = _lock(options.state_directory)  # held as long as we live
        if lock is None:
            os.write(ready, _READY)
            return
        become_subreaper()
        _redirect(options.state_directory / "supervisor.log")
        asyncio.run(_supervise(options, ready))
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):  # the pipe is closed if we were ready
            os.write(ready, f"The local engine cannot run: {error}".encode())
        raise


if __name__ == "__main__":
    main()
