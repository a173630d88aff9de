"""Every word that Slurm has for why a job waits has a sentence of ours, with what to do."""

from __future__ import annotations

from typing import get_args

import pytest

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.gateways.slurm.reasons import KNOWN
from jupyterlab_batch.gateways.slurm.states import phase_of
from jupyterlab_batch.gateways.slurm.waiting import why_waiting
from tests.gateways.rigs.standin import RECORDINGS

CODES = get_args(get_args(ReasonCode)[0])
WORDS = (RECORDINGS / "job-state-reasons.txt").read_text().split()
"""Those of Slurm 22.05 to 26.11."""

TO_DO = (
    "starts",
    "Cancel it",
    "Cancel the job",
    "Wait",
    "wait",
    "Release it",
    "release it",
    "Look at its log",
    "start as these end",
    "ask the administrators",
    "Choose another",
)
ONLY_AFTER_A_RUN = {"InactiveLimit", "OutOfMemory", "TimeLimit"}


@pytest.mark.parametrize("word", [word for word in WORDS if word != "None"])
def test_each_has_a_sentence_and_something_to_do(word: str) -> None:
    why = why_waiting(word)
    assert why is not None
    assert why.code in CODES
    assert (why.code == "other") == (word in ONLY_AFTER_A_RUN)
    assert why.text.endswith(".")
    assert any(part in why.text for part in TO_DO), why.text
    assert len(why.text) < 250
    if word not in KNOWN:
        # Administrators know the limit by this name.
        assert word in why.text


def test_none_of_ours_is_a_word_that_slurm_has_not() -> None:
    assert KNOWN.keys() <= set(WORDS)


@pytest.mark.parametrize("words", ["SomethingNew", "JobsOfTheMoon", "Site policy 7, see wiki"])
def test_another_word_is_shown_as_it_is(words: str) -> None:
    why = why_waiting(words)
    assert why is not None
    assert (why.code, why.text) == ("other", words)


@pytest.mark.parametrize(
    ("words", "as_if"),
    [
        ("ReqNodeNotAvail, UnavailableNodes:n[1-2]", "ReqNodeNotAvail"),
        ("ReqNodeNotAvail, May be reserved for other job", "ReqNodeNotAvail"),
        (
            "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority "
            "partitions",
            "ReqNodeNotAvail",
        ),
        ("launch failed requeued held", "JobHoldMaxRequeue"),
        ("job requeued in held state", "JobHeldAdmin"),
    ],
)
def test_what_slurm_says_in_a_sentence_is_understood(words: str, as_if: str) -> None:
    assert why_waiting(words) == why_waiting(as_if)
    assert phase_of("PENDING", words)[0] == ("QUEUED" if "Req" in as_if[:3] else "HELD")


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("QOSMaxCpuPerUserLimit", "You have reached the limit of cores"),
        ("QOSGrpGRES", "quality of service have reached the limit of GPUs"),
        ("AssocGrpCPUMinutesLimit", "Your account has reached the limit of cores times time used"),
        ("AssocMaxWallDurationPerJobLimit", "asks for more time than a job is allowed"),
        ("MaxMemoryRunMinsPerAccount", "Your account has reached the limit of memory times"),
        ("QOSMinCpuNotSatisfied", "ask for more cores"),
        ("QOSMaxJobsPerUserLimit", "You have reached the limit of running jobs"),
    ],
)
def test_a_limit_says_whose_and_of_what(word: str, says: str) -> None:
    why = why_waiting(word)
    assert why is not None
    assert says in why.text
