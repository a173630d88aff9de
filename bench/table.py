"""The table of figures: one row a measure, written where the README shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    beside: str
    """The neighbour or the raw call, measured in the same run."""
    budget: str


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below or at which a share of all values lies."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds: Sequence[float]) -> tuple[float, float]:
    """Return median and 95 % quantile."""
    return quantile(seconds, 0.5) * 1000, quantile(seconds, 0.95) * 1000


def to_markdown(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = ["| what | here | beside it | budget |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.ours} | {row.beside} | {row.budget} |" for row in rows]
    return "\n".join(lines) + "\n"


def put_between(path: Path, text: str, *, mark: str) -> None:
    """Replace what stands between the begin and the end of that name in a file."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = path.read_text().split(begin)
    after = rest.split(end)[1]
    path.write_text(f"{before}{begin}\n\n{text}\n{end}{after}")
