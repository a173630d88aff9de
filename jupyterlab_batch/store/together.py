"""What waits to be written at the same moment is written in one commit: that is what costs.

Each work stays one for itself: what one raises undoes that one alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

Result = TypeVar("Result")

AT_ONCE: Final = 50
"""So many works in one commit: a second server on the same file waits no longer than for that."""


@dataclass(frozen=True)
class Asked(Generic[Result]):
    """A work, and where its outcome goes."""

    work: Callable[[sqlite3.Connection], Result]
    outcome: Future[Result] = field(default_factory=Future)

    def settle(self, make: Callable[[], Result]) -> None:
        """Let the outcome be what a function returns or raises."""
        try:
            result = make()
        except BaseException as error:  # whoever waits gets it, whatever it is
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(result)


def run_all(connection: sqlite3.Connection, asked: Sequence[Asked[Any]]) -> list[Any]:
    """Run works one after the other, and return what each returned or raised.

    Raises
    ------
    sqlite3.Error
        The file is the trouble, not a work: nothing may be committed.
    """
    return [_run(connection, one) for one in asked]


def settle_all(asked: Sequence[Asked[Any]], outcomes: Sequence[Any]) -> None:
    """Tell each who waits what came of it, once that is committed."""
    for one, outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, _Raised):
            one.outcome.set_exception(outcome.error)
        else:
            one.outcome.set_result(outcome)


@dataclass(frozen=True)
class _Raised:
    error: Exception


def _run(connection: sqlite3.Connection, asked: Asked[Any]) -> Any:  # noqa: ANN401 -- of any work
    connection.execute("SAVEPOINT work")
    try:
        result = asked.work(connection)
    except sqlite3.Error:
        raise
    except Exception as error:  # as if it had been alone
        connection.execute("ROLLBACK TO work")
        result = _Raised(error)
    connection.execute("RELEASE work")
    return result
