"""The referee itself: a product without one of its safeguards must not pass."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.referee.conftest import SEED
from tests.referee.report import describe
from tests.referee.rounds import Chosen, plan, play
from tests.referee.site import Options, Site
from tests.referee.subjects import CLUSTERS, ON_DASK_GATEWAY

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
PROJECT = Path(__file__).parents[2]
AT_MOST_ROUNDS = 40
LOCAL = ("local",)
SABOTEURS = {
    "no_unique_key": Chosen(LOCAL, places=("in sending", "in answering")),
    # Short jobs: a supervisor that comes back must find nobody of them but their claim.
    "no_claim": Chosen(LOCAL, victims=("supervisor",), places=("in answering",), kinds=("short",)),
    "send_before_write": Chosen(
        LOCAL, victims=("server",), places=("in answering",), kinds=("short",)
    ),
    "sends_again": Chosen(
        ("dask",),
        victims=("answers: nothing",),
        places=("in answering",),
        kinds=("long",),
        subject=ON_DASK_GATEWAY,
        cases=(2, 2),
    ),
    **dict.fromkeys(
        ("no_unique_cluster_key", "start_before_write"),
        Chosen(
            LOCAL,
            victims=("server",),
            places=("in answering",),
            kinds=("long",),
            subject=CLUSTERS,
            cases=(2, 2),
        ),
    ),
}


@pytest.fixture(params=SABOTEURS)
def saboteur(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site_of(request: pytest.FixtureRequest, saboteur: str) -> Site:
    """The site with all safeguards."""
    name = "dask_site" if SABOTEURS[saboteur].subject is ON_DASK_GATEWAY else "site"
    site: Site = request.getfixturevalue(name)
    return site


@pytest.fixture
def sabotaged(saboteur: str, tmp_path: Path, site_of: Site) -> Iterator[Site]:
    options = Options(
        extensions=(f"tests.referee.saboteurs.{saboteur}",),
        variables={"PYTHONPATH": str(PROJECT)},
        has_dask_gateway=site_of.dask is not None,
    )
    site = Site(tmp_path / "site", options)
    yield site
    site.close()


def test_the_referee_objects_to_sabotage(sabotaged: Site, site_of: Site, saboteur: str) -> None:
    chosen = SABOTEURS[saboteur]
    seed = f"{SEED}-{saboteur}"
    for number in range(AT_MOST_ROUNDS):
        round_ = play(sabotaged, plan(seed, number, chosen))
        if {"doubled", "lost", "missing"} & set(round_.verdict.kinds):
            sys.stdout.write(f"{saboteur}, caught:\n{describe(round_)}\n")
            break
        assert not round_.verdict.objections, describe(round_)
    else:
        pytest.fail(f"{AT_MOST_ROUNDS} rounds without an objection")
    # The same, with all safeguards.
    round_ = play(site_of, plan(seed, number, chosen))
    assert not round_.verdict.objections, describe(round_)
