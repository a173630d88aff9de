"""What decides how a job ended, line by line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jupyterlab_batch.engine.status import Claim, Outcome, RunStatus
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.merge import as_duplicate, merge_gone, merge_status, overrule
from tests.fakes.records import START
from tests.service.told import NOW, after, running, seen, status

CELL_ERROR = Outcome(kind="cell_error", ename="ValueError", evalue="no data", cell=7)
CELL_TEXT = "ValueError: no data in cell 7"
EXIT_TEXT = "It ended with exit code 3."
SIGNAL_TEXT = "It was ended by signal 11."
COUNTED: dict[str, Any] = {"started_at": START, "ended_at": START + timedelta(minutes=10)}
"""When a batch system says that it killed a run."""


@pytest.mark.parametrize("reason", ["walltime", "memory", "node", "preempted"])
@pytest.mark.parametrize(
    "said", [None, status(), status(exit_code=1), status(exit_code=1, outcome=CELL_ERROR)]
)
def test_the_schedulers_kill_comes_first(reason: Any, said: RunStatus | None) -> None:
    told = seen("ERROR", reason=reason, reason_text="Killed.", signal=9)
    over = after(running(), told, said)
    assert (over.phase, over.reason, over.reason_text) == ("ERROR", reason, "Killed.")


@pytest.mark.parametrize("reason", ["walltime", "memory", "node", "cancelled_by_user"])
@pytest.mark.parametrize(
    ("said", "phase", "why", "text"),
    [
        (status(), "COMPLETED", None, ""),
        (status(exit_code=3), "ERROR", "exit_nonzero", EXIT_TEXT),
        (status(outcome=CELL_ERROR), "ERROR", "cell_error", f"{CELL_TEXT}."),
    ],
)
def test_what_had_ended_long_before_it_was_killed_was_not_killed(
    reason: Any, said: RunStatus, phase: str, why: str | None, text: str
) -> None:
    killed = "ABORTED" if reason == "cancelled_by_user" else "ERROR"
    told = seen(killed, reason=reason, native_state="TIMEOUT", elapsed_seconds=600.0, **COUNTED)
    over = after(running(), told, said)
    assert (over.phase, over.reason, over.exit_code) == (phase, why, said.exit_code)
    assert (over.ended_at, over.elapsed_seconds) == (START + timedelta(minutes=5), 300)
    assert over.reason_text is not None and over.reason_text.startswith(text)
    assert "did not notice its end" in over.reason_text and "TIMEOUT" in over.reason_text


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "said",
    [
        status(ended_at=START + 9 * MINUTE),
        status(exit_code=143),
        status(exit_code=137),
        status(exit_code=None),
        status(native_id="2"),
        # Its node's clock is behind, or the run began only after a long prologue.
        status(started_at=START - 5 * MINUTE, ended_at=START + 5 * MINUTE),
        status(started_at=START + 5 * MINUTE, ended_at=START + 10 * MINUTE),
    ],
)
def test_a_run_that_may_have_been_killed_was(said: RunStatus) -> None:
    told = seen("ERROR", reason="walltime", reason_text="Killed.", **COUNTED)
    over = after(running(), told, said)
    assert (over.reason, over.reason_text) == ("walltime", "Killed.")


def test_a_run_that_has_ended_and_is_still_called_running_says_so() -> None:
    told = seen("EXECUTING", started_at=START)
    now = after(running(), told, status(exit_code=3))
    assert (now.phase, now.substate, now.reason) == ("EXECUTING", "finishing", None)
    assert "ended with exit code 3" in (now.reason_text or "")
    assert "has not noticed" in (now.reason_text or "")
    between = replace(running(), **merge_status(running(), status(exit_code=3), now=NOW))
    assert between.reason_text == now.reason_text
    just_ended = after(running(), told, status(ended_at=NOW - MINUTE))
    assert (just_ended.substate, just_ended.reason_text) == ("finishing", None)
    waits = after(running(phase="QUEUED", started_at=None), seen("QUEUED"), status())
    assert waits.reason_text is None


@pytest.mark.parametrize("reason", ["cancelled_by_user", "cancelled_by_admin"])
def test_a_cancel_is_no_failure(reason: Any) -> None:
    over = after(running(), seen("ABORTED", reason=reason), status(exit_code=143))
    assert (over.phase, over.reason) == ("ABORTED", reason)


@pytest.mark.parametrize(
    ("told", "said", "phase", "reason", "text"),
    [
        ({"exit_code": 0}, None, "COMPLETED", None, None),
        ({"exit_code": 0}, status(), "COMPLETED", None, None),
        ({"exit_code": 0}, status(outcome=Outcome(kind="ok")), "COMPLETED", None, None),
        ({"exit_code": 0}, status(outcome=CELL_ERROR), "ERROR", "cell_error", CELL_TEXT),
        (
            {"exit_code": 0},
            status(exit_code=3),
            "ERROR",
            "exit_nonzero",
            EXIT_TEXT,
        ),
        ({}, status(exit_code=3), "ERROR", "exit_nonzero", EXIT_TEXT),
        ({"exit_code": 3}, status(), "ERROR", "exit_nonzero", EXIT_TEXT),
        (
            {"exit_code": 1},
            status(exit_code=1, outcome=CELL_ERROR),
            "ERROR",
            "cell_error",
            CELL_TEXT,
        ),
        (
            {"signal": 11},
            status(outcome=CELL_ERROR),
            "ERROR",
            "signal",
            SIGNAL_TEXT,
        ),
        (
            {"exit_code": 1},
            status(exit_code=1, outcome=Outcome(kind="launch_failed", evalue="no kernel")),
            "ERROR",
            "launch_failed",
            "no kernel",
        ),
    ],
)
def test_then_exit_code_and_signal_then_the_runner(
    told: dict[str, Any], said: RunStatus | None, phase: str, reason: str | None, text: str | None
) -> None:
    over = after(running(), seen("COMPLETED", **told), said)
    assert (over.phase, over.reason, over.reason_text) == (phase, reason, text)


@given(
    st.builds(
        status,
        exit_code=st.none() | st.integers(0, 255),
        ended_at=st.none() | st.just(START),
        outcome=st.none() | st.builds(Outcome, kind=st.sampled_from(["ok", "cell_error"])),
    )
)
def test_a_status_file_never_makes_a_failure_a_success(said: RunStatus) -> None:
    assert after(running(), seen("ERROR", exit_code=1), said).phase == "ERROR"
    assert after(running(), seen("ERROR"), said).phase == "ERROR"


@pytest.mark.parametrize(
    ("wanted", "said", "phase", "reason"),
    [
        (True, status(ended_at=None, exit_code=None), "ABORTED", "cancelled_by_user"),
        (False, status(ended_at=None, exit_code=None), "ERROR", "exit_nonzero"),
        (True, status(exit_code=1), "ERROR", "exit_nonzero"),
        (True, None, "ERROR", "exit_nonzero"),
    ],
)
def test_a_cancel_that_a_batch_system_forgot_is_no_failure_if_its_job_was_killed(
    wanted: bool, said: RunStatus | None, phase: str, reason: str
) -> None:
    told = seen("ERROR", reason="exit_nonzero", exit_code=1)
    over = after(running(cancel_requested=wanted), told, said)
    assert (over.phase, over.reason) == (phase, reason)


@pytest.mark.parametrize(("owner", "word"), [("9_3", "another run"), ("", "given up")])
def test_a_success_in_a_folder_of_another_run_is_none(owner: str, word: str) -> None:
    claim = Claim(nonce="n", key="k", native_id=owner, restart_count=0)
    told = as_duplicate(seen("COMPLETED", exit_code=0), claim)
    assert (told.phase, told.reason) == ("ERROR", "duplicate")
    assert told.reason_text is not None and word in told.reason_text


def test_what_refused_to_run_it_twice_does_not_tell_how_it_ended() -> None:
    refused = seen("ERROR", reason="exit_nonzero", exit_code=75, ended_at=NOW)
    going_on = status(ended_at=None, exit_code=None, was_started_again=True)
    lost = after(running(), refused, going_on)
    assert (lost.phase, lost.reason) == ("UNKNOWN", "lost")
    assert (lost.exit_code, lost.ended_at) == (None, None)
    assert "It was not run a second time." in (lost.reason_text or "")
    over = replace(lost, **merge_status(lost, status(was_started_again=True), now=NOW))
    assert (over.phase, over.exit_code) == ("COMPLETED", 0), "the first run went on to its end"
    wanted = after(running(cancel_requested=True), refused, going_on)
    assert (wanted.phase, wanted.reason) == ("ABORTED", "cancelled_by_user")


def test_a_failure_without_a_word_has_a_reason() -> None:
    over = after(running(), seen("ERROR"))
    assert over.reason == "other" and over.reason_text


@pytest.mark.parametrize(
    ("said", "has_begun", "wanted", "phase", "reason"),
    [
        (None, False, False, "ERROR", "lost"),
        (None, False, True, "ABORTED", "cancelled_by_user"),
        (None, True, False, "UNKNOWN", "lost"),
        (None, True, True, "ABORTED", "cancelled_by_user"),
        (None, None, False, "UNKNOWN", "lost"),
        (None, None, True, "UNKNOWN", "lost"),
        (status(ended_at=None, exit_code=None), True, False, "UNKNOWN", "lost"),
        (status(), True, False, "COMPLETED", None),
        (status(), True, True, "COMPLETED", None),
        (status(exit_code=3), True, False, "ERROR", "exit_nonzero"),
        (status(exit_code=137), True, False, "ERROR", "signal"),
        (status(exit_code=143), True, True, "ABORTED", "cancelled_by_user"),
        (status(exit_code=139), True, True, "ERROR", "signal"),
        (status(exit_code=255), True, False, "ERROR", "exit_nonzero"),
        (status(exit_code=1, outcome=CELL_ERROR), True, False, "ERROR", "cell_error"),
    ],
)
def test_a_job_that_nobody_knows_any_more(
    said: RunStatus | None, has_begun: bool | None, wanted: bool, phase: str, reason: str | None
) -> None:
    record = running(cancel_requested=wanted)
    now = replace(record, **merge_gone(record, said, has_begun=has_begun, now=NOW))
    assert (now.phase, now.reason) == (phase, reason)
    assert now.substate is None
    assert (now.ended_at is None) == (phase == "UNKNOWN")


@pytest.mark.parametrize(
    ("told", "phase", "reason"),
    [
        (seen("ABORTED", reason="cancelled_by_user"), "ABORTED", "cancelled_by_user"),
        (seen("ERROR", reason="walltime"), "ERROR", "walltime"),
        (seen("ERROR", reason="node"), "ERROR", "signal"),
        (seen("ERROR", reason="walltime", **COUNTED), "ERROR", "walltime"),
        (seen("ERROR", reason="exit_nonzero", exit_code=1), "ERROR", "signal"),
        (seen("EXECUTING"), "ERROR", "signal"),
        (seen("ABORTED", reason="cancelled_by_user", native_id="2"), "ERROR", "signal"),
    ],
)
def test_a_failure_of_which_only_files_told_may_have_been_a_kill(
    told: Observation, phase: str, reason: str
) -> None:
    record = running(phase="ERROR", reason="signal", exit_code=143, signal=15, ended_at=START)
    now = replace(record, **overrule(record, told, now=NOW))
    assert (now.phase, now.reason, now.ended_at) == (phase, reason, START)
    over = running(phase="COMPLETED", ended_at=START)
    assert overrule(over, told, now=NOW) == {}


def test_the_status_file_decides_later_on_a_job_that_is_lost() -> None:
    record = running(phase="UNKNOWN", reason="lost")
    over = replace(record, **merge_status(record, status(), now=NOW))
    assert (over.phase, over.ended_at) == ("COMPLETED", START + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("said", "phase", "reason"),
    [
        (status(), "COMPLETED", None),
        (status(exit_code=3), "ERROR", "exit_nonzero"),
        (status(ended_at=None, exit_code=None), "UNKNOWN", "lost"),
        (None, "UNKNOWN", "lost"),
    ],
)
def test_the_status_file_decides_on_a_job_whose_record_never_ended(
    said: RunStatus | None, phase: str, reason: str | None
) -> None:
    now = after(running(), seen("UNKNOWN", reason="lost", reason_text="Forgotten."), said)
    assert (now.phase, now.reason) == (phase, reason)
