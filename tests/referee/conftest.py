"""Which rounds are played: ``REFEREE_SEED=... pytest tests/referee`` plays others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.referee.report import describe
from tests.referee.rounds import Chosen, Round, plan, play
from tests.referee.site import Options, Site

SEED = os.environ.get("REFEREE_SEED", "test")
Play = Callable[[Site, Chosen, int, str], Round]


@pytest.fixture
def play_round() -> Play:
    """Play a round, and fail with its whole story if the referee objects."""

    def play_one(site: Site, chosen: Chosen, number: int, seed: str) -> Round:
        round_ = play(site, plan(seed, number, chosen))
        assert not round_.verdict.objections, describe(round_)
        return round_

    return play_one


@pytest.fixture(scope="module")
def local_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(_folder(tmp_path_factory), Options())
    yield site
    site.close()


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("referee")
