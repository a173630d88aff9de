"""The jobs that are watched, and what the supervisor says of them in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timezone
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Health
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.connection import Connection, EngineClient, EngineDown
from jupyterlab_batch.engine.protocol import (
    Changed,
    JobState,
    ListJobs,
    Subscribe,
    boot_key,
    host_key,
)
from jupyterlab_batch.gateways.local.platform import NOT_HERE, is_supported
from jupyterlab_batch.gateways.observation import Gone, HealthChanged, Observation, WatchEvent

_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 30.0
_MANY_TASKS: Final = 200


class Watched:
    """Which jobs are watched, over which connection, and whether the supervisor answers."""

    def __init__(self) -> None:
        self.error: str | None = None
        self.answered_at: datetime | None = None
        self._native_ids: set[str] = set()
        self._has_jobs = asyncio.Event()
        self._connection: Connection | None = None
        self._asked: dict[int, list[str]] = {}
        self._fresh: list[str] = []
        """Not asked for yet."""

    def health(self) -> Health:
        """Return how the engine is, as far as we know."""
        error = self.error if is_supported() else NOT_HERE
        return Health(
            ok=error is None, auth_ok=True, latency_ms=None, error=error, as_of=self.answered_at
        )

    async def look(self, client: EngineClient) -> None:
        """Ask whether it answers. It is not started: that is done when it is needed."""
        try:
            connection = await client.connect_if_running()
        except EngineDown as error:
            self.failed(str(error))
            return
        if connection is None:
            self.error = None
        else:
            self.answered()
            connection.close()

    def answered(self) -> bool:
        """Take note that the supervisor answered; return whether that is news."""
        was, self.error = self.error, None
        self.answered_at = datetime.now(timezone.utc)
        return was is not None

    def failed(self, error: str) -> bool:
        """Take note that it cannot be reached; return whether that is news."""
        was, self.error = self.error, error
        return was is None

    def add(self, native_ids: Sequence[str]) -> None:
        """Watch these jobs too; each is asked for once, then its changes come."""
        fresh = [native_id for native_id in native_ids if native_id not in self._native_ids]
        if not fresh:
            return
        self._native_ids.update(fresh)
        self._has_jobs.set()
        self._fresh += fresh
        self._ask()

    def begin(self, connection: Connection) -> None:
        """Ask for every change from now on, and for how the jobs are now.

        Both over one connection: over two, an old state could arrive after a newer one.
        """
        self._connection = connection
        self._asked.clear()
        connection.send(lambda number: Subscribe(number=number))
        self._fresh = sorted(self._native_ids)
        self._ask()

    def drop(self) -> None:
        """Forget the connection; the jobs stay watched."""
        self._connection = None

    async def watch(self, client: Callable[[], EngineClient]) -> AsyncIterator[WatchEvent]:
        """Yield what the supervisor pushes; it is started again as long as jobs are watched."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            await self._has_jobs.wait()
            try:
                connection = await client().connect()
            except EngineDown as error:
                if self.failed(str(error)):
                    yield HealthChanged()
            else:
                if self.answered():
                    yield HealthChanged()
                try:
                    self.begin(connection)
                    async for event in self.events(connection):
                        pause = _FIRST_PAUSE_SECONDS / 2
                        yield event
                finally:
                    self.drop()
                    connection.close()
                if pause < _FIRST_PAUSE_SECONDS:  # it worked, until now
                    pause = _FIRST_PAUSE_SECONDS
                    continue
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def events(self, connection: Connection) -> AsyncIterator[Observation | Gone]:
        """Yield what is said of our jobs until the last is over or the connection ends."""
        while self._native_ids:
            message = await connection.receive()
            if message is None:
                return
            if isinstance(message, Changed):
                states, missing = [message.job], []
            else:
                states = message.jobs
                asked = self._asked.pop(message.number, [])
                missing = sorted(set(asked) - {state.native_id for state in states})
                self._ask()
            # Ends first: somebody may wait for them.
            for state in sorted(states, key=lambda state: not is_final(state.phase)):
                if state.native_id in self._native_ids:
                    if is_final(state.phase):
                        self._forget(state.native_id)
                    yield await observed(state)
            for native_id in missing:
                self._forget(native_id)
                yield out_of_sight(native_id)

    def _ask(self) -> None:
        """Ask for fresh jobs; those that come before the answer are asked for together, then."""
        if self._connection is not None and self._fresh and not self._asked:
            native_ids, self._fresh = self._fresh, []
            number = self._connection.send(
                lambda number: ListJobs(number=number, native_ids=native_ids)
            )
            self._asked[number] = native_ids

    def _forget(self, native_id: str) -> None:
        self._native_ids.discard(native_id)
        if not self._native_ids:
            self._has_jobs.clear()


async def observed(state: JobState) -> Observation:
    """Translate what the supervisor says, of many tasks beside the event loop."""
    if len(state.tasks) < _MANY_TASKS:
        return observation(state)
    return await asyncio.to_thread(observation, state)


def observation(state: JobState) -> Observation:
    """Translate what the supervisor says of a job and of its tasks."""
    told = msgspec.structs.asdict(state)
    tasks = tuple(map(observation, state.tasks))
    return Observation(**{**told, "native_state": state.phase.lower(), "tasks": tasks})


def out_of_sight(native_id: str) -> Observation | Gone:
    """Say what is true of a job that the supervisor does not know.

    Its id names the host and the boot from which it is.
    """
    host, _, rest = native_id.partition("-")
    boot = rest.partition("-")[0]
    if host != host_key():
        return Observation(
            native_id=native_id,
            phase="UNKNOWN",
            reason="node",
            reason_text="It was started on another machine or in an earlier container,"
            " which cannot be seen from here.",
        )
    if boot != boot_key():
        return Observation(
            native_id=native_id,
            phase="ERROR",
            reason="node",
            reason_text="This machine was restarted; its jobs did not survive that.",
        )
    return Gone(native_id=native_id)
