"""The same with a real JupyterLab in a real browser, which is killed too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.referee.browser import Browser, no_browser
from tests.referee.campaign import CHOSEN, Campaign
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.conftest import SEED
from tests.referee.report import describe
from tests.referee.rounds import plan, play
from tests.referee.site import Options, Site
from tests.referee.tally import Tally

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
ROUNDS = ("browser", "browser", "browser", "browser-rest", "browser-cli")
OF_CLUSTERS = replace(CHOSEN["clusters"], victims=("server", "owner"))


@pytest.fixture(scope="module")
def lab_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    why = no_browser()
    if why is not None:
        pytest.skip(why)
    cluster = Cluster() if no_slurm() is None else None
    try:
        site = Site(tmp_path_factory.mktemp("lab"), Options(cluster=cluster, has_lab=True))
        yield site
        site.close()
    finally:
        if cluster is not None:
            cluster.close()


@pytest.fixture(scope="module")
def campaigns() -> dict[str, Campaign]:
    return {}


@pytest.mark.parametrize(("number", "title"), list(enumerate(ROUNDS)))
def test_a_round_in_a_browser(
    lab_site: Site, campaigns: dict[str, Campaign], number: int, title: str
) -> None:
    if not set(CHOSEN[title].gateway_ids) <= set(lab_site.gateway_ids):
        pytest.skip(no_slurm() or "it was not started")
    campaign = campaigns.setdefault(title, Campaign(title, lab_site, SEED))
    round_ = campaign.play(number)
    assert not round_.verdict.objections, describe(round_)


def test_a_round_of_clusters_in_a_browser(lab_site: Site) -> None:
    """Nobody presses anything; what is listed must be on the screen, and be called what it is."""
    round_ = plan(f"{SEED}-clusters-browser", 0, OF_CLUSTERS)
    browser = Browser(
        lab_site.folder / "browser-clusters",
        lab_site.jupyter,
        [],
        lab_site.ledger,
        shows="clusters",
    )
    with lab_site.watched_by(browser):
        play(lab_site, round_)
    assert not round_.verdict.objections, describe(round_)


def test_the_rounds_were_about_something(lab_site: Site, campaigns: dict[str, Campaign]) -> None:
    assert lab_site.disk.exists()
    tallies = (campaign.tally for campaign in campaigns.values())
    assert sum(tallies, Tally()).shortcomings() == []
