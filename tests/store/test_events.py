"""What happened to jobs, as the store remembers it."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jupyterlab_batch.domain.generated import JobEvent
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.records import START, job_record


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


async def add(store: Store, **fields: Any) -> JobRecord:
    record = (await store.begin(job_record(**fields), "digest")).record
    assert record is not None
    return record


async def becomes(store: Store, record: JobRecord, **fields: Any) -> None:
    await store.update(record.id, lambda _: fields)


def steps(events: list[JobEvent]) -> list[tuple[str, datetime]]:
    return [(event.phase, event.at) for event in events]


async def test_each_phase_is_told_with_the_time_that_the_batch_system_tells(store: Store) -> None:
    record = await add(store)
    await becomes(store, record, phase="QUEUED", submitted_at=after(1))
    await becomes(store, record, phase="QUEUED", reason="priority")
    await becomes(store, record, phase="EXECUTING", started_at=after(5), cores=2)
    end = {"ended_at": after(9), "reason": "memory", "reason_text": "Used 2 of 2 GB."}
    await becomes(store, record, phase="ERROR", **end)
    events = await store.events(record.id)
    assert steps(events) == [
        ("PENDING", START),
        ("QUEUED", after(1)),
        ("EXECUTING", after(5)),
        ("ERROR", after(9)),
    ]
    assert [(event.reason, event.reason_text) for event in events[-2:]] == [
        (None, None),
        ("memory", "Used 2 of 2 GB."),
    ]


async def test_why_it_ended_may_be_known_later_than_that_it_did(store: Store) -> None:
    record = await add(store)
    end = {"ended_at": after(9), "reason": "signal", "reason_text": "SIGKILL."}
    await becomes(store, record, phase="ERROR", started_at=after(5), **end)
    await becomes(store, record, reason="memory", reason_text="Used 2 of 2 GB.")
    started, ended = (await store.events(record.id))[-2:]
    assert (started.phase, started.reason) == ("EXECUTING", None)
    assert (ended.at, ended.reason, ended.reason_text) == (after(9), "memory", "Used 2 of 2 GB.")


async def test_a_run_between_two_looks_is_told_too(store: Store) -> None:
    record = await add(store)
    await becomes(store, record, phase="QUEUED", submitted_at=after(1))
    ends = {"started_at": after(2), "ended_at": after(3)}
    await becomes(store, record, phase="COMPLETED", **ends)
    told = steps(await store.events(record.id))
    assert told[2:] == [("EXECUTING", after(2)), ("COMPLETED", after(3))]


async def test_what_never_ran_is_not_told_to_have(store: Store) -> None:
    record = await add(store)
    await becomes(store, record, phase="QUEUED", submitted_at=after(1))
    await becomes(store, record, phase="ABORTED", ended_at=after(2))
    told = steps(await store.events(record.id))
    assert [phase for phase, _ in told] == ["PENDING", "QUEUED", "ABORTED"]


async def test_a_pause_and_another_attempt_are_told(store: Store) -> None:
    record = await add(store)
    for phase, attempt in (
        ("EXECUTING", 1),
        ("SUSPENDED", 1),
        ("EXECUTING", 1),
        ("QUEUED", 2),
        ("EXECUTING", 2),
    ):
        await becomes(store, record, phase=phase, attempt=attempt)
    events = await store.events(record.id)
    assert [(event.phase, event.attempt) for event in events[1:]] == [
        ("EXECUTING", 1),
        ("SUSPENDED", 1),
        ("EXECUTING", 1),
        ("QUEUED", 2),
        ("EXECUTING", 2),
    ]


async def test_a_job_that_is_taken_up_tells_what_its_times_tell(store: Store) -> None:
    times = {"submitted_at": after(1), "started_at": after(2), "ended_at": after(3)}
    record = await add(store, phase="COMPLETED", **times)
    assert steps(await store.events(record.id)) == [
        ("PENDING", START),
        ("QUEUED", after(1)),
        ("EXECUTING", after(2)),
        ("COMPLETED", after(3)),
    ]


async def test_a_job_of_an_older_store_tells_as_much(store: Store, path: Path) -> None:
    record = await add(store, phase="EXECUTING", submitted_at=after(1), started_at=after(2))
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM events")
    told = steps(await store.events(record.id))
    assert told == [("PENDING", START), ("QUEUED", after(1)), ("EXECUTING", after(2))]


async def test_what_is_forgotten_leaves_nothing(store: Store, path: Path) -> None:
    record = await add(store, phase="COMPLETED", ended_at=after(1))
    await store.forget([record.id])
    assert await store.events(record.id) == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM events").fetchone() == (0,)


async def test_of_one_that_comes_and_goes_the_last_are_told(store: Store) -> None:
    record = await add(store)
    for number in range(1100):
        await becomes(store, record, phase=("QUEUED", "UNKNOWN")[number % 2])
    events = await store.events(record.id)
    assert (len(events), events[-1].phase) == (1000, "UNKNOWN")


async def test_nothing_is_told_to_be_earlier_than_what_came_before(store: Store) -> None:
    record = await add(store)
    await becomes(store, record, phase="QUEUED", submitted_at=after(1))
    await becomes(store, record, phase="EXECUTING", started_at=START)
    assert steps(await store.events(record.id))[1:] == [
        ("QUEUED", after(1)),
        ("EXECUTING", after(1)),
    ]
