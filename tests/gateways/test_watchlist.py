"""What a poller concludes from each look, without a clock and without a batch system."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.harvest import HARVEST_SECONDS, SILENCES, with_record
from jupyterlab_batch.gateways.observation import Gone, Observation
from jupyterlab_batch.gateways.tracking import Tracked, is_same_job
from jupyterlab_batch.gateways.watched import SOON_SECONDS
from jupyterlab_batch.gateways.watchlist import WatchList

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
JOB = Tracked(native_id="7", tag="jlb:mine", submitted_at=NOW)
PHASES: list[Phase] = ["QUEUED", "HELD", "EXECUTING", "SUSPENDED", "COMPLETED", "ERROR", "ABORTED"]


def observed(phase: Phase, **more: object) -> Observation:
    return replace(Observation(native_id="7", phase=phase, tag="jlb:mine"), **more)  # type: ignore[arg-type]  # the caller names fields of it


@pytest.fixture
def jobs() -> WatchList:
    watched = WatchList()
    watched.add([replace_tracked(JOB)], 0.0)
    return watched


def replace_tracked(job: Tracked) -> Tracked:
    return Tracked(native_id=job.native_id, tag=job.tag, submitted_at=job.submitted_at)


def look(
    jobs: WatchList,
    seen: Observation | None,
    record: Observation | None = None,
    *,
    now: float = 1.0,
    has_history: bool = True,
) -> list[Observation | Gone]:
    queue = {} if seen is None else {"7": seen}
    records = {} if record is None else {"7": record}
    events = jobs.conclude(["7"], queue, records if has_history else None, now)
    return [event for event in events if isinstance(event, (Observation, Gone))]


def test_a_new_job_is_looked_at_soon_and_then_with_all_others(jobs: WatchList) -> None:
    now, dues = 0.0, []
    while (due := jobs.next_due()) is not None:
        dues.append(round(due - now, 3))
        now = due
        assert jobs.due(now, is_round=False) == (["7"], [])
        look(jobs, observed("EXECUTING"), now=now)
    assert tuple(dues) == SOON_SECONDS
    assert jobs.due(now + 1000, is_round=False) == ([], [])
    assert jobs.due(now + 1000, is_round=True) == (["7"], [])


def test_the_end_of_a_job_that_completed_is_told_before_its_usage_is_asked_for(
    jobs: WatchList,
) -> None:
    assert jobs.questions(["7"], [], {"7": observed("COMPLETED")}, 1.0) == []
    # Why another one ended the history may know better.
    assert jobs.questions(["7"], [], {"7": observed("ERROR")}, 1.0) == ["7"]
    look(jobs, observed("COMPLETED"), now=1.0)
    assert jobs.due(1.0 + HARVEST_SECONDS[0], is_round=False) == ([], ["7"])
    assert jobs.questions([], ["7"], {}, 2.0) == ["7"]


def test_what_has_not_changed_is_not_told_again(jobs: WatchList) -> None:
    assert len(look(jobs, observed("EXECUTING"))) == 1
    assert look(jobs, observed("EXECUTING")) == []


def test_missing_once_is_nothing_missing_twice_is_gone(jobs: WatchList) -> None:
    look(jobs, observed("EXECUTING"))
    assert look(jobs, None) == []
    assert look(jobs, None) == [Gone(native_id="7")]
    assert len(jobs) == 0


def test_missing_once_and_back_again_starts_anew(jobs: WatchList) -> None:
    assert look(jobs, None) == []
    look(jobs, observed("EXECUTING"))
    assert look(jobs, None) == []
    assert len(jobs) == 1


def test_no_reply_of_the_history_is_never_gone(jobs: WatchList) -> None:
    for number in range(5):
        assert look(jobs, None, has_history=False, now=float(number)) == []
    assert len(jobs) == 1


def test_the_history_tells_the_end_of_what_left_the_queue(jobs: WatchList) -> None:
    record = observed("ERROR", exit_code=3)
    assert look(jobs, None, record) == [record]
    assert len(jobs) == 0


def test_forgotten_by_the_queue_and_never_ended_is_unknown(jobs: WatchList) -> None:
    record = observed("EXECUTING")
    assert look(jobs, None, record) == []
    (lost,) = look(jobs, None, record)
    assert isinstance(lost, Observation)
    assert (lost.phase, lost.reason) == ("UNKNOWN", "lost")
    assert look(jobs, None, record) == []
    (found,) = look(jobs, observed("COMPLETED"), observed("COMPLETED"))
    assert isinstance(found, Observation)
    assert found.phase == "COMPLETED"


def test_usage_that_comes_late_is_told_later(jobs: WatchList) -> None:
    (end,) = look(jobs, observed("COMPLETED", exit_code=0))
    assert isinstance(end, Observation)
    assert end.cpu_seconds is None
    record = observed("COMPLETED", cpu_seconds=4.0, exit_code=None)
    assert look(jobs, None, record) == [observed("COMPLETED", exit_code=0, cpu_seconds=4.0)]
    assert len(jobs) == 0


def test_a_record_whose_steps_are_missing_is_read_again(jobs: WatchList) -> None:
    began = {"started_at": NOW, "exit_code": None, "signal": 9}
    bare = observed("ERROR", reason="signal", **began)
    assert look(jobs, None, bare) == [bare]
    partly = replace(bare, cpu_seconds=1.0, memory_peak_bytes=0)
    (late,) = look(jobs, None, partly)
    assert isinstance(late, Observation) and late.cpu_seconds == 1.0
    assert look(jobs, None, partly) == []
    whole = replace(bare, reason="memory", cpu_seconds=1.0, memory_peak_bytes=7)
    (late,) = look(jobs, None, whole)
    assert isinstance(late, Observation)
    assert (late.reason, late.memory_peak_bytes) == ("memory", 7)
    assert len(jobs) == 0


def test_a_record_without_steps_beside_the_queue_is_read_again(jobs: WatchList) -> None:
    end = observed("ERROR", started_at=NOW, signal=9, reason="signal")
    assert look(jobs, end, end) == [end]
    (late,) = look(jobs, None, replace(end, reason="memory", memory_peak_bytes=7))
    assert isinstance(late, Observation)
    assert (late.reason, late.memory_peak_bytes) == ("memory", 7)


def test_a_history_that_is_silent_for_a_while_still_tells_the_usage(jobs: WatchList) -> None:
    end = observed("ERROR", started_at=NOW, signal=9, reason="signal")
    assert look(jobs, end, has_history=False) == [end]
    for _ in range(2 * len(HARVEST_SECONDS)):
        assert look(jobs, None, has_history=False) == []
    (late,) = look(jobs, None, replace(end, reason="memory", memory_peak_bytes=7))
    assert isinstance(late, Observation)
    assert (late.reason, len(jobs)) == ("memory", 0)


def test_a_history_that_stays_silent_is_given_up(jobs: WatchList) -> None:
    look(jobs, observed("COMPLETED"), has_history=False)
    for _ in range(SILENCES + len(HARVEST_SECONDS)):
        assert len(jobs) == 1
        assert look(jobs, None, has_history=False) == []
    assert len(jobs) == 0


def test_usage_that_never_comes_is_given_up(jobs: WatchList) -> None:
    look(jobs, observed("COMPLETED"))
    for _ in HARVEST_SECONDS:
        assert look(jobs, None) == []
    assert len(jobs) == 0


def test_a_better_reason_and_an_end_come_from_the_history() -> None:
    seen = observed("ERROR", reason="exit_nonzero")
    record = observed("ERROR", reason="memory", reason_text="Too much.", signal=9)
    both = with_record(seen, record)
    assert (both.reason, both.reason_text, both.signal) == ("memory", "Too much.", 9)
    kept = with_record(replace(seen, exit_code=3), record)
    assert (kept.exit_code, kept.signal) == (3, None)


@pytest.mark.parametrize(
    ("peak", "asked", "signal", "reason"),
    [
        (200, 100, 9, "memory"),
        (100, 100, 9, "signal"),
        (200, 100, 11, "signal"),
        (200, None, 9, "signal"),
        (None, 100, 9, "signal"),
    ],
)
def test_a_kill_for_memory_shows_when_queue_and_history_know_one_half_each(
    jobs: WatchList, peak: int | None, asked: int | None, signal: int, reason: str
) -> None:
    """Slurm 22.05 keeps what was asked for out of the history of some short jobs."""
    seen = observed("ERROR", reason="signal", signal=signal, memory_asked_bytes=asked)
    record = observed("ERROR", reason="signal", signal=signal, memory_peak_bytes=peak)
    assert with_record(seen, record).reason == reason
    look(jobs, observed("EXECUTING", memory_asked_bytes=asked))
    (gone,) = look(jobs, None, record)
    assert isinstance(gone, Observation)
    assert gone.reason == reason


@pytest.mark.parametrize(
    ("tag", "later", "is_ours"),
    [
        ("jlb:mine", timedelta(days=-3), True),
        ("jlb:other", timedelta(0), False),
        (None, timedelta(0), True),
        ("a site's own comment", timedelta(hours=3), True),
        ("a site's own comment", timedelta(hours=-3), False),
        (None, timedelta(minutes=-9), True),
    ],
)
def test_an_id_that_was_used_again_is_another_job(
    tag: str | None, later: timedelta, is_ours: bool
) -> None:
    seen = observed("EXECUTING", tag=tag, submitted_at=NOW + later)
    assert is_same_job(JOB, seen) == is_ours


def test_a_later_job_takes_the_place_of_one_that_was_forgotten(jobs: WatchList) -> None:
    theirs = observed("EXECUTING", tag="jlb:later")
    assert jobs.only_ours([theirs]) == {}
    later = Tracked(native_id="7", tag="jlb:later", submitted_at=NOW + timedelta(minutes=1))
    jobs.add([later], 2.0)
    assert jobs.only_ours([theirs]) == {"7": theirs}
    jobs.add([replace_tracked(JOB)], 3.0)
    assert jobs.only_ours([theirs]) == {"7": theirs}, "the older one does not come back"


@given(
    looks=st.lists(
        st.tuples(
            st.sampled_from([None, *PHASES]), st.sampled_from([None, *PHASES]), st.booleans()
        ),
        max_size=30,
    )
)
def test_whatever_is_seen_a_job_is_not_forgotten_before_its_end_was_told(
    looks: list[tuple[Phase | None, Phase | None, bool]],
) -> None:
    jobs = WatchList()
    jobs.add([replace_tracked(JOB)], 0.0)
    told: list[Observation | Gone] = []
    for number, (seen, record, has_history) in enumerate(looks):
        told += look(
            jobs,
            None if seen is None else observed(seen),
            None if record is None else observed(record),
            now=float(number),
            has_history=has_history,
        )
    ends = [event for event in told if isinstance(event, Gone) or is_final(event.phase)]
    if len(jobs) == 0:
        assert ends
