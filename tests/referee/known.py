"""Faults of the product that the referee has found and that are not mended yet.

Each is told apart as narrowly as can be, counted in the table, and taken off here by whoever mends
it. Nothing else may ever be put here: a job that is lost or that runs twice is always an objection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.referee.account import Account


@dataclass(frozen=True)
class Known:
    """One fault that is known."""

    name: str
    seed: str
    """Seed and number of a round that showed it."""
    is_it: Callable[[Account], bool]


def _is_pending_for_ever(account: Account) -> bool:
    row = account.row
    return row is not None and row["phase"] == "PENDING" and "server" in account.done


def _is_lost_though_it_ended(account: Account) -> bool:
    row = account.row
    is_lost = row is not None and (row["phase"], row["reason"]) == ("UNKNOWN", "lost")
    return is_lost and "slurmctld" in account.done and bool(account.ends)


KNOWN = (
    # A client that sends its key again while the server recovers: `recover` passes over the intent
    # as in flight, and the submission finds it PENDING and answers 409. Nobody looks it up.
    Known("pending for ever after a retry during recovery", "b:54", _is_pending_for_ever),
    # slurmctld forgot the job at its end, slurmdbd's record never ended: the status file in the
    # run directory says how it ended, and is not read again.
    Known("lost by Slurm although its status file tells the end", "s:10", _is_lost_though_it_ended),
)


def known_fault(account: Account) -> str | None:
    """Return the name of the known fault that a job shows."""
    return next((one.name for one in KNOWN if one.is_it(account)), None)
