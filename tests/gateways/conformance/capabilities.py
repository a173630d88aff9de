"""The tables of what gateways can do: what they say of themselves, and what a suite saw."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import ClusterOffer, Gateway

_DOCS = Path(__file__).parents[3] / "docs"
_WRITE_VARIABLE = "WRITE_CAPABILITIES"

Table = dict[str, dict[str, str]]
"""Cells by row and column."""

SHORTCOMING = "shortcoming"
"""The property by which a test that passes says: as its rig declared, this does not work."""
REPORTS = pytest.StashKey[dict[tuple[str, str], bool]]()
"""What the tests proved, by row and column."""

_HEAD = """\
# {title}

Written by the conformance suite (`{suite}`) from a run against the real systems;
`WRITE_CAPABILITIES=1 pytest {suite}` writes it again. A cell turns from _yes_ to
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
        "Single tasks of an array can be held and released": _word(can.task_orders),
        "Lines of a script that describe its job are read": _word(can.script_options),
        "A job can be an array of tasks": _word(gateway.limits.max_array_size is not None),
        "GPUs can be asked for": _word(gateway.limits.max_gpus is not None),
        "There are queues to choose from": _word(bool(gateway.queues)),
        "Jobs survive a restart of the Jupyter server": _word(survives.server_restart),
        "Jobs survive a reboot of the Jupyter server's machine": _word(survives.reboot),
    }


def declared_of_clusters(offer: ClusterOffer) -> dict[str, str]:
    """Return the rows that a gateway for Dask clusters fills by describing itself."""
    can = offer.capabilities
    return {
        "The number of workers can follow the work": _word(can.adaptive),
        "Tasks and the memory in use are told": _word(can.tasks),
        "Clusters survive a restart of the Jupyter server": _word(can.survives_server),
        "Each can be told when to stop without work": _word(can.idle_stop),
        "Workers run in a folder of the Jupyter server": _word(can.working_directory),
        "Each worker is told": _word(can.workers),
        "A single worker can be retired": _word(can.retire),
        "Progress is told by groups of tasks": _word(can.progress),
        "The log can be read": _word(can.log),
        "The dashboard can be shown": _word(can.dashboard),
        "A limit of workers is known before a start": _word(offer.limits.max_workers is not None),
    }


def _word(can: bool) -> str:
    return "yes" if can else "no"


def _keep_unseen(seen: Table, committed: Table, unseen: Iterable[str]) -> Table:
    """Take the columns of gateways that could not be tried here from the committed table."""
    return {
        row: {**cells, **{title: committed.get(row, {}).get(title, "") for title in unseen}}
        for row, cells in seen.items()
    }


@dataclass(frozen=True)
class Page:
    """One of the pages, and the suite that writes it."""

    name: str
    title: str
    suite: str
    fixture: str
    """Its parameter is the column."""

    def check(
        self, told: Mapping[str, dict[str, str]], titles: Iterable[str], session: pytest.Session
    ) -> None:
        """Compare the page with what was seen, or write it again.

        Parameters
        ----------
        told
            What those say of themselves that could be tried here.
        titles
            Of all columns.
        """
        proving = [
            (mark.args[0], title)
            for item in session.items
            if (mark := item.get_closest_marker("capability")) is not None
            and (title := title_of(item, self.fixture)) is not None
        ]
        reports = session.config.stash[REPORTS]
        tried = {key for key in proving if key[1] in told}
        if not told or tried - reports.keys():
            pytest.skip("Only a part of the suite was run.")
        first = next(iter(told.values()))
        says = {row: {title: cells[row] for title, cells in told.items()} for row in first}
        rows = dict.fromkeys(row for row, _ in proving)
        proven = _verdicts({key: reports[key] for key in tried}, rows)
        path = _DOCS / self.name
        committed = _parse(path.read_text(encoding="utf-8")) if path.exists() else {}
        if session.config.getoption("lf", default=False):
            # All others were seen when the suite was run the first time.
            rest = [row for row in committed if row not in first]
            proven = {row: {**committed[row], **proven.get(row, {})} for row in rest}
        unseen = [title for title in titles if title not in told]
        page = self._render(
            _keep_unseen(says, committed, unseen), _keep_unseen(proven, committed, unseen), titles
        )
        if os.environ.get(_WRITE_VARIABLE):
            path.write_text(page, encoding="utf-8")
        assert page == path.read_text(encoding="utf-8"), f"{_WRITE_VARIABLE}=1 writes it again"

    def _render(self, declared_rows: Table, proven_rows: Table, columns: Iterable[str]) -> str:
        """Return the text of the page, in the layout that Prettier keeps."""
        parts = [_HEAD.format(title=self.title, suite=self.suite)]
        for heading, rows in ((_DECLARED, declared_rows), (_PROVEN, proven_rows)):
            lines = [[heading, *columns]]
            lines += [[row, *(cells[title] for title in columns)] for row, cells in rows.items()]
            parts.append(_aligned(lines))
        return "\n".join(parts)


JOBS_PAGE = Page(
    "capabilities.md", "What each gateway can do", "tests/gateways/conformance", "bench"
)
CLUSTERS_PAGE = Page(
    "cluster-capabilities.md",
    "What each gateway for Dask clusters can do",
    "tests/gateways/clusters",
    "rig",
)


def title_of(item: pytest.Item, *fixtures: str) -> str | None:
    """Return of which column a test of a suite is; ``None`` of one of no such suite."""
    chosen = getattr(getattr(item, "callspec", None), "params", {})
    return next((str(chosen[name]) for name in fixtures if name in chosen), None)


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    padded.insert(1, ["-" * width for width in widths])
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)


def _parse(text: str) -> Table:
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


def _verdicts(reports: Mapping[tuple[str, str], bool], rows: Iterable[str]) -> Table:
    """Return the proven rows; a test that failed is a *no*."""
    table: Table = {row: {} for row in rows}
    for (row, title), is_proven in reports.items():
        table[row][title] = _word(is_proven and table[row].get(title) != "no")
    return table
