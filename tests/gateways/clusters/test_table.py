"""The page that says what each gateway for Dask clusters can do is what this run showed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateways.clusters.conftest import RIGS
from tests.gateways.conformance.capabilities import CLUSTERS_PAGE, declared_of_clusters


@pytest.mark.last
async def test_the_page_is_what_was_seen(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    told = {}
    for title, kind in RIGS.items():
        if kind.missing() is None:
            place = kind.make(request, tmp_path)
            told[title] = declared_of_clusters(await place.gateway().describe())
            await place.close()
    CLUSTERS_PAGE.check(told, list(RIGS), request.session)
