"""The table of what each gateway can do: what it says of itself, and what the suite saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import Gateway

PATH = Path(__file__).parents[3] / "docs" / "capabilities.md"
WRITE_VARIABLE = "WRITE_CAPABILITIES"

Table = dict[str, dict[str, str]]
"""Cells by row and column."""

SHORTCOMING = "shortcoming"
"""The property by which a test that passes says: as its rig declared, this does not work."""

_HEAD = """\
# What each gateway can do

Written by the conformance suite (`tests/gateways/conformance`) from a run against the real systems;
`WRITE_CAPABILITIES=1 pytest tests/gateways/conformance` writes it again. A cell turns from _yes_ to
_no_ only in a commit that says why.
"""
_DECLARED = "What a gateway says of itself"
_PROVEN = "What was seen to work"


def proves(what: str) -> pytest.MarkDecorator:
    """Mark a test of the suite with the row of the table that it proves."""
    return pytest.mark.capability(what)


def declared(gateway: Gateway) -> dict[str, str]:
    """Return the rows that a gateway fills by describing itself."""
    can, survives = gateway.capabilities, gateway.survives
    return {
        "Changes are pushed, not polled": _word(can.push),
        "Jobs that left the queue can be looked up": _word(can.history),
        "A job over its memory is ended": _word(can.memory_limit),
        "A job over its time is ended": _word(can.walltime_limit),
        "CPU time and peak memory are measured": _word(can.usage),
        "Jobs are charged to accounts": _word(can.accounts),
        "A job that waits can be held and released": _word(can.hold),
        "A job can wait for the end of others": _word(can.dependencies),
        "A signal can be sent to a job that runs": _word(can.signal),
        "A job that runs can be requeued": _word(can.requeue),
        "A job that runs can be suspended and resumed": _word(can.suspend),
        "The time limit of a job can be changed": _word("walltime_seconds" in can.changes),
        "The nice value of a job can be changed": _word("nice" in can.changes),
        "The comment of a job can be changed": _word("comment" in can.changes),
        "Lines of a script that describe its job are read": _word(can.script_options),
        "A job can be an array of tasks": _word(gateway.limits.max_array_size is not None),
        "GPUs can be asked for": _word(gateway.limits.max_gpus is not None),
        "There are queues to choose from": _word(bool(gateway.queues)),
        "Jobs survive a restart of the Jupyter server": _word(survives.server_restart),
        "Jobs survive a reboot of the Jupyter server's machine": _word(survives.reboot),
    }


def _word(can: bool) -> str:
    return "yes" if can else "no"


def keep_unseen(seen: Table, committed: Table, unseen: Iterable[str]) -> Table:
    """Take the columns of gateways that could not be tried here from the committed table."""
    return {
        row: {**cells, **{title: committed.get(row, {}).get(title, "") for title in unseen}}
        for row, cells in seen.items()
    }


def render(declared_rows: Table, proven_rows: Table, columns: Iterable[str]) -> str:
    """Return the text of the page, in the layout that Prettier keeps."""
    titles = list(columns)
    parts = [_HEAD]
    for heading, rows in ((_DECLARED, declared_rows), (_PROVEN, proven_rows)):
        lines = [[heading, *titles]]
        lines += [[row, *(cells[title] for title in titles)] for row, cells in rows.items()]
        parts.append(_aligned(lines))
    return "\n".join(parts)


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    padded.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)


def parse(text: str) -> Table:
    """Read the cells of both tables of the page."""
    table: Table = {}
    titles: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        if cells[0] in (_DECLARED, _PROVEN):
            titles = cells[1:]
        else:
            table[cells[0]] = dict(zip(titles, cells[1:], strict=True))
    return table


def verdicts(reports: Mapping[tuple[str, str], bool], rows: Iterable[str]) -> Table:
    """Return the proven rows; a test that failed is a *no*."""
    table: Table = {row: {} for row in rows}
    for (row, title), is_proven in reports.items():
        table[row][title] = _word(is_proven and table[row].get(title) != "no")
    return table
