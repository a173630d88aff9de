"""Many rounds on each gateway, and a table of what came of them.

Fails if the referee objects to anything. A round that it names as ``WORD-local:7`` is played again
by ``python -m tests.referee.soak --seed WORD --gateways local --first 7 --rounds 1``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from multiprocessing.synchronize import Lock
from pathlib import Path

from bench.table import put_between
from tests.referee.browser import no_browser
from tests.referee.campaign import CHOSEN, Campaign
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.daskgateway import no_dask_gateway
from tests.referee.report import describe
from tests.referee.site import Options, Site, no_small_disk
from tests.referee.tally import Tally, summary, table

_PROJECT = Path(__file__).resolve().parents[2]
_OUTPUT = _PROJECT / "bench/soak.md"
_ON_SLURM = ("rest", "cli", "browser-rest", "browser-cli")
_IN_BROWSER = ("browser", "browser-rest", "browser-cli")
_TABLES = {
    "rounds": ("rest", "cli", "local", "disk"),
    "browser": _IN_BROWSER,
    "clusters": ("clusters",),
    "dask": ("dask",),
}
"""Which columns stand in which table, by its mark. What is not played stays as it was."""
_IN_README = {"rounds": "soak", "clusters": "soak-clusters", "dask": "soak-dask"}
"""The marks there of what it has room for, by those of the tables."""
_NEEDS = {"disk": no_small_disk, "dask": no_dask_gateway}
_ONE_IN = 10
"""Of so many rounds one is played with the form: browser and JupyterLab take long to start."""
_TELL_EVERY = 10
_starting: Lock | None = None
"""Held by who starts a Slurm: many at once are slower than its patience."""
_stopping: list[bool] = []
"""Not empty when a signal came: the round is played to its end, and no other one."""


@dataclass(frozen=True)
class Plan:
    """What is played on one gateway.

    Parameters
    ----------
    end
        By the clock of this machine; no round begins later.
    """

    title: str
    seed: str
    numbers: range
    end: float


def main() -> int:
    """Play, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rounds", type=int, default=200, help="on each gateway; by the form one in ten"
    )
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--seed", default=f"{int(time.time()):x}")
    parser.add_argument(
        "--gateways",
        nargs="+",
        choices=list(CHOSEN),
        default=list(CHOSEN),
        help="one that is named twice is played on two sites, half of the rounds on each",
    )
    parser.add_argument("--minutes", type=float, default=600, help="begin no round after that")
    parser.add_argument("--at-once", type=int, default=1, help="gateways that are played on")
    parser.add_argument(
        "--output", type=Path, default=_OUTPUT, help="has the table between two marks"
    )
    given = parser.parse_args()
    _say(f"seed {given.seed}")
    numbers = range(given.first, given.first + given.rounds)
    end = time.time() + given.minutes * 60
    titles = [title for title in given.gateways if _can_be(title)]
    plans = [
        Plan(title, given.seed, _part(numbers, titles, place), end)
        for place, title in enumerate(titles)
    ]
    tallies = {title: Tally() for title in titles}
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # those who play hear it too
    signal.signal(signal.SIGTERM, lambda *_: _tell_to_stop())
    with ProcessPoolExecutor(given.at_once, None, _begin, (multiprocessing.Lock(),)) as pool:
        played = {pool.submit(_play, plan): plan.title for plan in plans}
        for one in as_completed(played):
            tallies[played[one]] += _tally_of(one)
            _write(given.output, tallies, given.seed)
    _say(table(tallies, given.seed))
    return 1 if any(tally.failed for tally in tallies.values()) else 0


def _write(output: Path, tallies: dict[str, Tally], seed: str) -> None:
    for mark, titles in _TABLES.items():
        played = {title: tally for title, tally in tallies.items() if title in titles}
        if played:
            put_between(output, table(played, seed), mark=mark)
            if output == _OUTPUT:
                put_between(_PROJECT / "README.md", summary(played), mark=_IN_README[mark])


def _tally_of(played: Future[Tally]) -> Tally:
    """Return what came of it; a referee who cannot play on keeps none of the others from it."""
    try:
        return played.result()
    except Exception:
        _say(traceback.format_exc())
        return Tally(failed=["the referee itself"])


def _begin(starting: Lock) -> None:
    """Let whoever ends a soak early have its table, and leave no server behind."""
    global _starting  # noqa: PLW0603 -- a pool hands nothing else to its processes
    _starting = starting
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stopping.append(True))


def _tell_to_stop() -> None:
    for player in multiprocessing.active_children():
        player.terminate()


def _is_told_to_stop() -> bool:
    parent = multiprocessing.parent_process()
    return bool(_stopping) or parent is None or not parent.is_alive()


def _part(numbers: range, titles: list[str], place: int) -> range:
    """Return the rounds that are played on one of the sites of a gateway."""
    title = titles[place]
    played = numbers[::_ONE_IN] if title in _IN_BROWSER else numbers
    return played[titles[:place].count(title) :: titles.count(title)]


def _can_be(title: str) -> bool:
    needs = [_NEEDS[title]] if title in _NEEDS else []
    needs += [no_slurm] if title in _ON_SLURM else []
    needs += [no_browser] if title in _IN_BROWSER else []
    reasons = [reason for need in needs if (reason := need()) is not None]
    if reasons:
        _say(f"{title} is not played: {', '.join(reasons)}")
    return not reasons


def _play(plan: Plan) -> Tally:
    """Play on a site of its own, and say what there is to object to."""
    if _is_told_to_stop():
        return Tally()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referee-")))
        cluster = None
        if plan.title in _ON_SLURM:
            with _starting or nullcontext():
                cluster = Cluster()
            stack.callback(cluster.close)
        options = Options(
            cluster=cluster,
            small_disk=plan.title == "disk",
            has_dask_gateway=plan.title == "dask",
            has_lab=plan.title in _IN_BROWSER,
        )
        site = Site(folder / "site", options)
        stack.callback(site.close)
        campaign = Campaign(plan.title, site, plan.seed)
        tally = campaign.tally
        for number in plan.numbers:
            if _is_told_to_stop() or time.time() > plan.end:
                break
            round_ = campaign.play(number)
            if round_.verdict.objections:
                _say(describe(round_))
            elif tally.rounds % _TELL_EVERY == 0:
                _say(f"{plan.title}: {tally.rounds} rounds, kills {dict(tally.kills)}")
        for objection in campaign.objections():
            _say(f"{plan.title}: {objection}")
            tally.failed.append(objection)
    return tally


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
