"""Adds rounds up, and writes the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

from tests.referee.evidence import PLACES
from tests.referee.rounds import Round

_LEAST_SHARE = 0.2
"""On a slow machine most kills come before an answer; with fewer left the rounds show nothing."""


@dataclass
class Tally:
    """What came of all rounds on one gateway."""

    rounds: int = 0
    jobs: int = 0
    acknowledged: int = 0
    lines: int = 0
    requeued: int = 0
    """Lines of an attempt after the first: the batch system ran the job again."""
    kinds: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    """Not acknowledged, and the server cannot prove that there is no job."""
    kills: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    done: Counter[str] = field(default_factory=Counter)
    """Faults that struck, by victim."""
    failed: list[str] = field(default_factory=list)

    def add(self, round_: Round) -> None:
        self.rounds += 1
        self.jobs += len(round_.accounts)
        self.acknowledged += sum(account.is_acknowledged for account in round_.accounts)
        starts = [start for account in round_.accounts for start in account.starts]
        self.lines += len(starts)
        self.requeued += sum(start.attempt > 1 for start in starts)
        self.kinds += round_.verdict.kinds
        self.apart += round_.verdict.apart
        self.unknown += sum(
            account.row is not None
            and account.row["phase"] == "UNKNOWN"
            and account.row["native_id"] is None
            for account in round_.accounts
        )
        self.kills.update(
            place
            for fault in round_.faults
            if not fault.victim.endswith("stopped")
            for place in fault.hit.values()
        )
        self.faults += len(round_.faults)
        self.done.update(fault.victim for fault in round_.faults if fault.struck)
        if round_.verdict.objections:
            self.failed.append(f"{round_.seed}:{round_.number}")

    def __add__(self, other: Tally) -> Tally:
        sums = {
            one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)
        }
        return Tally(**sums)

    def shortcomings(self) -> list[str]:
        """Say what the rounds were too poor in to show anything."""
        wanted = {
            "jobs acknowledged": (self.acknowledged, self.jobs),
            "lines in the ledger": (self.lines, self.jobs),
            "faults that struck": (sum(self.done.values()), self.faults),
        }
        return [
            f"only {count} of {all_} {what}"
            for what, (count, all_) in wanted.items()
            if not all_ or count < _LEAST_SHARE * all_
        ]


_LOST = ("lost", "missing")
_OTHER = ("refused", "wrong", "left behind")


def table(tallies: dict[str, Tally], seed: str) -> str:
    """Return all that is known in Markdown, one column for each gateway."""
    return f"Seed `{seed}`.\n\n{aligned(_lines(tallies))}"


def summary(tallies: dict[str, Tally]) -> str:
    """Return what a README has room for."""
    told = ("", "rounds", "acknowledged", "**lost**", "**doubled**", "other objections")
    lines = _lines(tallies)
    return aligned([one for one in lines if one[0] in told or one[0].startswith("killed")])


def sums(tallies: dict[str, Tally]) -> list[list[str]]:
    """Return the lines of what counts."""
    told = ("jobs", "lines in the ledger", "**lost**", "**doubled**", "other objections")
    return [one for one in _lines(tallies) if one[0] in told]


def _lines(tallies: dict[str, Tally]) -> list[list[str]]:
    each = list(tallies.values())
    lines = [["", *tallies]]

    def row(title: str, *values: object) -> None:
        lines.append([title, *map(str, values)])

    row("rounds", *(tally.rounds for tally in each))
    row("jobs", *(tally.jobs for tally in each))
    row("acknowledged", *(tally.acknowledged for tally in each))
    row("lines in the ledger", *(tally.lines for tally in each))
    row("of these run again by the batch system", *(tally.requeued for tally in each))
    row("**lost**", *(sum(tally.kinds[kind] for kind in _LOST) for tally in each))
    row("**doubled**", *(tally.kinds["doubled"] for tally in each))
    row("other objections", *(sum(tally.kinds[kind] for kind in _OTHER) for tally in each))
    row("not known whether submitted, said so", *(tally.unknown for tally in each))
    for why in sorted({why for tally in each for why in tally.apart}):
        row(f"apart: {why}", *(tally.apart[why] for tally in each))
    for place in PLACES:
        row(f"killed {place}", *(tally.kills[place] for tally in each))
    for victim in sorted({victim for tally in each for victim in tally.done}):
        row(f"faults: {victim}", *(tally.done[victim] for tally in each))
    row("rounds with objections", *(", ".join(tally.failed) or "none" for tally in each))
    return lines


def aligned(lines: list[list[str]]) -> str:
    """Return a table as Prettier writes it."""
    widths = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    lines = [lines[0], ["-" * width for width in widths], *lines[1:]]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)
