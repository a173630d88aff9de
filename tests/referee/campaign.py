"""Some rounds of one kind on one site, and what they amount to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from tests.referee.browser import Browser
from tests.referee.cases import Surface
from tests.referee.evidence import PLACES
from tests.referee.faults import Victim
from tests.referee.ledger import doubled
from tests.referee.rounds import Chosen, Round, plan, play
from tests.referee.site import Site
from tests.referee.subjects import CLUSTERS, ON_DASK_GATEWAY
from tests.referee.tally import Tally

_SURFACES: Final[tuple[Surface, ...]] = ("http", "http", "http", "python", "magic")
_OF_JOBS: Final[tuple[Surface, ...]] = (*_SURFACES, "many", "many", "many")
_IN_BROWSER: Final[tuple[Surface, ...]] = ("form", "form", "http", "magic")
_AT_FORM: Final[tuple[Victim, ...]] = ("browser", "browser", "server", "supervisor", "job")
_AT_FORM_SLURM: Final[tuple[Victim, ...]] = (
    *("browser", "browser", "server", "slurmctld stopped", "job"),
)
_SMALL_DISK: Final[tuple[Victim, ...]] = ("disk full", "disk full", "server", "supervisor")
_OF_CLUSTERS: Final[tuple[Victim, ...]] = (
    *("server", "server", "supervisor", "owner", "owner", "worker", "starter", "cluster"),
    *("server stopped", "supervisor stopped"),
)
_OF_GATEWAY: Final[tuple[Victim, ...]] = (
    *("server", "server", "server stopped", "owner", "worker"),
    *("dask gateway", "dask gateway", "dask gateway stopped"),
    *("answers: nothing", "answers: half", "answers: HTML", "answers: late"),
)
# By gateway; "disk" is the local engine on a small disk that is filled, "clusters" are Dask's, and
# the form is filled in a browser, where the site has a JupyterLab.
CHOSEN: Final[dict[str, Chosen]] = {
    "local": Chosen(("local",), surfaces=_OF_JOBS),
    "rest": Chosen(("rest",), surfaces=_OF_JOBS),
    "cli": Chosen(("cli",), surfaces=_OF_JOBS),
    "browser": Chosen(("local",), surfaces=_IN_BROWSER, victims=_AT_FORM),
    "browser-rest": Chosen(("rest",), surfaces=_IN_BROWSER, victims=_AT_FORM_SLURM),
    "browser-cli": Chosen(("cli",), surfaces=_IN_BROWSER, victims=_AT_FORM_SLURM),
    "disk": Chosen(("local",), surfaces=_OF_JOBS, victims=_SMALL_DISK),
    "clusters": Chosen(
        ("local",),
        surfaces=_SURFACES,
        victims=_OF_CLUSTERS,
        places=PLACES[:-1],
        kinds=("short", "long", "cancelled"),
        subject=CLUSTERS,
        cases=(2, 3),
        latest_seconds=5.0,
    ),
    "dask": Chosen(
        ("dask",),
        surfaces=_SURFACES,
        victims=_OF_GATEWAY,
        places=PLACES[:-1],
        kinds=("short", "long", "cancelled"),
        subject=ON_DASK_GATEWAY,
        cases=(2, 3),
        latest_seconds=5.0,
    ),
}


@dataclass
class Campaign:
    """Rounds that are drawn by the same rules, one after another.

    Parameters
    ----------
    title
        One of `CHOSEN`.
    victims
        In place of those that are drawn there.
    """

    title: str
    site: Site
    seed: str
    victims: tuple[Victim, ...] = ()
    tally: Tally = field(default_factory=Tally)

    def play(self, number: int) -> Round:
        chosen = CHOSEN[self.title]
        if self.victims:
            chosen = replace(chosen, victims=self.victims)
        round_ = plan(f"{self.seed}-{self.title}", number, chosen)
        if "form" in chosen.surfaces:
            self._play_in_browser(round_)
        else:
            play(self.site, round_)
        self.tally.add(round_)
        return round_

    def _play_in_browser(self, round_: Round) -> None:
        site = self.site
        browser = Browser(
            site.folder / f"browser-{self.title}-{round_.number}",
            site.jupyter,
            [case for case in round_.cases if case.surface == "form"],
            site.ledger,
            chooses_gateway=len(site.gateway_ids) > 1,
        )
        with site.watched_by(browser):
            play(site, round_)

    def objections(self) -> list[str]:
        """Say what can be seen only when all rounds are over."""
        # Something may have run long after its round.
        late = doubled(self.site.ledger.starts())
        return [
            *([f"doubled, seen at the end: {late}"] if late else []),
            *self.tally.shortcomings(),
        ]
