"""What becomes of a job by what a gateway and its status file say, until it is over and after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Progress
from jupyterlab_batch.domain.phases import FINAL_PHASES
from jupyterlab_batch.engine.status import RunStatus
from jupyterlab_batch.service.merge import merge_gone, merge_observation, merge_status, with_outputs
from tests.fakes.records import START, job_record
from tests.service.told import NOW, after, running, seen, status


def test_an_expected_start_is_shown_until_it_is_known_better() -> None:
    expected = START + timedelta(hours=2)
    waits = after(job_record(phase="QUEUED"), seen("QUEUED", estimated_start_at=expected))
    assert waits.estimated_start_at == expected
    assert after(waits, seen("QUEUED")).estimated_start_at is None
    assert after(waits, seen("EXECUTING", started_at=START)).estimated_start_at is None
    begun = replace(waits, **merge_status(waits, status(ended_at=None), now=NOW))
    assert (begun.phase, begun.estimated_start_at) == ("EXECUTING", None)


@pytest.mark.parametrize(
    "foreign", [status(native_id="2", exit_code=1), status(attempt=1, exit_code=1)]
)
def test_a_status_of_another_run_says_nothing(foreign: RunStatus) -> None:
    over = after(running(), seen("COMPLETED", exit_code=0, attempt=2), foreign)
    assert over.phase == "COMPLETED"


@pytest.mark.parametrize("phase", sorted(FINAL_PHASES))
@pytest.mark.parametrize("now", ["QUEUED", "EXECUTING", "COMPLETED", "ERROR", "ABORTED", "UNKNOWN"])
def test_what_is_over_stays_over(phase: Any, now: str) -> None:
    record = running(phase=phase, ended_at=START)
    assert merge_observation(record, seen(now), status(), now=NOW) == {}
    assert merge_status(record, status(exit_code=1), now=NOW) == {}
    assert merge_gone(record, status(), has_begun=True, now=NOW) == {}


def test_what_it_used_and_why_it_was_killed_may_be_told_late() -> None:
    record = running(phase="ERROR", reason="signal", signal=9, ended_at=START)
    told = {"signal": 9, "memory_peak_bytes": 300, "cpu_seconds": 2.0, "is_usage_partial": True}
    late = after(record, seen("ERROR", reason="memory", reason_text="Too much.", **told))
    assert (late.phase, late.reason, late.reason_text) == ("ERROR", "memory", "Too much.")
    assert (late.memory_peak_bytes, late.cpu_seconds, late.ended_at) == (300, 2.0, START)
    well = running(phase="COMPLETED", ended_at=START, cpu_seconds=1.0)
    late = after(well, seen("COMPLETED", **told))
    assert (late.memory_peak_bytes, late.cpu_seconds) == (300, 1.0)
    assert merge_observation(well, seen("ERROR", native_id="2", **told), None, now=NOW) == {}
    again = replace(well, attempt=2)
    assert merge_observation(again, seen("COMPLETED", **told), None, now=NOW) == {}


def test_a_requeue_by_the_scheduler_is_a_new_attempt() -> None:
    record = running(phase="ERROR", reason="node", ended_at=START, exit_code=1, signal=9)
    again = after(record, seen("QUEUED", attempt=2))
    assert (again.phase, again.attempt, again.reason) == ("QUEUED", 2, None)
    assert (again.started_at, again.ended_at, again.exit_code, again.signal) == (None,) * 4


def test_a_job_that_was_thought_lost_is_found() -> None:
    record = running(phase="ERROR", reason="lost", reason_text="Gone.", ended_at=START)
    found = after(record, seen("EXECUTING", started_at=START))
    assert (found.phase, found.reason, found.ended_at) == ("EXECUTING", None, None)


def test_a_poll_that_is_older_than_the_status_file_is_ignored() -> None:
    assert merge_observation(running(), seen("QUEUED"), None, now=NOW) == {}


def test_the_status_file_starts_a_job_before_the_scheduler_says_so() -> None:
    record = job_record(phase="QUEUED", native_id="1", reason="resources", reason_text="Waiting.")
    progress = Progress(done=7, total=18, text="cell 7 of 18")
    changes = merge_status(
        record, status(ended_at=None, exit_code=None, progress=progress), now=NOW
    )
    now = replace(record, **changes)
    assert (now.phase, now.reason, now.started_at, now.progress) == (
        "EXECUTING",
        None,
        START,
        progress,
    )


def test_the_status_file_alone_ends_no_job_that_its_scheduler_knows() -> None:
    now = replace(running(), **merge_status(running(), status(exit_code=1), now=NOW))
    assert (now.phase, now.substate) == ("EXECUTING", "finishing")


def test_a_status_file_of_another_native_id_says_nothing() -> None:
    assert merge_status(running(), status(native_id="2"), now=NOW) == {}


def test_progress_stays_when_the_job_ends() -> None:
    progress = Progress(done=18, total=18, text="cell 18 of 18")
    over = after(running(), seen("COMPLETED", exit_code=0), status(progress=progress))
    assert over.progress == progress


@pytest.mark.parametrize("known", [None, START - timedelta(days=1)])
def test_a_submit_time_that_we_know_is_kept(known: datetime | None) -> None:
    now = after(running(submitted_at=known), seen("EXECUTING", submitted_at=START))
    assert now.submitted_at == (known or START)


def test_what_a_scheduler_does_not_say_is_not_forgotten() -> None:
    record = running(queue="main", account="astro", cpu_seconds=1.0, memory_peak_bytes=7)
    now = after(record, seen("EXECUTING"))
    assert (now.queue, now.account, now.cpu_seconds, now.memory_peak_bytes) == (
        "main",
        "astro",
        1.0,
        7,
    )


def test_outputs_are_counted_until_the_job_is_over() -> None:
    assert with_outputs(running(), {}, 2) == {"outputs_count": 2}
    assert with_outputs(running(phase="COMPLETED"), {}, 2) == {}
