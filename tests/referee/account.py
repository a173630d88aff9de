"""What is known of one submission when a round is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.referee.cases import Case
from tests.referee.faults import Victim
from tests.referee.ledger import End, Start
from tests.referee.phases import FINAL


@dataclass
class Account:
    """All that is known of one case when the round is over."""

    case: Case
    starts: list[Start]
    ends: list[End]
    rows: list[dict[str, Any]]
    living: list[int]
    """Processes of the job that are there."""
    done: set[Victim]
    """What was done in the round; of wrappers and jobs only what was done to this one."""

    @property
    def row(self) -> dict[str, Any] | None:
        """The row that counts: the one with a native id, else the newest."""
        with_id = [row for row in self.rows if row["native_id"] is not None]
        return next(iter(with_id or self.rows), None)

    @property
    def word(self) -> str | None:
        """What a screen says of it."""
        return None if self.row is None else self.case.WORDS[self.row["phase"]]

    @property
    def is_acknowledged(self) -> bool:
        """Somebody was told a native id."""
        return any(native_id is not None for _, native_id in self.case.acknowledged)


def is_quiet(account: Account) -> bool:
    """Tell whether nothing more is to be expected of a job."""
    if account.living or len(account.ends) > len(account.starts):
        return False
    if account.row is None:
        return not account.starts and not account.case.acknowledged
    if account.row["phase"] in FINAL:
        return True
    if account.row["phase"] != "UNKNOWN":
        return False
    # Without a history absence is never proven, and with one it takes a minute.
    return account.row["reason"] == "lost" or not account.starts


def is_over(account: Account) -> bool:
    """Tell whether the server is sure of the end of a job."""
    return account.row is None or account.row["phase"] in FINAL
