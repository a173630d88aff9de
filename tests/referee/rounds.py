"""One round: submit, break, mend, wait until all is quiet, judge."""

from __future__ import annotations

import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from tests.referee import processes
from tests.referee.account import Account, is_over, is_quiet
from tests.referee.api import NoAnswer
from tests.referee.cases import Case, Kind, Surface
from tests.referee.evidence import PLACES, Place
from tests.referee.faults import FORGETS, OF_ONE, Fault, Victim
from tests.referee.judge import Verdict, judge_screen
from tests.referee.phases import FINAL
from tests.referee.site import Site
from tests.referee.subjects import JOBS, Subject

QUIET_SECONDS: Final = 60.0
INSISTS_SECONDS: Final = 300.0
LATE_SECONDS: Final = 120.0
_RUNNING: Final[list[Place]] = ["running", "ending"]
_SHORT: Final[list[Place]] = ["in sending", "in answering"]
_KINDS: Final[tuple[Kind, ...]] = ("short", "long", "failing", "cancelled")
_STORE: Final[tuple[Victim, ...]] = ("store overwritten", "store truncated", "store removed")
_VICTIMS: Final[dict[str, list[Victim]]] = {
    "local": [
        *("server", "server", "server", "supervisor", "supervisor", "wrapper", "job"),
        *("server stopped", "supervisor stopped", *_STORE),
    ],
    "rest": [
        *("server", "server", "server", "slurmctld", "slurmctld", "slurmrestd", "job"),
        *("slurmctld stopped", *_STORE),
    ],
    "cli": [
        *("server", "server", "server", "slurmctld", "slurmctld", "job"),
        *("slurmctld stopped", *_STORE),
    ],
}


@dataclass(frozen=True)
class Chosen:
    """What may be drawn.

    Parameters
    ----------
    victims
        In place of those that a gateway has.
    """

    gateway_ids: tuple[str, ...]
    surfaces: tuple[Surface, ...] = ("http",)
    victims: tuple[Victim, ...] = ()
    places: tuple[Place, ...] = PLACES
    kinds: tuple[Kind, ...] = _KINDS
    subject: Subject = JOBS
    cases: tuple[int, int] = (3, 5)
    """How many at least and at most."""
    latest_seconds: float = 0.03
    """A blow that is not aimed falls so long after its moment."""


@dataclass
class Round:
    """The plan of a round, and its outcome."""

    seed: str
    number: int
    name: str
    cases: list[Case]
    faults: list[Fault]
    accounts: list[Account] = field(default_factory=list)
    is_silent: bool = False
    """The server did not list its jobs, though everything was brought back."""
    verdict: Verdict = field(default_factory=Verdict)
    subject: Subject = JOBS


def plan(seed: str, number: int, chosen: Chosen) -> Round:
    """Draw a round; the same seed and number draw the same."""
    draw = random.Random(f"{seed}:{number}")  # noqa: S311 -- it must be repeatable, not secret
    gateway_id = draw.choice(chosen.gateway_ids)
    name = f"referee-{seed}-{number}"
    cases = [
        _case(draw, name, index, gateway_id, chosen) for index in range(draw.randint(*chosen.cases))
    ]
    victims = list(chosen.victims) or _VICTIMS[gateway_id]
    faults = [_fault(draw, cases, victims, chosen) for _ in range(draw.choice([1, 1, 2]))]
    return Round(seed, number, name, cases, faults, subject=chosen.subject)


def play(site: Site, round_: Round) -> Round:
    """Play a round on a site, and leave the site as it was."""
    over = threading.Event()
    try:
        _break_and_mend(site, round_, over)
    finally:
        over.set()  # or who insists would do so for ever
    _wait_until_quiet(site, round_)
    _judge_at_last(site, round_)
    if round_.is_silent:
        round_.verdict.kinds["wrong"] += 1
        round_.verdict.objections.append("wrong: the server does not list its jobs")
    if site.browser is not None:
        site.browser.read_rows({one.case.name: one.word for one in round_.accounts})
        judge_screen(round_.accounts, site.browser.rows, round_.verdict)
    return round_


def _break_and_mend(site: Site, round_: Round, over: threading.Event) -> None:
    """Submit, strike meanwhile, and let everything run again."""
    site.bring_back()
    for fault in round_.faults:
        fault.prepare(site)
    if site.browser is not None:
        site.browser.open()
    began = time.monotonic()
    clients = _clients(site, round_, over, is_late=False)
    strikes = [
        threading.Thread(target=fault.strike, args=(site, round_.cases, began))
        for fault in round_.faults
    ]
    for thread in (*strikes, *clients):
        thread.start()
    for thread in strikes:
        thread.join()
    site.bring_back()
    if site.browser is not None:
        site.browser.come_back()
    late = _clients(site, round_, over, is_late=True)
    for thread in late:
        thread.start()
    _let_end([*clients, *late], over)


def _clients(
    site: Site, round_: Round, over: threading.Event, *, is_late: bool
) -> list[threading.Thread]:
    """Return those who submit, now or when all is mended."""
    cases = [case for case in round_.cases if case.odd.is_late is is_late]
    company = tuple(case for case in cases if case.surface == "many")
    return [
        threading.Thread(target=round_.subject.client(site, case, over, company).run)
        for case in cases
        if case.surface != "form"
        for _ in range(case.clients)
    ]


