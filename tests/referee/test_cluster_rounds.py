"""No Dask cluster is lost, none is started twice, each is told the truth of, nothing is left."""

from __future__ import annotations

import pytest

from tests.referee.campaign import Campaign
from tests.referee.conftest import SEED
from tests.referee.faults import Victim
from tests.referee.report import describe
from tests.referee.site import Site

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
# What is killed, or stopped for a while, in each round; the scheduler lives in the owner.
ROUNDS: tuple[tuple[Victim, ...], ...] = (
    ("server",),
    ("owner", "worker"),
    ("supervisor", "server stopped"),
    ("cluster", "starter", "supervisor stopped"),
)


@pytest.fixture(scope="module")
def campaign(site: Site) -> Campaign:
    return Campaign("clusters", site, SEED)


@pytest.mark.parametrize("number", range(len(ROUNDS)), ids=[" ".join(one) for one in ROUNDS])
def test_a_round_of_clusters(campaign: Campaign, number: int) -> None:
    campaign.victims = ROUNDS[number]
    round_ = campaign.play(number)
    assert not round_.verdict.objections, describe(round_)


def test_the_rounds_were_about_something(campaign: Campaign) -> None:
    if not campaign.tally.rounds:
        pytest.skip("none was played")
    assert campaign.objections() == []
