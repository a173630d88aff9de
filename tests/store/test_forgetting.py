"""What is forgotten, and what outlives it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import StoreChanged
from jupyterlab_batch.store.forgetting import AT_ONCE
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.records import START, job_record

DAY = timedelta(days=1)


async def add(store: Store, **fields: Any) -> JobRecord:
    record = job_record(**fields)
    await store.begin(record, "digest")
    return record


async def test_a_key_outlives_its_job(store: Store) -> None:
    record = await add(store, phase="COMPLETED")
    (forgotten,) = await store.forget([record.id])
    assert forgotten.outcome == "ok"
    assert await store.get(record.id) is None
    again = await store.begin(job_record(key=record.key), "digest")
    assert (again.is_new, again.job_id, again.record) == (False, record.id, None)


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (30, True), (31, False)])
async def test_a_key_of_a_forgotten_job_is_let_go_after_its_time(
    store: Store, days: int, is_kept: bool
) -> None:
    record = await add(store, phase="COMPLETED")
    await store.forget([record.id])
    await store.purge_keys(START + days * DAY - 30 * DAY)
    assert (await store.intent(record.key) is not None) == is_kept


async def test_a_key_is_never_let_go_while_its_job_is_there(store: Store) -> None:
    record = await add(store, phase="COMPLETED")
    assert await store.purge_keys(START + 1000 * DAY) == 0
    intent = await store.intent(record.key)
    assert intent is not None and intent.job_id == record.id


@pytest.mark.parametrize("phase", ["PENDING", "HELD", "QUEUED", "EXECUTING", "UNKNOWN"])
async def test_a_job_that_is_not_over_is_not_forgotten(store: Store, phase: str) -> None:
    record = await add(store, phase=phase)
    (kept,) = await store.forget([record.id])
    assert kept.outcome == "not_final" and kept.record is not None
    assert await store.get(record.id) is not None


async def test_each_of_many_is_told_by_itself(store: Store) -> None:
    over, running = await add(store, phase="ABORTED"), await add(store, phase="EXECUTING")
    told = await store.forget([over.id, running.id, "0" * 26, over.id])
    assert [one.outcome for one in told] == ["ok", "not_final", "not_found", "not_found"]


async def test_whoever_saw_a_forgotten_job_is_made_to_list_again(store: Store) -> None:
    record = await add(store, phase="COMPLETED")
    seq = (await store.changes_since(0)).seq
    await store.forget([record.id])
    with pytest.raises(StoreChanged):
        await store.changes_since(seq)


async def test_what_ended_long_ago_is_forgotten_and_nothing_else(store: Store) -> None:
    old, new = START, START + 10 * DAY
    gone = [
        await add(store, phase="COMPLETED", ended_at=old),
        await add(store, phase="ABORTED", ended_at=None),
        await add(store, phase="ERROR", ended_at=old, seen=True),
    ]
    kept = [
        await add(store, phase="COMPLETED", ended_at=new),
        await add(store, phase="ERROR", ended_at=old),
        await add(store, phase="EXECUTING", started_at=old),
        await add(store, phase="UNKNOWN"),
    ]
    assert await store.forget_before(START + DAY) == len(gone)
    assert [record.id for record in gone + kept if await store.get(record.id)] == [
        record.id for record in kept
    ]


async def test_many_are_forgotten_in_portions(store: Store) -> None:
    for _ in range(3):
        await add(store, phase="COMPLETED", ended_at=START)
    assert AT_ONCE > 3
    assert await store.forget_before(START + DAY) == 3
    assert await store.forget_before(START + DAY) == 0
