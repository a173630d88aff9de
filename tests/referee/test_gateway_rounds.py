"""No cluster on a Dask Gateway is started twice by us; one whose answer was lost is offered."""

from __future__ import annotations

import pytest

from tests.referee.campaign import Campaign
from tests.referee.conftest import SEED
from tests.referee.faults import Victim
from tests.referee.report import describe
from tests.referee.site import Site

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
# What is killed, or stopped for a while, or said in place of an answer, in each round.
ROUNDS: tuple[tuple[Victim, ...], ...] = (
    ("server", "dask gateway"),
    ("answers: nothing", "dask gateway stopped"),
)


@pytest.fixture(scope="module")
def campaign(dask_site: Site) -> Campaign:
    return Campaign("dask", dask_site, SEED)


@pytest.mark.parametrize("number", range(len(ROUNDS)), ids=[" ".join(one) for one in ROUNDS])
def test_a_round_on_a_dask_gateway(campaign: Campaign, number: int) -> None:
    campaign.victims = ROUNDS[number]
    round_ = campaign.play(number)
    assert not round_.verdict.objections, describe(round_)


def test_the_rounds_were_about_something(campaign: Campaign) -> None:
    if not campaign.tally.rounds:
        pytest.skip("none was played")
    assert campaign.objections() == []
