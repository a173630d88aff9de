"""What a poller concludes of the tasks of an array, without a clock and without a batch system."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.gateways.harvest import HARVEST_SECONDS
from jupyterlab_batch.gateways.observation import Gone, Observation, WatchEvent
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.gateways.waiting import Waiting
from jupyterlab_batch.gateways.watchedarray import RECORDS_AT_ONCE
from jupyterlab_batch.gateways.watchlist import WatchList

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


class Look:
    """One array under watch, and the looks at it, a second apart."""

    def __init__(self, size: int = 4) -> None:
        self.list = WatchList()
        job = Tracked(native_id="7", tag="jlb:mine", submitted_at=NOW, indices=range(size))
        self.list.add([job], 0.0)
        self.now = 100.0
        self.asked: list[str] = []

    def __call__(
        self, seen: Observation | None, *records: Observation, has_history: bool = True
    ) -> WatchEvent | None:
        """Return what came of it; ``records`` is what the history knows of tasks."""
        self.now += 1
        active, over = self.list.due(self.now, is_round=True)
        queue = {} if seen is None else {"7": seen}
        self.asked = self.list.questions(active, over, queue, self.now)
        found = [one for one in records if one.native_id in self.asked]
        answer = {"7": replace(whole("EXECUTING"), tasks=tuple(found))} if found else {}
        events = self.list.conclude(
            [*over, *active], queue, answer if has_history else None, self.now
        )
        assert len(events) <= 1
        return events[0] if events else None


def whole(phase: Phase, *tasks: Observation, waiting: Waiting | None = None) -> Observation:
    return Observation(
        native_id="7", phase=phase, tag="jlb:mine", tasks=tasks, waiting=waiting, submitted_at=NOW
    )


def task(index: int, phase: Phase, **more: object) -> Observation:
    seen = Observation(native_id=f"7_{index}", index=index, phase=phase)
    return replace(seen, **more)  # type: ignore[arg-type]  # the caller names fields of it


def wait(*indices: int, end: Observation | None = None) -> Waiting:
    return Waiting(runs=tuple(range(index, index + 1) for index in indices), end=end)


def told(event: WatchEvent | None) -> tuple[Phase, dict[int | None, Phase]]:
    assert isinstance(event, Observation)
    return event.phase, {one.index: one.phase for one in event.tasks}


@pytest.fixture
def look() -> Look:
    return Look()


def test_only_what_is_new_is_told(look: Look) -> None:
    assert told(look(whole("QUEUED", waiting=wait(0, 1, 2, 3)))) == ("QUEUED", {})
    assert look(whole("QUEUED", waiting=wait(0, 1, 2, 3))) is None
    seen = whole("EXECUTING", task(0, "EXECUTING"), waiting=wait(1, 2, 3))
    assert told(look(seen)) == ("EXECUTING", {0: "EXECUTING"})
    assert look(seen) is None
    seen = whole("EXECUTING", task(0, "EXECUTING"), task(1, "EXECUTING"), waiting=wait(2, 3))
    assert told(look(seen)) == ("EXECUTING", {1: "EXECUTING"})
    assert look.asked == []


def test_it_ends_when_its_last_task_has(look: Look) -> None:
    ends = [task(index, "COMPLETED", exit_code=0) for index in range(4)]
    seen = whole("EXECUTING", *ends[:2], waiting=wait(2, 3))
    assert told(look(seen)) == ("EXECUTING", {0: "COMPLETED", 1: "COMPLETED"})
    # The queue has forgotten the first two by now.
    assert told(look(whole("COMPLETED", *ends[2:]))) == (
        *("COMPLETED", {2: "COMPLETED", 3: "COMPLETED"}),
    )


def test_a_task_that_failed_makes_it_fail_also_when_the_queue_forgot_it(look: Look) -> None:
    look(whole("EXECUTING", task(0, "ERROR"), waiting=wait(1, 2, 3)))
    event = look(whole("COMPLETED", *(task(index, "COMPLETED") for index in (1, 2, 3))))
    assert isinstance(event, Observation)
    assert (event.phase, event.reason_text) == ("ERROR", "1 of 4 tasks failed.")


def test_while_others_wait_it_goes_on_though_the_queue_forgot_who_ran(look: Look) -> None:
    look(whole("EXECUTING", task(0, "COMPLETED"), waiting=wait(1, 2, 3)))
    assert look(whole("QUEUED", waiting=wait(1, 2, 3))) is None


def test_usage_comes_from_the_history(look: Look) -> None:
    ended = task(0, "COMPLETED", exit_code=0)
    seen = whole("EXECUTING", ended, waiting=wait(1, 2, 3))
    look(seen)
    event = look(seen, replace(ended, cpu_seconds=2.0))
    assert look.asked == ["7_0"]
    assert isinstance(event, Observation)
    assert [one.cpu_seconds for one in event.tasks] == [2.0]
    look(seen)
    assert look.asked == []


def test_usage_that_does_not_come_is_given_up(look: Look) -> None:
    seen = whole("EXECUTING", task(0, "COMPLETED"), waiting=wait(1, 2, 3))
    asked = 0
    for _ in range(30):
        look(seen)
        asked += len(look.asked)
    assert asked == len(HARVEST_SECONDS)


def test_what_the_queue_does_not_tell_of_is_looked_up(look: Look) -> None:
    seen = whole("EXECUTING", task(2, "EXECUTING"), waiting=wait(3))
    event = look(seen, task(0, "ERROR", exit_code=3), task(1, "COMPLETED"))
    assert look.asked == ["7_0", "7_1"]
    assert told(event) == ("EXECUTING", {0: "ERROR", 1: "COMPLETED", 2: "EXECUTING"})


def test_what_nobody_tells_of_is_lost(look: Look) -> None:
    seen = whole("QUEUED", waiting=wait(0, 1, 3))
    assert look(seen, has_history=False) is not None  # that it is queued
    event = look(seen)
    assert isinstance(event, Observation)
    assert [(one.index, one.phase, one.reason) for one in event.tasks] == [(2, "UNKNOWN", "lost")]
    assert event.phase == "QUEUED"  # it was cancelled before it started
    look(seen)
    assert look.asked == []


def test_what_was_cancelled_together_needs_no_history(look: Look) -> None:
    running = task(0, "EXECUTING")
    look(whole("EXECUTING", running, waiting=wait(1, 2, 3)))
    end = Observation(native_id="7", phase="ABORTED", reason="cancelled_by_user")
    killing = whole("EXECUTING", replace(running, substate="x"), waiting=wait(1, 2, 3, end=end))
    look(killing)
    assert look.asked == []
    killed = task(0, "ABORTED", reason="cancelled_by_user")
    event = look(whole("ABORTED", killed, waiting=wait(1, 2, 3, end=end)))
    assert told(event) == ("ABORTED", {0: "ABORTED"})
    assert isinstance(event, Observation)
    assert event.reason == "cancelled_by_user"


def test_an_array_that_never_began_ends_as_it_is_told(look: Look) -> None:
    end = Observation(native_id="7", phase="ERROR", reason="dependency", reason_text="No.")
    event = look(replace(end, tag="jlb:mine", waiting=wait(0, 1, 2, 3, end=end)))
    assert isinstance(event, Observation)
    assert (event.phase, event.reason) == ("ERROR", "dependency")
    assert not look.list


def test_an_array_that_the_queue_forgot_is_looked_up_after_a_second_look(look: Look) -> None:
    look(whole("EXECUTING", task(0, "EXECUTING"), waiting=wait(1, 2, 3)))
    look(None)
    assert look.asked == []
    event = look(None, *(task(index, "COMPLETED") for index in range(4)))
    assert told(event)[0] == "COMPLETED"
    assert not look.list


def test_an_array_that_nobody_knows_is_gone(look: Look) -> None:
    assert look(None) is None
    assert look(None, has_history=False) is None
    assert look(None) == Gone(native_id="7")
    assert not look.list


def test_a_task_that_is_requeued_is_open_again(look: Look) -> None:
    others = [task(index, "COMPLETED") for index in (1, 2, 3)]
    look(whole("EXECUTING", task(0, "ERROR", reason="node"), *others[:2], waiting=wait(3)))
    again = task(0, "QUEUED", attempt=2)
    assert told(look(whole("EXECUTING", again, *others)))[0] == "EXECUTING"
    event = look(whole("COMPLETED", task(0, "COMPLETED", attempt=2), *others))
    assert told(event) == ("COMPLETED", {0: "COMPLETED"})


def test_many_are_looked_up_a_few_at_a_time() -> None:
    look = Look(size=2 * RECORDS_AT_ONCE + 1)
    looks = 0
    seen = whole("EXECUTING", task(0, "EXECUTING"))
    while True:
        ended = [task(index, "COMPLETED") for index in range(1, 2 * RECORDS_AT_ONCE + 1)]
        look(seen, *ended)
        if not look.asked:
            break
        looks += 1
        assert len(look.asked) <= RECORDS_AT_ONCE
    assert looks == 2
    event = look(whole("COMPLETED", task(0, "COMPLETED")))
    assert told(event)[0] == "COMPLETED"
