"""In which order a poller looks at jobs where each costs a call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.gateways.watchlist import WatchList

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def many(count: int) -> WatchList:
    watched = WatchList()
    ids = map(str, range(count))
    watched.add([Tracked(native_id=one, tag=f"jlb:{one}", submitted_at=NOW) for one in ids], 0.0)
    return watched


def conclude(watched: WatchList, native_ids: Sequence[str], phase: Phase, now: float) -> None:
    seen = {one: Observation(native_id=one, phase=phase, tag=f"jlb:{one}") for one in native_ids}
    watched.conclude(native_ids, seen, {}, now)


def test_a_job_to_which_something_happened_is_looked_at_before_all_others() -> None:
    """Where each job costs a call, a round through many takes long."""
    watched = many(4)
    for number in range(5):
        watched.due(100.0 * number, is_round=True)
        conclude(watched, ["0", "1", "2", "3"], "EXECUTING", 100.0 * number)
    assert watched.next_due() is None

    assert watched.due(1000.0, is_round=True, at_once=1) == (["0"], [])
    conclude(watched, ["0"], "EXECUTING", 1000.0)
    watched.hurry(["3"], 1000.5)
    assert watched.due(1000.6, is_round=False, at_once=1) == (["1"], [])
    conclude(watched, ["1"], "EXECUTING", 1000.6)
    assert watched.due(1001.0, is_round=False, at_once=1) == (["3"], [])
    conclude(watched, ["3"], "COMPLETED", 1001.0)
    # What it used comes in its turn; so does the rest of the round, and each costs one look.
    assert watched.due(1003.0, is_round=False, at_once=1) == (["2"], [])
    conclude(watched, ["2"], "EXECUTING", 1003.0)
    assert watched.is_behind
    assert watched.due(1003.0, is_round=False, at_once=1) == ([], ["3"])
    assert not watched.is_behind


def test_each_job_gets_its_turn_however_slow_a_round_is() -> None:
    watched = many(5)
    looked: list[str] = []
    for number in range(10):  # a new round begins before the last one ends
        now = 1000.0 + number
        (active, _) = watched.due(now, is_round=number % 3 == 0, at_once=1)
        conclude(watched, active, "HELD", now)
        looked += active
    assert set(looked) == {"0", "1", "2", "3", "4"}


def test_ends_are_told_first() -> None:
    watched = many(6)
    phases: list[Phase] = ["QUEUED", "COMPLETED", "EXECUTING", "ERROR", "HELD", "ABORTED"]
    seen = {
        str(number): Observation(native_id=str(number), phase=phase, tag=f"jlb:{number}")
        for number, phase in enumerate(phases)
    }
    events = watched.conclude(list(seen), seen, {}, 1.0)
    assert [getattr(event, "native_id", None) for event in events] == ["1", "3", "5", "0", "2", "4"]
