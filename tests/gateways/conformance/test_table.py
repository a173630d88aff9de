"""The page that says what each gateway can do is what this run showed."""

from __future__ import annotations

import os

import pytest

from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import (
    PATH,
    WRITE_VARIABLE,
    declared,
    keep_unseen,
    parse,
    render,
    verdicts,
)
from tests.gateways.conftest import REPORTS, RIGS, title_of


@pytest.mark.last
def test_the_page_is_what_was_seen(
    benches: dict[str, Bench | BaseException], request: pytest.FixtureRequest
) -> None:
    begun = {title: bench for title, bench in benches.items() if isinstance(bench, Bench)}
    proving = [
        (mark.args[0], title_of(item))
        for item in request.session.items
        if (mark := item.get_closest_marker("capability")) is not None
    ]
    rows = list(dict.fromkeys(row for row, _ in proving))
    reports = request.config.stash[REPORTS]
    tried = {key for key in proving if key[1] in begun}
    if not begun or tried - reports.keys():
        pytest.skip("Only a part of the suite was run.")
    told = {title: declared(bench.description) for title, bench in begun.items()}
    first = next(iter(told.values()))
    says = {row: {title: cells[row] for title, cells in told.items()} for row in first}
    proven = verdicts({key: reports[key] for key in tried}, rows)
    committed = PATH.read_text(encoding="utf-8") if PATH.exists() else ""
    unseen = [title for title in RIGS if title not in begun]
    page = render(
        keep_unseen(says, parse(committed), unseen),
        keep_unseen(proven, parse(committed), unseen),
        RIGS,
    )
    if os.environ.get(WRITE_VARIABLE):
        PATH.write_text(page, encoding="utf-8")
    assert page == PATH.read_text(encoding="utf-8"), f"{WRITE_VARIABLE}=1 writes it again"
