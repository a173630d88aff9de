"""Every phase of the contract is in one group, and what is final stays out of the queue."""

from __future__ import annotations

from typing import get_args

import pytest

from jupyterlab_batch.domain.generated import JobCounts, Phase
from jupyterlab_batch.domain.phases import JOB_GROUPS, group_of, is_final

PHASES: tuple[Phase, ...] = get_args(get_args(Phase)[0])


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("seen", [True, False])
def test_each_phase_is_in_a_group(phase: Phase, seen: bool) -> None:
    assert group_of(phase, seen=seen) in JOB_GROUPS


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_final_is_finished_once_it_was_seen(phase: Phase) -> None:
    assert (group_of(phase, seen=True) == "finished") == is_final(phase)


def test_a_failure_and_what_is_unknown_need_the_user() -> None:
    unseen = [phase for phase in PHASES if group_of(phase, seen=False) == "needs_you"]
    seen = [phase for phase in PHASES if group_of(phase, seen=True) == "needs_you"]
    assert (unseen, seen) == (["ERROR", "UNKNOWN"], ["UNKNOWN"])


def test_every_group_is_counted() -> None:
    assert JobCounts.__struct_fields__ == JOB_GROUPS
