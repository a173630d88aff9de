"""One job that a poller watches."""

from __future__ import annotations

from typing import Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.harvest import HARVEST_SECONDS
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.gateways.watchedarray import WatchedArray

SOON_SECONDS: Final = (0.15, 0.5, 1.0, 2.0, 4.0)
"""When to look at a job that was just submitted, cancelled or nudged, each after the one before."""


class Watched(msgspec.Struct, kw_only=True):
    """One tracked job, what was last seen of it, and when to look at it alone."""

    job: Tracked
    last: Observation | None = None
    looks: int = 0
    """How many of the delays in `SOON_SECONDS`, or `HARVEST_SECONDS` once over, were used."""
    silences: int = 0
    """How often the history did not answer when it was asked for the usage."""
    due: float | None = None
    """On the caller's clock; ``None``: with all others."""
    is_hurried: bool = False
    """Something happened to it that was not seen yet: what is looked at by habit waits."""
    array: WatchedArray | None = None

    @property
    def is_over(self) -> bool:
        """Only its usage is still awaited."""
        return self.last is not None and is_final(self.last.phase)

    @property
    def is_expected_to_move(self) -> bool:
        """Neither held nor suspended: its next change may come by itself."""
        return self.last is None or self.last.phase in ("PENDING", "QUEUED", "EXECUTING", "UNKNOWN")

    def schedule(self, now: float) -> None:
        """Plan the next look at this one job."""
        delays = HARVEST_SECONDS if self.is_over else SOON_SECONDS
        is_alone = self.looks < len(delays)
        self.due = now + delays[self.looks] if is_alone else None
        self.is_hurried = self.is_hurried and is_alone and not self.is_over
        self.looks += 1
