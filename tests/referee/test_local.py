"""The engine of this machine: no job is lost, and none runs twice, whatever is killed."""

from __future__ import annotations

import pytest

from tests.referee.conftest import SEED, Play
from tests.referee.rounds import Chosen
from tests.referee.site import Site

ROUNDS = 14


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_round_on_this_machine(local_site: Site, play_round: Play, number: int) -> None:
    round_ = play_round(local_site, Chosen(("local",)), number, SEED)
    assert any(fault.record for fault in round_.faults)


def test_the_rounds_were_about_something(local_site: Site) -> None:
    assert len(local_site.ledger.starts()) > ROUNDS
