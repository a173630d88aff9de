"""Every bad day on every kind of Slurm, asked in either way, and a table of what came of them.

Fails if the referee objects to anything, or if a day did not happen. One cell is played again by
``python -m tests.referee.matrix --days WORD --grounds stock --ways cli``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bench.table import put_between
from tests.referee.account import Account
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.dayround import play_day
from tests.referee.days import DAYS, GROUNDS, WAYS, Day, Ground, Way
from tests.referee.phases import FINAL
from tests.referee.report import describe
from tests.referee.rounds import Round
from tests.referee.site import Options, Site
from tests.referee.tally import Tally, aligned, sums

_OUTPUT: Final = Path(__file__).resolve().parents[2] / "bench/soak.md"
_MIN_JOB_AGE_SECONDS: Final = 60
_NONE: Final = "-"


@dataclass(frozen=True)
class Plan:
    """What is played on one Slurm."""

    seed: str
    days: tuple[Day, ...]
    ways: tuple[Way, ...]


@dataclass
class Column:
    """What came of all days on one kind of Slurm, asked in one way."""

    cells: dict[str, str] = field(default_factory=dict)
    """By title of the day."""
    tally: Tally = field(default_factory=Tally)


def main() -> int:
    """Play, print, and write if everything was played."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", default=f"{int(time.time()):x}")
    parser.add_argument("--days", nargs="+", default=[""], help="a part of the title of each")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    titles = [ground.title for ground in GROUNDS]
    parser.add_argument("--grounds", nargs="+", choices=titles, default=titles)
    parser.add_argument("--at-once", type=int, default=1, help="grounds that are played on")
    given = parser.parse_args()
    reason = no_slurm()
    if reason is not None:
        _say(f"No day is played: {reason}")
        return 0
    days = tuple(day for day in DAYS if any(part in day.title for part in given.days))
    plan = Plan(given.seed, days, tuple(given.ways))
    grounds = [ground for ground in GROUNDS if ground.title in given.grounds]
    with ProcessPoolExecutor(given.at_once, initializer=_leave_when_told) as pool:
        signal.signal(signal.SIGTERM, lambda *_: _tell_to_leave(pool))
        played = list(pool.map(partial(_play_on_any, plan), grounds))
    columns = {title: column for some in played for title, column in some.items()}
    text = table(columns, days, given.seed)
    _say(text)
    if len(days) == len(DAYS) and len(columns) == len(GROUNDS) * len(WAYS):
        put_between(_OUTPUT, text, mark="days")
    return 1 if any(column.tally.failed for column in columns.values()) else 0


def _leave_when_told() -> None:
    """Leave no Slurm and no server behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to leave"))


def _tell_to_leave(pool: ProcessPoolExecutor) -> None:
    players = multiprocessing.active_children()
    pool.shutdown(wait=False, cancel_futures=True)
    for player in players:
        player.terminate()


def table(columns: dict[str, Column], days: tuple[Day, ...], seed: str) -> str:
    """Return the matrix in Markdown: a line for each day, a column for each Slurm and way."""
    each = list(columns.values())
    lines = [["", *columns]]
    lines += [[day.title, *(column.cells.get(day.title, _NONE) for column in each)] for day in days]
    lines += sums({title: column.tally for title, column in columns.items()})
    return f"Seed `{seed}`.\n\n{aligned(lines)}"


def _play_on_any(plan: Plan, ground: Ground) -> dict[str, Column]:
    """Play on one Slurm; a referee who cannot play there keeps none of the others from it."""
    columns: dict[Way, Column] = {way: Column() for way in plan.ways}
    try:
        _play_on(plan, ground, columns)
    except Exception:
        _say(traceback.format_exc())
        for column in columns.values():
            column.tally.failed.append("the referee itself")
    named = {"rest": "REST", "cli": "CLI"}
    return {f"{ground.title}, {named[way]}": column for way, column in columns.items()}


def _play_on(plan: Plan, ground: Ground, columns: dict[Way, Column]) -> None:
    """Play on a Slurm and a site of its own, and say what there is to object to."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referee-")))
        cluster = Cluster(
            ground.profile,
            has_database=ground.has_database,
            min_job_age_seconds=_MIN_JOB_AGE_SECONDS,
        )
        stack.callback(cluster.close)
        site = Site(folder / "site", Options(cluster=cluster))
        stack.callback(site.close)
        for way, column in columns.items():
            for day in plan.days:
                _play_cell(site, ground, day, way, plan.seed, column)


def _play_cell(site: Site, ground: Ground, day: Day, way: Way, seed: str, column: Column) -> None:
    if not day.can_be(ground, way):
        return
    began = time.monotonic()
    try:
        round_ = play_day(site, ground, day, way, seed, is_patient=True)
    except Exception:  # the others are played all the same
        _say(traceback.format_exc())
        column.cells[day.title] = "**the referee itself**"
        column.tally.failed.append(day.title)
        return
    column.tally.add(round_)
    column.cells[day.title] = _cell(round_)
    seconds = time.monotonic() - began
    _say(f"{ground.title}, {way}: {day.title}: {_cell(round_)} ({seconds:.0f} s)")
    if round_.verdict.objections:
        _say(describe(round_))


def _cell(round_: Round) -> str:
    """Return how many jobs ran, what became of the others, and every objection."""
    verdict = round_.verdict
    facts = {
        "ran": sum(bool(account.starts) for account in round_.accounts),
        **{f"({why})": count for why, count in sorted(verdict.apart.items())},
        "(not there, said so)": sum(map(_is_absent, round_.accounts)),
        "unknown": sum(
            account.row is not None and account.row["phase"] == "UNKNOWN"
            for account in round_.accounts
        ),
        **{f"**{kind}**": count for kind, count in sorted(verdict.kinds.items())},
    }
    return ", ".join(f"{count} {what}" for what, count in facts.items() if count)


def _is_absent(account: Account) -> bool:
    """Tell whether nobody was told of a job, and the server is sure that there is none."""
    row = account.row
    is_over = row is not None and row["phase"] in FINAL and row["native_id"] is None
    return is_over and not account.starts


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