def _judge_at_last(site: Site, round_: Round) -> None:
    """Judge, and while there is something to object to, look again: it may only be late.

    What ran twice did so for good.
    """
    end = time.monotonic() + LATE_SECONDS
    _judge(site, round_)
    while round_.verdict.objections and time.monotonic() < end:
        if round_.verdict.kinds["doubled"]:
            return
        time.sleep(0.5)
        with suppress(NoAnswer):
            round_.accounts = take_account(site, round_, _rows(site, round_))
            round_.is_silent = False
        _judge(site, round_)


def _judge(site: Site, round_: Round) -> None:
    round_.verdict = round_.subject.judge(round_.accounts)
    for one in round_.subject.left(site):
        round_.verdict.kinds["left behind"] += 1
        round_.verdict.objections.append(f"left behind: {one}")


def _let_end(clients: list[threading.Thread], over: threading.Event) -> None:
    """Let clients insist for some time, and no longer."""
    end = time.monotonic() + INSISTS_SECONDS
    for thread in clients:
        thread.join(max(0.0, end - time.monotonic()))
    over.set()
    for thread in clients:
        thread.join()


def _wait_until_quiet(site: Site, round_: Round) -> None:
    end = time.monotonic() + QUIET_SECONDS
    quiet_looks, next_mending = 0, 0.0
    enough_looks = 2
    # More than one look: a job that has just ended may have been started twice.
    while quiet_looks < enough_looks and time.monotonic() < end:
        with suppress(NoAnswer):
            round_.accounts = take_account(site, round_, _rows(site, round_))
            is_over_now = all(map(is_quiet, round_.accounts)) and not round_.subject.left(site)
            quiet_looks = quiet_looks + 1 if is_over_now else 0
            enough_looks = 2 if all(map(is_over, round_.accounts)) else 20
        if time.monotonic() > next_mending:
            if site.cluster is not None:
                site.cluster.mend()
            _cancel_what_was_found(site, round_)
            _end_what_slurm_forgot(round_)
            round_.subject.tend(site, round_.accounts)
            next_mending = time.monotonic() + 2
        time.sleep(0.1)
    if not round_.accounts:
        round_.accounts = take_account(site, round_, [])
        round_.is_silent = True


def _cancel_what_was_found(site: Site, round_: Round) -> None:
    """Do what a user does who gave up, and then finds the job in the list and does not want it."""
    for account in round_.accounts:
        row = account.row
        if account.case.kind != "cancelled" or row is None or is_over(account):
            continue
        account.case.cancel_asked = True
        with suppress(NoAnswer):
            path = round_.subject.client.CANCEL.format(row["id"])
            answer = site.jupyter.api.call("POST", path)
            account.case.told.append(f"cancel, later: {answer.status} {answer.body.get('outcome')}")


def _end_what_slurm_forgot(round_: Round) -> None:
    """End processes of jobs of which a slurmctld that was killed knows nothing any more.

    Nobody but an administrator of the node can; the product says that the job is forgotten.
    """
    for account in round_.accounts:
        row, case = account.row, account.case
        is_given_up = row is not None and (row["phase"] in FINAL or row["reason"] == "lost")
        if account.living and is_given_up and FORGETS & account.done:
            if case.is_forgotten:
                processes.send(account.living, signal.SIGKILL)
            case.is_forgotten = True


def _rows(site: Site, round_: Round) -> list[dict[str, Any]]:
    return round_.subject.rows(site.jupyter.api, round_.name)


def take_account(site: Site, round_: Round, rows: list[dict[str, Any]]) -> list[Account]:
    """Put together what is known now."""
    starts, living, wrappers = site.ledger.starts(), processes.by_mark(), processes.wrappers()
    return [
        Account(
            case=case,
            starts=[start for start in starts if start.key == case.key],
            ends=site.ledger.ends_of(case.key),
            rows=[row for row in rows if row["name"] == case.name],
            living=[
                *living.get(case.key, []),
                *(pid for pid, command in wrappers.items() if f"-{case.name}-" in command),
            ],
            done={fault.victim for fault in round_.faults if fault.concerns(case)},
        )
        for case in round_.cases
    ]


def _often(places: tuple[Place, ...]) -> list[Place]:
    """Return the places, those twice that are over in a moment and therefore often missed."""
    return [*places, *(place for place in places if place in _SHORT)]


def _case(draw: random.Random, name: str, index: int, gateway_id: str, chosen: Chosen) -> Case:
    # The first is what the rounds are about.
    surface = draw.choice(chosen.surfaces[: 1 if index == 0 else None])
    clients = draw.choice([1, 1, 1, 2])
    return chosen.subject.case(
        key=f"{name}-{index}-{draw.getrandbits(40):010x}",
        name=f"{name}-{index}",
        kind=draw.choice(chosen.kinds),
        gateway_id=gateway_id,
        surface=surface,
        clients=1 if surface == "form" else clients,
        # Somebody always does, so that each round has a job.
        insists=index == 0 or draw.random() < 0.7,
        after_seconds=draw.choice([0.0, 0.0, 0.02, 0.3]),
    )


def _fault(draw: random.Random, cases: list[Case], victims: list[Victim], chosen: Chosen) -> Fault:
    victim = draw.choice(victims)
    places = [place for place in chosen.places if place in _RUNNING] or _RUNNING
    place = draw.choice(places if victim in OF_ONE else _often(chosen.places))
    lasting = [case for case in cases if case.kind != "cancelled"]
    targets = lasting if lasting and place in _RUNNING else cases
    is_aimed = draw.random() < 0.6
    return Fault(
        victim=victim,
        target=draw.choice(targets),
        aim=place,
        delay_seconds=0.0 if is_aimed else draw.uniform(0, chosen.latest_seconds),
        lasts_seconds=draw.uniform(0.2, 1.5),
        page=draw.random(),
    )
