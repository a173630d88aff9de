"""The way from a Jupyter server to the supervisor, which is started when it is not there."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import anyio
import msgspec

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.engine.protocol import (
    MAX_LINE_BYTES,
    OLDEST_VERSION,
    PROTOCOL_VERSION,
    Hello,
    Message,
    NotOurs,
    Reply,
    Request,
    encode,
    prepare_state_directory,
    socket_path,
)

_ANSWER_SECONDS: Final = 10.0
_START_SECONDS: Final = 30.0
_KEEP_SECONDS: Final = 5.0
"""An open connection keeps the supervisor; so it is closed when nothing was asked for a while."""
DAEMON = "jupyterlab_batch.engine.daemon"
"""The module that is the supervisor."""
_INHERITED: Final = frozenset(
    {"HOME", "USER", "LOGNAME", "LANG", "TZ", "PATH", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH"}
)
_OTHER_VERSION: Final = (
    "A local engine of another version still runs jobs. It leaves when they are over; try again"
    " then."
)
_TOO_OLD: Final = (
    "A local engine of an earlier version still runs jobs, and does not know all that this one"
    " does, such as arrays, GPUs, jobs that wait for others or Dask clusters. Nothing was"
    " submitted, and those jobs go on. It leaves a minute after the last of them; submit this again"
    " then."
)
_messages: Final = msgspec.json.Decoder(Message)


class EngineDown(Exception):
    """The supervisor cannot be reached or started, and nothing was sent; why, for a person."""


class TooOld(EngineDown):
    """The supervisor that runs does not understand this; nothing was sent."""


class EngineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a supervisor is started."""

    state_directory: Path
    max_cores: int
    max_memory_bytes: int
    gpus: tuple[str, ...]
    grace_seconds: float
    idle_seconds: float


class Connection:
    """One open connection; everything on it arrives in the order in which it happened."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0
        self.version = OLDEST_VERSION
        """Of the supervisor, from the moment that it said so."""

    @property
    def is_open(self) -> bool:
        """Whether the other side is there, as far as we know."""
        return not self._writer.is_closing() and not self._reader.at_eof()

    def send(self, make: Callable[[int], Request]) -> int:
        """Send a request; return its number."""
        self._number += 1
        self._writer.write(encode(make(self._number)))
        return self._number

    async def receive(self, deadline_seconds: float | None = None) -> Message | None:
        """Return what came next; ``None`` when the supervisor is gone, or silent for too long."""
        late = None
        if deadline_seconds is not None:
            # What is aborted ends the wait below: a scope for each answer costs more than it.
            abort = self._writer.transport.abort
            late = asyncio.get_running_loop().call_later(deadline_seconds, abort)
        try:
            line = await self._reader.readline()
            return _messages.decode(line) if line.endswith(b"\n") else None
        except (OSError, ValueError, msgspec.MsgspecError):
            return None
        finally:
            if late is not None:
                late.cancel()

    def close(self) -> None:
        """Close it."""
        self._writer.close()


class EngineClient:
    """Asks the supervisor of one state directory.

    Parameters
    ----------
    options
        Used when the supervisor has to be started; one that runs already keeps its own.
    """

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self._connection: Connection | None = None
        self._asking = asyncio.Lock()
        self._starting = asyncio.Lock()
        self._closer: asyncio.TimerHandle | None = None

    async def ask(self, make: Callable[[int], Request], *, least_version: int = 1) -> Reply:
        """Ask one thing of a supervisor that understands it.

        Raises
        ------
        TooOld
            This one does not.
        EngineDown
            Nothing was sent.
        AnswerLost
            Sent, but no answer was read.
        """
        async with self._asking:
            if self._connection is None or not self._connection.is_open:
                self._connection = await self.connect()
            connection, self._connection = self._connection, None
            if connection.version < least_version:
                connection.close()
                raise TooOld(_TOO_OLD)
            try:
                reply = await _ask(connection, make)
            except BaseException:
                # Whatever comes now would be taken for the answer to the next request.
                connection.close()
                raise
            self._keep(connection)
            return reply

    async def connect(self) -> Connection:
        """Open a connection of one's own; start the supervisor if there is none.

        Raises
        ------
        EngineDown
        """
        connection = await self.connect_if_running()
        if connection is not None:
            return connection
        async with self._starting:
            connection = await self.connect_if_running()
            if connection is None:
                await self._start()
                connection = await self.connect_if_running()
        if connection is None:
            raise EngineDown("The local engine started, but does not answer.")
        return connection

    async def connect_if_running(self) -> Connection | None:
        """Open a connection; ``None`` if no supervisor answers.

        Raises
        ------
        EngineDown
            The state directory is not ours, or the supervisor is of another version.
        """
        try:
            prepare_state_directory(self._options.state_directory)
        except OSError as error:
            raise EngineDown(_in_words(error)) from error
        path = socket_path(self._options.state_directory)
        try:
            reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE_BYTES)
        except OSError:
            return None
        connection = Connection(reader, writer)
        try:
            reply = await _ask(connection, lambda number: Hello(number=number))
        except AnswerLost:
            connection.close()
            return None
        connection.version = reply.version
        if not OLDEST_VERSION <= reply.version <= PROTOCOL_VERSION:
            connection.close()
            raise EngineDown(_OTHER_VERSION)
        return connection

    def close(self) -> None:
        """Close what is kept open. Bears being called twice."""
        if self._closer is not None:
            self._closer.cancel()
            self._closer = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _keep(self, connection: Connection) -> None:
        self.close()
        self._connection = connection
        self._closer = asyncio.get_running_loop().call_later(_KEEP_SECONDS, self.close)

    async def _start(self) -> None:
        """Start the supervisor, detached: it is no child of ours and outlives our session."""
        options = self._options
        words = [
            *("--state-directory", str(options.state_directory)),
            *("--max-cores", str(options.max_cores)),
            *("--max-memory-bytes", str(options.max_memory_bytes)),
            *("--gpus", ",".join(options.gpus)),
            *("--grace-seconds", str(options.grace_seconds)),
            *("--idle-seconds", str(options.idle_seconds)),
        ]
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in _INHERITED or name.startswith("LC_")
        }
        try:
            starter = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", DAEMON, *words),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                cwd=options.state_directory,
                env=environment,
            )
        except OSError as error:
            raise EngineDown(_in_words(error)) from error
        try:
            with anyio.fail_after(_START_SECONDS):
                _, said = await starter.communicate()
        except TimeoutError as error:
            starter.kill()
            raise EngineDown("The local engine did not start in time.") from error
        if starter.returncode != 0:
            last = said.decode(errors="replace").strip().splitlines()[-1:]
            raise EngineDown(" ".join(["The local engine could not be started.", *last]))


async def _ask(connection: Connection, make: Callable[[int], Request]) -> Reply:
    """Send one request and return its answer.

    Raises
    ------
    AnswerLost
    """
    number = connection.send(make)
    message = await connection.receive(_ANSWER_SECONDS)
    if not isinstance(message, Reply) or message.number != number:
        raise AnswerLost("The local engine did not answer in time, or went away.")
    return message


def _in_words(error: OSError) -> str:
    if isinstance(error, NotOurs):
        return str(error)
    return f"The local engine cannot be used: {error.strerror or error}."
