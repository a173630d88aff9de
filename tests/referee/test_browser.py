"""The same with a real JupyterLab in a real browser, which is killed too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.referee import campaign
from tests.referee.browser import Browser, no_browser
from tests.referee.cluster import Cluster, no_slurm
from tests.referee.conftest import SEED
from tests.referee.faults import Victim
from tests.referee.report import describe
from tests.referee.rounds import Chosen, plan, play
from tests.referee.site import Options, Site
from tests.referee.tally import Tally

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
ROUNDS = ("local", "local", "local", "rest", "cli")
VICTIMS: dict[str, tuple[Victim, ...]] = {
    "local": ("browser", "browser", "server", "supervisor", "job"),
    **dict.fromkeys(("rest", "cli"), ("browser", "browser", "server", "slurmctld stopped", "job")),
}
OF_CLUSTERS = replace(campaign.CHOSEN["clusters"], victims=("server", "owner"))


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
def tally() -> Tally:
    return Tally()


@pytest.mark.parametrize(("number", "gateway_id"), list(enumerate(ROUNDS)))
def test_a_round_in_a_browser(lab_site: Site, tally: Tally, number: int, gateway_id: str) -> None:
    if gateway_id not in lab_site.gateway_ids:
        pytest.skip(no_slurm() or "it was not started")
    chosen = Chosen(
        (gateway_id,), surfaces=("form", "form", "http", "magic"), victims=VICTIMS[gateway_id]
    )
    round_ = plan(f"{SEED}-browser", number, chosen)
    forms = [case for case in round_.cases if case.surface == "form"]
    lab_site.browser = Browser(
        lab_site.folder / f"browser-{number}",
        lab_site.jupyter,
        forms,
        lab_site.ledger,
        chooses_gateway=len(lab_site.gateway_ids) > 1,
    )
    try:
        play(lab_site, round_)
    finally:
        lab_site.browser.close()
        lab_site.browser = None
    tally.add(round_)
    assert not round_.verdict.objections, describe(round_)


def test_a_round_of_clusters_in_a_browser(lab_site: Site) -> None:
    """Nobody presses anything; what is listed must be on the screen, and be called what it is."""
    round_ = plan(f"{SEED}-clusters-browser", 0, OF_CLUSTERS)
    lab_site.browser = Browser(
        lab_site.folder / "browser-clusters",
        lab_site.jupyter,
        [],
        lab_site.ledger,
        shows="clusters",
    )
    try:
        play(lab_site, round_)
    finally:
        lab_site.browser.close()
        lab_site.browser = None
    assert not round_.verdict.objections, describe(round_)


def test_the_rounds_were_about_something(lab_site: Site, tally: Tally) -> None:
    assert lab_site.disk.exists()
    assert tally.shortcomings() == []
