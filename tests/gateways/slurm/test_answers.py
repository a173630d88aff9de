"""What two generations of slurmrestd once answered, read into the same words."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.gateways.slurm import answers
from jupyterlab_batch.gateways.slurm.endings import Exit
from jupyterlab_batch.gateways.slurm.states import PHASES, phase_of, split_state
from jupyterlab_batch.gateways.slurm.waiting import why_waiting
from tests.gateways.rigs.standin import recorded


def at(epoch_seconds: int) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, timezone.utc)


def test_a_job_of_v38_is_read() -> None:
    (job,) = recorded("job-v0.0.38")["jobs"]
    seen = answers.queue_record(job).observation()
    assert (seen.native_id, seen.phase, seen.exit_code) == ("1", "COMPLETED", 0)
    assert (seen.queue, seen.account, seen.tag) == ("batch", "astro", '{"app":"x"}')
    assert (seen.submitted_at, seen.started_at) == (at(1795296511), at(1795296512))
    assert seen.ended_at == at(1795296515)
    assert (seen.native_state, seen.reason, seen.attempt) == ("COMPLETED", None, 1)


def test_a_job_of_v44_is_read() -> None:
    (job,) = recorded("job-v0.0.44")["jobs"]
    seen = answers.queue_record(job).observation()
    assert (seen.native_id, seen.phase, seen.exit_code) == ("4", "ERROR", 3)
    assert (seen.reason, seen.native_state) == ("exit_nonzero", "FAILED (NonZeroExitCode)")
    assert (seen.submitted_at, seen.ended_at) == (at(1795295635), at(1795295637))
    assert (seen.tag, seen.queue) == ("c", "batch")


def test_a_record_of_the_history_is_read() -> None:
    job = recorded("history-v0.0.38")["jobs"][0]
    seen = answers.history_record(job).observation()
    assert (seen.native_id, seen.phase, seen.exit_code) == ("1", "COMPLETED", 0)
    assert seen.tag == '{"app":"x"}'
    assert (seen.started_at, seen.ended_at) == (at(1795294459), at(1795294462))
    assert (seen.elapsed_seconds, seen.memory_peak_bytes) == (3, 4403200)


def test_a_cancel_by_nobody_is_none_where_the_job_ran() -> None:
    """A slurmctld that was started without its memory makes slurmdbd close what was open."""
    job = recorded("history-v0.0.38")["jobs"][0]
    job["state"] = {"current": "CANCELLED", "reason": "None"}
    seen = answers.history_record({**job, "kill_request_user": ""}).observation()
    assert (seen.phase, seen.reason, seen.exit_code) == ("UNKNOWN", "lost", None)
    by_user = answers.history_record({**job, "kill_request_user": job["user"]}).observation()
    assert (by_user.phase, by_user.reason) == ("ABORTED", "cancelled_by_user")


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (7, 7),
        (None, None),
        ({"set": True, "infinite": False, "number": 7}, 7),
        ({"set": False, "infinite": False, "number": 0}, None),
        ({"set": True, "infinite": True, "number": 0}, None),
    ],
)
def test_numbers_of_both_generations(told: object, number: int | None) -> None:
    assert answers.number(told) == number


def v44_exit(code: int | None, signal: int | None) -> dict[str, Any]:
    def told(number: int | None) -> dict[str, Any]:
        return {"set": number is not None, "infinite": False, "number": number or 0}

    return {"return_code": told(code), "signal": {"id": told(signal), "name": ""}}


@pytest.mark.parametrize(
    ("told", "code", "signal"),
    [
        (0, 0, None),
        (768, 3, None),
        (9, None, 9),
        (139, None, 11),  # with the flag of a core dump
        (139 << 8, 139, 11),  # our wrapper's shell passes it on
        (v44_exit(3, None), 3, None),
        (v44_exit(None, 9), None, 9),
        (v44_exit(139, None), 139, 11),
        ({"status": "SUCCESS", "return_code": 0}, 0, None),
        ({"status": "SIGNALED", "return_code": None, "signal": {"signal_id": 11}}, None, 11),
        (None, None, None),
    ],
)
def test_ends_of_both_generations(told: object, code: int | None, signal: int | None) -> None:
    found = answers.exit_of(told)
    assert (found.code, found.signal) == (code, signal)


def test_a_failure_of_the_v38_history_is_not_exit_code_0() -> None:
    job = recorded("history-v0.0.38")["jobs"][0]
    job["state"] = {"current": "FAILED", "reason": "None"}
    seen = answers.history_record(job).observation()
    assert (seen.phase, seen.reason, seen.exit_code) == ("ERROR", "exit_nonzero", None)


@pytest.mark.parametrize(
    ("words", "slurm_reason", "phase", "substate"),
    [
        ("PENDING", "Priority", "QUEUED", None),
        ("PENDING", "JobHeldUser", "HELD", None),
        ("RUNNING", None, "EXECUTING", None),
        ("COMPLETING", None, "EXECUTING", "finishing"),
        (["RUNNING"], None, "EXECUTING", None),
        (["RUNNING", "CONFIGURING"], None, "QUEUED", "starting"),
        (["COMPLETED", "COMPLETING"], None, "EXECUTING", "finishing"),
        (["CANCELLED", "COMPLETING"], None, "EXECUTING", "finishing"),
        (["PENDING", "REQUEUE_HOLD"], None, "HELD", None),
        (["FAILED"], None, "ERROR", None),
        ("CANCELLED by 1000", None, "ABORTED", None),
        ("CANCELLED+", None, "ABORTED", None),
        ("NEVER_HEARD_OF", None, "UNKNOWN", None),
        ([], None, "UNKNOWN", None),
    ],
)
def test_states_of_both_generations(
    words: str | list[str], slurm_reason: str | None, phase: Phase, substate: str | None
) -> None:
    assert phase_of(words, slurm_reason) == (phase, substate)


def test_every_state_alone_keeps_its_phase() -> None:
    for word, phase in PHASES.items():
        assert phase_of(word, None)[0] == phase
        assert phase_of([word], None)[0] == phase
        assert split_state(word)[0] == word


def test_no_reason_is_none() -> None:
    assert why_waiting("None") is None
    assert why_waiting(None) is None
    assert Exit.of_pair("0:0") == Exit(0, None)
    assert Exit.of_pair("0:9") == Exit(None, 9)
