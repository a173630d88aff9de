"""Whether a batch system answers, and how long it is left alone when it does not."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Final

from jupyterlab_batch.domain.generated import Health
from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.pace import pause_after

BACK_OFF_SECONDS: Final = (2.0, 4.0, 8.0, 16.0, 32.0, 60.0)


class Breaker:
    """Counts what came of the calls to one batch system.

    Parameters
    ----------
    on_news
        Called when it became well or unwell.
    """

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self.health = Health(ok=True, auth_ok=None, latency_ms=None, error=None, as_of=None)
        self.failures = 0
        self.rests_until = 0.0

    @property
    def is_pausing(self) -> bool:
        """Whether nobody but a user is to ask it now."""
        return time.monotonic() < self.rests_until

    def note_success(self, latency_seconds: float) -> bool:
        """Note that it answered and took our credential; tell whether it had failed before."""
        had_failed = bool(self.failures)
        self.failures = 0
        self.rests_until = 0.0
        self._set_health(
            Health(
                ok=True,
                auth_ok=True,
                latency_ms=latency_seconds * 1000,
                error=None,
                as_of=datetime.now(timezone.utc),
            )
        )
        return had_failed

    def note_failure(self, problem: GatewayUnreachable | NotSignedIn) -> None:
        """Note that it did not answer, or not to us.

        Failures during a pause make it no longer: they tell nothing new.
        """
        if not self.is_pausing:
            delay = pause_after(BACK_OFF_SECONDS, self.failures)
            self.failures += 1
            self.rests_until = time.monotonic() + delay * jitter()
        is_sign_in = isinstance(problem, NotSignedIn)
        self._set_health(
            Health(
                ok=is_sign_in,
                auth_ok=False if is_sign_in else self.health.auth_ok,
                latency_ms=None,
                error=problem.message,
                as_of=self.health.as_of,
            )
        )

    def _set_health(self, health: Health) -> None:
        before, self.health = self.health, health
        was_well = before.ok and before.auth_ok is not False
        is_well = health.ok and health.auth_ok is not False
        if was_well != is_well or before.ok != health.ok:
            self._on_news()


def jitter() -> float:
    """Return a factor near 1, so that many servers do not ask at the same moment."""
    return random.uniform(0.9, 1.1)  # noqa: S311 -- no secret
