"""The hint that something changed, merged to at most ten a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

_log = logging.getLogger(__name__)
_INTERVAL_SECONDS: Final = 0.1


class Announcer:
    """Passes on the newest hint, the first at once and the rest at intervals.

    Parameters
    ----------
    emit
        Called on the event loop with ``(store_id, seq)``.
    """

    def __init__(self, emit: Callable[[str, int], None]) -> None:
        self._emit = emit
        self._waiting: tuple[str, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def is_waiting(self) -> bool:
        """Whether the next hint would have to wait for its turn."""
        return self._timer is not None

    def announce(self, store_id: str, seq: int) -> None:
        """Tell all listeners, now or in a moment, together with what comes until then."""
        if self._is_closed:
            return
        self._waiting = (store_id, seq)
        if self._timer is None:
            self._fire()

    def close(self) -> None:
        """Tell nobody any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._is_closed = True
        self._waiting = None

    def _fire(self) -> None:
        self._timer = None
        if self._waiting is None:
            return
        hint, self._waiting = self._waiting, None
        self._timer = asyncio.get_running_loop().call_later(_INTERVAL_SECONDS, self._fire)
        try:
            self._emit(*hint)
        except Exception:
            # It is only a hint: what was stored is stored, and clients ask from time to time.
            _log.exception("Nobody could be told of change %s", hint[1])
