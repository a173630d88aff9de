"""Not asking a batch system more often than its site allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence


class TokenBucket:
    """Lets a burst through, then so many a second.

    Parameters
    ----------
    per_second
        How many pass in the long run.
    burst
        How many pass at once after a rest.
    """

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._filled_at = time.monotonic()

    async def take(self) -> None:
        """Wait for a turn."""
        now = time.monotonic()
        gained = (now - self._filled_at) * self._per_second
        self._tokens = min(self._burst, self._tokens + gained) - 1
        self._filled_at = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._per_second)


def pause_after(pauses: Sequence[float], tries: int) -> float:
    """Return the pause after so many tries before; the last one stays."""
    return pauses[min(tries, len(pauses) - 1)]
