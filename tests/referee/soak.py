"""Many rounds on each gateway, and a table of what came of them.

Usage: ``python -m tests.referee.soak [--rounds 200] [--seed WORD] [--gateways local rest cli]
[--first 0] [--output bench/soak.md]``. Fails if the referee objects to anything.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.referee.cases import Surface
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.faults import Victim
from tests.referee.ledger import doubled
from tests.referee.report import describe
from tests.referee.rounds import Chosen, plan, play
from tests.referee.site import Options, Site, no_small_disk
from tests.referee.tally import Tally, table

_SURFACES: Final[tuple[Surface, ...]] = ("http", "http", "http", "python", "magic")
_SMALL_DISK: Final[tuple[Victim, ...]] = ("disk full", "disk full", "server", "supervisor")


def main() -> int:
    """Play, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", default=f"{int(time.time()):x}")
    parser.add_argument("--gateways", nargs="+", default=["local", "rest", "cli"])
    parser.add_argument("--output", type=Path, default=Path("bench/soak.md"))
    given = parser.parse_args()
    _say(f"seed {given.seed}")
    tallies: dict[str, Tally] = {}
    is_well = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referee-")))
        cluster = None
        if {"rest", "cli"} & set(given.gateways):
            why = no_slurm()
            if why is not None:
                sys.exit(f"{why}. Play --gateways local alone.")
            cluster = Cluster()
            stack.callback(cluster.close)
        site = Site(folder / "site", Options(cluster=cluster))
        stack.callback(site.close)
        numbers = range(given.first, given.first + given.rounds)
        for gateway_id in given.gateways:
            chosen = Chosen((gateway_id,), surfaces=_SURFACES)
            is_well &= _play(site, gateway_id, chosen, given.seed, numbers, tallies)
            given.output.write_text(table(tallies, given.seed))
        is_well &= not _object_to_late_lines(site)
        if no_small_disk() is None:
            small = Site(folder / "small", Options(small_disk=True))
            stack.callback(small.close)
            chosen = Chosen(("local",), victims=_SMALL_DISK)
            few = numbers[: max(1, len(numbers) // 5)]
            is_well &= _play(small, "local, small disk", chosen, given.seed, few, tallies)
            is_well &= not _object_to_late_lines(small)
    given.output.write_text(table(tallies, given.seed))
    _say(table(tallies, given.seed))
    return 0 if is_well else 1


def _play(
    site: Site, title: str, chosen: Chosen, seed: str, numbers: range, tallies: dict[str, Tally]
) -> bool:
    """Play some rounds; tell whether there was no objection."""
    tally = tallies.setdefault(title, Tally())
    for number in numbers:
        round_ = play(site, plan(f"{seed}-{title.split(',', maxsplit=1)[0]}", number, chosen))
        tally.add(round_)
        if round_.verdict.objections:
            _say(describe(round_))
        elif number % 20 == 0:
            _say(f"{title}: {tally.rounds} rounds, kills {dict(tally.kills)}")
    return not tally.failed


def _object_to_late_lines(site: Site) -> bool:
    """Look once more at the whole ledger: something may have run long after its round."""
    late = doubled(site.ledger.starts())
    if late:
        _say(f"doubled, seen at the end: {late}")
    return bool(late)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
