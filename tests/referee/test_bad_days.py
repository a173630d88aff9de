"""Each bad day of a Slurm once; kinds of Slurm and ways to ask it in turn. See `days`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.referee.cluster import Cluster, no_slurm
from tests.referee.conftest import SEED
from tests.referee.dayround import play_day
from tests.referee.days import DAYS, GROUNDS, WAYS, Day, Ground, Way
from tests.referee.report import describe
from tests.referee.site import Options, Site

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
SITES = {"ours": "site", "stock without slurmdbd": "bare_site"}
"""The third kind is played by `make soak`."""


@pytest.fixture(scope="module")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One at a Slurm where nothing is set up for us."""
    cluster = Cluster("stock", has_database=False)
    try:
        started = Site(tmp_path_factory.mktemp("bare"), Options(cluster=cluster))
        yield started
        started.close()
    finally:
        cluster.close()


def in_turn() -> list[tuple[Day, Ground, Way]]:
    """Return a cell for each day, as far as it has one in that column."""
    cells = []
    for place, day in enumerate(DAYS):
        columns = [
            (ground, way)
            for ground in GROUNDS
            for way in WAYS
            if ground.title in SITES and day.can_be(ground, way)
        ]
        ground, way = columns[place % len(columns)]
        cells.append((day, ground, way))
    return cells


@pytest.mark.parametrize(
    ("day", "ground", "way"),
    [
        pytest.param(day, ground, way, id=f"{day.title[:60]}, {ground.title}, {way}")
        for day, ground, way in in_turn()
    ],
)
def test_nothing_is_lost_or_doubled(
    request: pytest.FixtureRequest, day: Day, ground: Ground, way: Way
) -> None:
    why = no_slurm()
    if why is not None:
        pytest.skip(why)
    site: Site = request.getfixturevalue(SITES[ground.title])
    round_ = play_day(site, ground, day, way, SEED)
    assert not round_.verdict.objections, describe(round_)
