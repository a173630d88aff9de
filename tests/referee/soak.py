"""Many rounds on each gateway, and a table of what came of them.

Usage: ``python -m tests.referee.soak [--rounds 200] [--seed WORD] [--gateways local rest cli disk]
[--first 0] [--output bench/soak.md]``. Fails if the referee objects to anything. A round that it
names as ``WORD-local:7`` is played again by ``--seed WORD --gateways local --first 7 --rounds 1``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.referee.campaign import CHOSEN, Campaign
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.report import describe
from tests.referee.site import Options, Site, no_small_disk
from tests.referee.tally import table

_TELL_EVERY = 10


def main() -> int:
    """Play, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", default=f"{int(time.time()):x}")
    parser.add_argument("--gateways", nargs="+", choices=list(CHOSEN), default=list(CHOSEN))
    parser.add_argument("--output", type=Path, default=Path("bench/soak.md"))
    given = parser.parse_args()
    _say(f"seed {given.seed}")
    campaigns: list[Campaign] = []
    is_well = True
    with ExitStack() as stack:
        for campaign in _campaigns(stack, given.gateways, given.seed):
            campaigns.append(campaign)
            is_well &= _play(campaign, range(given.first, given.first + given.rounds))
            given.output.write_text(table({one.title: one.tally for one in campaigns}, given.seed))
    _say(given.output.read_text())
    return 0 if is_well else 1


def _campaigns(stack: ExitStack, titles: list[str], seed: str) -> Iterator[Campaign]:
    """Start what they need, and end it with the stack."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referee-")))
    cluster = None
    if {"rest", "cli"} & set(titles):
        why = no_slurm()
        if why is not None:
            sys.exit(f"{why}. Play --gateways local disk.")
        cluster = Cluster()
        stack.callback(cluster.close)
    site = Site(folder / "site", Options(cluster=cluster))
    stack.callback(site.close)
    for title in titles:
        if title != "disk":
            yield Campaign(title, site, seed)
        elif (why := no_small_disk()) is not None:
            _say(f"Not played on a small disk: {why}")
        else:
            small = Site(folder / "small", Options(small_disk=True))
            stack.callback(small.close)
            yield Campaign(title, small, seed)


def _play(campaign: Campaign, numbers: range) -> bool:
    """Play some rounds; tell whether there was no objection."""
    tally = campaign.tally
    for number in numbers:
        round_ = campaign.play(number)
        if round_.verdict.objections:
            _say(describe(round_))
        elif (number + 1) % _TELL_EVERY == 0:
            _say(f"{campaign.title}: {tally.rounds} rounds, kills {dict(tally.kills)}")
    objections = campaign.objections()
    for objection in objections:
        _say(f"{campaign.title}: {objection}")
    return not tally.failed and not objections


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
