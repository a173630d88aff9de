"""One bad day as a round: the same play and the same judge, and a closer look."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

from tests.referee.account import Account
from tests.referee.api import NoAnswer
from tests.referee.cases import Case, Oddities
from tests.referee.days import DAYS, Day, Ground, Way
from tests.referee.faults import Fault, Victim
from tests.referee.judge import judge
from tests.referee.rounds import Round, play, take_account
from tests.referee.site import Site

_PATIENCE_SECONDS: Final = 60.0
_PROVEN_SECONDS: Final = 150.0
"""Within that time two looks, a minute apart, have shown that a job is nowhere."""


def play_day(
    site: Site, ground: Ground, day: Day, way: Way, seed: str, *, is_patient: bool = False
) -> Round:
    """Play one cell, and judge it as any round.

    Parameters
    ----------
    is_patient
        Wait until it is proven of every job that it is there, or not; where nothing can prove it,
        it stays unknown.
    """
    number = DAYS.index(day)
    name = f"day-{seed}-{way}-{number}"
    cases = [
        Case(
            key=f"{name}-{index}-{time.time_ns():x}",
            name=f"{order.odd.title} {name}-{index}".strip(),
            kind=order.kind,
            gateway_id=way,
            surface="http",
            clients=1,
            insists=True,
            after_seconds=0.0,
            odd=_on(ground, order.odd),
        )
        for index, order in enumerate(day.orders)
    ]
    victim = day.victim(way)
    faults = [] if victim is None else [_fault(day, victim, cases[0])]
    round_ = play(site, Round(seed, number, name, cases, faults))
    if is_patient and ground.has_database:
        _await_proof(site, round_)
    _judge_day(day, round_)
    _judge_logs(site, round_)
    if any(site.folder.rglob("injected")):
        _object(round_, "wrong", "a text was taken for an order to a shell")
    return round_


def _await_proof(site: Site, round_: Round) -> None:
    end = time.monotonic() + _PROVEN_SECONDS
    while any(map(is_unproven, round_.accounts)) and time.monotonic() < end:
        time.sleep(1)
        with suppress(NoAnswer):
            round_.accounts = take_account(site, round_, site.jupyter.api.rows(round_.name))
    round_.verdict = judge(round_.accounts)


def is_unproven(account: Account) -> bool:
    """Tell whether nobody knows that there is a job, nor that there is none."""
    row = account.row
    return row is not None and row["phase"] == "UNKNOWN" and row["native_id"] is None


def _on(ground: Ground, odd: Oddities) -> Oddities:
    """Return what is odd about an order on a Slurm that may not take so many tasks."""
    if odd.tasks <= ground.most_tasks:
        return odd
    return Oddities(tasks=odd.tasks, is_impossible=True)


def _fault(day: Day, victim: Victim, target: Case) -> Fault:
    return Fault(
        victim=victim,
        target=target,
        aim=day.aim,
        delay_seconds=day.delay_seconds,
        lasts_seconds=day.lasts_seconds,
        patience_seconds=_PATIENCE_SECONDS,
    )


def _judge_day(day: Day, round_: Round) -> None:
    """Object to a day that was none: then it shows nothing."""
    for fault in round_.faults:
        if not (fault.struck and fault.is_aimed):
            _object(round_, "did not happen", "; ".join(fault.record) or "no moment for it")
    if day.shows is not None and not day.shows(round_.accounts):
        _object(round_, "did not happen", "nothing shows it")


def _judge_logs(site: Site, round_: Round) -> None:
    """Compare the log that a user is shown with what each job said."""
    for account in round_.accounts:
        if account.row is None or account.row["phase"] != "COMPLETED" or account.case.odd.tasks:
            continue
        said, wanted = _log_of(site, account), f"{account.case.key}\n"
        # Of an attempt before nothing need be left.
        if said != wanted and said != wanted * len(account.starts):
            _object(round_, "wrong", f"{account.case.name}: its log is {said!r}")


def _log_of(site: Site, account: Account) -> str | None:
    try:
        return site.jupyter.api.text(f"jobs/{account.rows[0]['id']}/log?stream=stdout")
    except NoAnswer:
        return None


def _object(round_: Round, kind: str, text: str) -> None:
    round_.verdict.kinds[kind] += 1
    round_.verdict.objections.append(f"{kind}: {text}")
