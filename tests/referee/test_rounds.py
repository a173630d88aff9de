"""No job is lost, and none runs twice, whatever is killed, filled or broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.referee.campaign import Campaign
from tests.referee.cluster import no_slurm
from tests.referee.conftest import SEED
from tests.referee.faults import Victim
from tests.referee.report import describe
from tests.referee.site import Options, Site, no_small_disk

pytestmark = pytest.mark.timeout(900)  # a round with something to object to looks again
ROUNDS = {"local": 13, "disk": 5, "rest": 8, "cli": 8}
# A slurmctld that is killed forgets jobs and gives their ids again: `test_bad_days` has that. A
# store that is lost beside a Slurm has no ids. `make soak` plays both.
VICTIMS: dict[str, tuple[Victim, ...]] = {
    "rest": ("server", "server", "server", "slurmrestd", "job", "slurmctld stopped"),
    "cli": ("server", "server", "server", "job", "slurmctld stopped"),
}


@pytest.fixture(scope="module")
def campaigns() -> dict[str, Campaign]:
    return {}


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One whose disk can be filled."""
    why = no_small_disk()
    if why is not None:
        pytest.skip(why)
    small = Site(tmp_path_factory.mktemp("small"), Options(small_disk=True))
    yield small
    small.close()


@pytest.mark.parametrize(
    ("title", "number"),
    [(title, number) for title, rounds in ROUNDS.items() for number in range(rounds)],
)
def test_a_round(
    request: pytest.FixtureRequest, campaigns: dict[str, Campaign], title: str, number: int
) -> None:
    if title in {"rest", "cli"} and (why := no_slurm()) is not None:
        pytest.skip(why)
    site: Site = request.getfixturevalue("small_site" if title == "disk" else "site")
    campaign = campaigns.setdefault(title, Campaign(title, site, SEED, VICTIMS.get(title, ())))
    round_ = campaign.play(number)
    assert not round_.verdict.objections, describe(round_)


@pytest.mark.parametrize("title", ROUNDS)
def test_the_rounds_were_about_something(campaigns: dict[str, Campaign], title: str) -> None:
    if title not in campaigns:
        pytest.skip("none was played")
    assert campaigns[title].objections() == []
