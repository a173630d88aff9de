"""Running a program to its end, which it may not find by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import anyio

MAX_OUTPUT_BYTES: Final = 32 * 2**20
"""Of each stream; ``sacct`` prints at most 1 kB for a job, so this is some 30 000 jobs."""

_REAP_SECONDS: Final = 1.0


class Killed(Exception):
    """A program took too long or printed too much, and was killed; the text says which."""


class _Printed(asyncio.SubprocessProtocol):
    """What a program printed so far, and whether it is over."""

    def __init__(self) -> None:
        self.streams = {1: bytearray(), 2: bytearray()}
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_closed = asyncio.Event()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep what comes, as long as it is not too much."""
        stream = self.streams[fd]
        if len(stream) + len(data) <= MAX_OUTPUT_BYTES:
            stream += data
        elif not self.end.done():
            self.end.set_exception(Killed(f"printed more than {MAX_OUTPUT_BYTES // 2**20} MB"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it ended and that nobody holds its streams any more."""
        if not self.end.done():
            self.end.set_result(None)
        self.is_closed.set()


async def run_to_end(
    program: Sequence[str],
    *,
    deadline_seconds: float,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
) -> tuple[int, bytes, bytes]:
    """Run a program and return its exit code and what it printed on both streams.

    Raises
    ------
    Killed
        It and all of its process group are gone.
    OSError
        It cannot be started.
    """
    transport, printed = await asyncio.get_running_loop().subprocess_exec(
        _Printed,
        *program,
        stdin=PIPE if stdin else DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=env,
        cwd=cwd,
        start_new_session=True,
    )
    try:
        _feed(transport, stdin)
        with anyio.fail_after(deadline_seconds):
            await printed.end
    except TimeoutError:
        raise Killed(f"did not end within {deadline_seconds:g} s") from None
    finally:
        if not printed.is_closed.is_set():
            await _kill(transport, printed)
    stdout, stderr = printed.streams.values()
    return transport.get_returncode() or 0, bytes(stdout), bytes(stderr)


def _feed(transport: asyncio.SubprocessTransport, stdin: bytes) -> None:
    pipe = transport.get_pipe_transport(0)
    if isinstance(pipe, asyncio.WriteTransport):
        pipe.write(stdin)
        pipe.close()  # after all was written


async def _kill(transport: asyncio.SubprocessTransport, printed: _Printed) -> None:
    """Kill the whole group: a site's wrapper script has children, which hold our pipes open."""
    with suppress(ProcessLookupError):
        os.killpg(transport.get_pid(), signal.SIGKILL)
    # A child that left the group holds the other ends still; ours are closed.
    transport.close()
    with anyio.move_on_after(_REAP_SECONDS):
        await printed.is_closed.wait()
