"""The page that says what each gateway can do is what this run showed."""

from __future__ import annotations

import pytest

from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import JOBS_PAGE, declared
from tests.gateways.conftest import RIGS


@pytest.mark.last
def test_the_page_is_what_was_seen(
    benches: dict[str, Bench | BaseException], request: pytest.FixtureRequest
) -> None:
    begun = {title: bench for title, bench in benches.items() if isinstance(bench, Bench)}
    told = {title: declared(bench.description) for title, bench in begun.items()}
    JOBS_PAGE.check(told, list(RIGS), request.session)
