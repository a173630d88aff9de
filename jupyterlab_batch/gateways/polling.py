"""Watching a batch system that pushes nothing: one poller per gateway, however many look at it."""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import Final

import anyio
from traitlets import Float, Int

from jupyterlab_batch.domain.generated import Health
from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.breaker import Breaker, jitter
from jupyterlab_batch.gateways.observation import HealthChanged, Observation, WatchEvent
from jupyterlab_batch.gateways.pace import TokenBucket, pause_after
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.gateways.watchlist import WatchList

HISTORY_REST_SECONDS: Final = (10.0, 30.0, 60.0)
"""How long a history is left alone that did not answer once, twice, or more often in a row: each
time it delays the queue by a deadline."""


class PollingGateway(JobGateway):
    """A gateway whose `watch` asks again and again.

    A subclass gives `list_active` and `list_history`, whose calls must each have a deadline, and
    reports the outcome of every call by `note_success` and `note_failure`. Nothing is asked while
    nothing is tracked.
    """

    moving_interval_seconds = Float(
        5.0, help="Between polls while someone looks at a job that may move."
    ).tag(config=True)
    looking_interval_seconds = Float(
        15.0, help="Between polls while someone looks and all jobs are held or suspended."
    ).tag(config=True)
    unseen_interval_seconds = Float(120.0, help="Between polls while nobody looks.").tag(
        config=True
    )
    calls_per_minute = Int(60, help="Never poll more often than this.").tag(config=True)

    record_seconds: float | None = None
    """How long the queue remembers a finished job, if known; polls come twice as often."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self._list = WatchList()
        self._looking = False
        self._wake = asyncio.Event()
        self._bucket = TokenBucket(self.calls_per_minute / 60, max(6.0, self.calls_per_minute / 6))
        self._breaker = Breaker(self._tell_health)
        self._is_health_news = False
        self._next_round = 0.0
        self._history_rests_until = 0.0
        self._history_failures = 0

    @abstractmethod
    async def list_active(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask the queue for some jobs; those that it does not know are left out."""

    @abstractmethod
    async def list_history(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask the records of jobs, with usage; none if the batch system keeps none."""

    @property
    def looks_at_once(self) -> int | None:
        """How many jobs one look is for; ``None``: one call tells of all.

        Where each job costs a call, one to which something happened need not wait for all others.
        """
        return None

    @property
    def is_resting(self) -> bool:
        """Whether it failed and nobody but a user is to ask it now.

        When the pause is over one call tries it: of `watch`, if there are jobs to look at.
        """
        return bool(self._breaker.failures) and (self._breaker.is_pausing or self._list.has_active)

    @property
    def health(self) -> Health:
        """How the batch system is, as far as the last calls tell."""
        return self._breaker.health

    def note_success(self, latency_seconds: float) -> None:
        """Note that the batch system answered and took our credential, and close the breaker."""
        if self._breaker.note_success(latency_seconds):
            self._next_round = time.monotonic()  # nudges were ignored meanwhile: look at all
            self._wake.set()

    def note_failure(self, problem: GatewayUnreachable | NotSignedIn) -> None:
        """Note that the batch system did not answer, or not to us, and open the breaker."""
        self._breaker.note_failure(problem)
        self._next_round = self._breaker.rests_until

    def _tell_health(self) -> None:
        self._is_health_news = True
        self._wake.set()

    def track(self, jobs: Sequence[Tracked]) -> None:
        """Watch these jobs too, until each is over. Tracking one twice does nothing."""
        self._list.add(jobs, time.monotonic())
        self._wake.set()

    def nudge(self, native_ids: Sequence[str]) -> None:
        """Something happened to these jobs: look within 0.2 s, and again until it shows."""
        self._list.hurry(native_ids, time.monotonic())
        self._wake.set()

    def set_interest(self, *, looking: bool) -> None:
        """Somebody is looking at this gateway's jobs, or nobody is any more."""
        self._looking = looking
        if not self._breaker.failures:
            self._next_round = min(self._next_round, time.monotonic() + self._interval())
        self._wake.set()

    async def watch(self) -> AsyncIterator[WatchEvent]:
        """Yield every change of every tracked job until closed.

        A finished job can be seen twice: its usage may reach the history after its end.
        """
        while True:
            await self._wait_for_turn()
            for event in await self._look():
                yield event
            if self._is_health_news:
                self._is_health_news = False
                yield HealthChanged()

    async def _wait_for_turn(self) -> None:
        """Sleep until a look is due or there is news of the gateway's health."""
        while not self._is_health_news:
            self._wake.clear()
            wait = self._seconds_to_turn()
            if wait is not None and wait <= 0:
                return
            with anyio.move_on_after(wait) as waiting:
                await self._wake.wait()
            if waiting.cancelled_caught:
                return

    def _seconds_to_turn(self) -> float | None:
        """Return how long nothing is to be done; ``None``: until something is tracked."""
        if not self._list:
            return None
        turn = self._next_round
        next_due = self._list.next_due()
        if next_due is not None and not self._breaker.failures:
            turn = min(turn, next_due)
        return turn - time.monotonic()

    async def _look(self) -> list[WatchEvent]:
        """Ask for the jobs whose turn it is and return what changed."""
        now = time.monotonic()
        is_round = now >= self._next_round
        if self._breaker.failures and not is_round:
            return []
        if is_round:
            self._next_round = now + self._interval() * jitter()
        goes_on = self._list.is_behind
        active, over = self._list.due(now, is_round=is_round, at_once=self.looks_at_once)
        if not active and not over:
            return []
        if not goes_on:
            await self._bucket.take()
        try:
            return await self._ask(active, over)
        except (GatewayUnreachable, NotSignedIn) as problem:
            self.log.debug("Gateway %s: %s", self.gateway_id, problem.message)
            self.note_failure(problem)
            return []

    async def _ask(self, active: list[str], over: list[str]) -> list[WatchEvent]:
        seen = self._list.only_ours(await self.list_active(active)) if active else {}
        asked = self._list.questions(active, over, seen, time.monotonic())
        records = await self._records(asked)
        return self._list.conclude([*over, *active], seen, records, time.monotonic())

    async def _records(self, native_ids: list[str]) -> dict[str, Observation] | None:
        """Ask the history; ``None`` if it does not answer, which must not hide the queue."""
        if not native_ids:
            return {}
        if time.monotonic() < self._history_rests_until:
            return None
        try:
            records = self._list.only_ours(await self.list_history(native_ids))
        except (GatewayUnreachable, NotSignedIn) as problem:
            self.log.warning("Gateway %s, history: %s", self.gateway_id, problem.message)
            rest = pause_after(HISTORY_REST_SECONDS, self._history_failures)
            self._history_failures += 1
            self._history_rests_until = time.monotonic() + rest
            return None
        self._history_failures = 0
        return records

    def _interval(self) -> float:
        """Return the seconds to the next look at all jobs."""
        if not self._looking:
            seconds = self.unseen_interval_seconds
        elif self._list.is_expected_to_move:
            seconds = self.moving_interval_seconds
        else:
            seconds = self.looking_interval_seconds
        return seconds if self.record_seconds is None else min(seconds, self.record_seconds / 2)
