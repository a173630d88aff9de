"""What waits to be written at the same moment is written in one commit: that is what costs.

Each work stays one for itself: if one raises, each is written by itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec

Result = TypeVar("Result")

AT_ONCE: Final = 50
"""So many works in one commit: a second server on the same file waits no longer than for that."""


def _new_future() -> asyncio.Future[Any]:
    return asyncio.get_running_loop().create_future()


class Asked(msgspec.Struct, Generic[Result], frozen=True):
    """A work, and where its outcome goes; made on the event loop of whoever waits."""

    work: Callable[[sqlite3.Connection], Result]
    outcome: asyncio.Future[Result] = msgspec.field(default_factory=_new_future)
    asked_at: float = msgspec.field(default_factory=time.monotonic)

    def patience(self, once: float, in_all: float) -> float:
        """Return how many seconds to wait for a locked file now: none after so many in all."""
        return once if time.monotonic() < self.asked_at + in_all else 0.0


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Tell whether an error says that somebody else has locked the file."""
    # `sqlite_errorcode` came with Python 3.11.
    return "locked" in str(error) or "busy" in str(error)


class Raised(msgspec.Struct, frozen=True):
    """What came of a work in place of a result."""

    error: BaseException


def settle(
    asked: Sequence[Asked[Any]], outcomes: Sequence[Any], then: Callable[[], None] = lambda: None
) -> None:
    """Tell all who wait what came of it, once that is committed; from any thread.

    The event loop is woken once, however many there are. Then it calls a function.
    """
    asked[0].outcome.get_loop().call_soon_threadsafe(_tell, asked, outcomes, then)


def _tell(waiting: Sequence[Asked[Any]], outcomes: Sequence[Any], then: Callable[[], None]) -> None:
    for asked, outcome in zip(waiting, outcomes, strict=True):
        if asked.outcome.done():
            continue  # nobody waits any more
        if isinstance(outcome, Raised):
            asked.outcome.set_exception(outcome.error)
        else:
            asked.outcome.set_result(outcome)
    then()
