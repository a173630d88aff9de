"""The tasks of an array of which a batch system tells together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from jupyterlab_batch.gateways.observation import Observation


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Which tasks of an array have not started, as a batch system writes them together."""

    runs: tuple[range, ...]
    is_cut: bool = False
    """It did not say all: those after the last that it names may be among them."""
    end: Observation | None = None
    """How they ended, if they will never start."""

    def __contains__(self, index: int) -> bool:
        """Tell whether a task may be among them."""
        if any(index in run for run in self.runs):
            return True
        return self.is_cut and index > max((run[-1] for run in self.runs), default=-1)
