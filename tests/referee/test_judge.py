"""The judgement itself: what must be objected to, and what not. No product takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.referee.account import Account
from tests.referee.cases import Case, Oddities
from tests.referee.faults import Fault, Victim
from tests.referee.judge import Verdict, judge, judge_screen
from tests.referee.ledger import End, Start
from tests.referee.rounds import Round
from tests.referee.tally import Tally

KEY = "key-of-the-job-0"
UNNOTICED = "Its program has ended, but the batch system has not noticed that."


def row(phase: str = "COMPLETED", reason: str | None = None, **fields: Any) -> dict[str, Any]:
    given = {"id": "j1", "native_id": "1", "phase": phase, "reason": reason, "reason_text": None}
    return {**given, **fields}


def start(attempt: int = 1, native_id: str = "1", task: str = "") -> Start:
    return Start(KEY, native_id, attempt, 100 + attempt, task)


def account(*done: Victim, **fields: Any) -> Account:
    """A short job that was submitted, ran once and ended well, but for what is given."""
    case = Case(KEY, "job", "short", "local", "http", 1, True, 0)
    case.acknowledged.append(("j1", "1"))
    given: dict[str, Any] = {
        "starts": [start()],
        "ends": [End(KEY, 101, 0)],
        "rows": [row()],
        "living": [],
    }
    return Account(case=case, done=set(done), **{**given, **fields})


def refused() -> Account:
    one = account(starts=[], ends=[], rows=[])
    one.case.acknowledged.clear()
    one.case.told.append("503: not now")
    return one


def impossible(**fields: Any) -> Account:
    one = account(**{"starts": [], "ends": [], "rows": [], **fields})
    one.case.odd = Oddities(is_impossible=True)
    one.case.acknowledged.clear()
    one.case.refused.append("400: at most 1,000 tasks")
    return one


def cancelled(phase: str = "ABORTED") -> Account:
    return account(starts=[], ends=[], rows=[row(phase, "cancelled_by_user")])


def asked_to_cancel() -> Account:
    one = cancelled()
    one.case.cancel_asked = True
    return one


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (account, set()),
        (lambda: account(starts=[start(), start()]), {"doubled"}),
        (lambda: account(starts=[start(1), start(2, "2")]), {"doubled"}),
        (lambda: account(starts=[start(1), start(2)]), set()),
        (lambda: account(rows=[row(), row(id="j2")]), {"doubled"}),
        (lambda: account(starts=[], ends=[]), {"lost", "wrong"}),
        (lambda: account(starts=[], ends=[], rows=[row("ERROR", "lost")]), {"lost"}),
        (lambda: account("slurmctld", starts=[], ends=[], rows=[row("ERROR", "lost")]), set()),
        (lambda: account("slurmctld", starts=[], ends=[], rows=[row("UNKNOWN", "lost")]), set()),
        (lambda: account(starts=[], ends=[], rows=[row("UNKNOWN", "answer_lost")]), {"lost"}),
        (
            lambda: account("slurmctld", starts=[], ends=[], rows=[row("UNKNOWN", "answer_lost")]),
            set(),
        ),
        (lambda: account("slurmctld", rows=[row("QUEUED")]), set()),
        (lambda: account(rows=[row("QUEUED")]), {"wrong"}),
        (lambda: account(rows=[]), {"missing"}),
        (lambda: account(rows=[row(native_id=None)]), {"missing"}),
        (refused, {"refused"}),
        (cancelled, {"lost", "wrong"}),
        (asked_to_cancel, set()),
        (lambda: account(rows=[row("EXECUTING")]), {"wrong"}),
        (lambda: account(ends=[]), {"wrong"}),
        (lambda: account(rows=[row("ERROR", "exit_nonzero")]), {"wrong"}),
        (lambda: account(rows=[row("ERROR", "signal")], ends=[]), {"wrong"}),
        (lambda: account("job", rows=[row("ERROR", "signal")], ends=[]), set()),
        (lambda: account(living=[100]), {"left behind"}),
        (lambda: account("slurmctld", rows=[row("EXECUTING")]), {"wrong"}),
        (lambda: account("slurmctld", rows=[row("EXECUTING", reason_text=UNNOTICED)]), set()),
        (lambda: account(rows=[row("EXECUTING", reason_text=UNNOTICED)]), {"wrong"}),
        (impossible, set()),
        (lambda: impossible(rows=[row()]), {"wrong"}),
        (lambda: account(starts=[start(task="1"), start(task="2", native_id="2")]), set()),
        (lambda: account(starts=[start(task="1"), start(task="1")]), {"doubled"}),
    ],
)
def test_what_is_objected_to(make: Callable[[], Account], kinds: set[str]) -> None:
    verdict = judge([make()])
    assert set(verdict.kinds) == kinds, verdict.objections


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("job, Completed, 10:25 · 1 s", set()),
        ("job, Queued, Waiting for 2 s", {"wrong"}),
        (None, {"missing"}),
    ],
)
def test_the_screen_shows_what_the_server_lists(label: str | None, kinds: set[str]) -> None:
    verdict = Verdict()
    judge_screen([account()], {"job": label}, verdict)
    assert set(verdict.kinds) == kinds


def tally_of(one: Account, *, struck: bool) -> Tally:
    fault = Fault("server", one.case, "running", 0, 0, struck=struck)
    tally = Tally()
    tally.add(Round("seed", 0, "round", [one.case], [fault], [one]))
    return tally


def test_rounds_that_saw_nothing_show_nothing() -> None:
    assert tally_of(account(), struck=True).shortcomings() == []
    assert tally_of(account(), struck=False).shortcomings() == ["only 0 of 1 faults that struck"]
    assert len(tally_of(refused(), struck=True).shortcomings()) == 2
    assert len(Tally().shortcomings()) == 3
