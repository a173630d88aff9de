"""Jobs, keys, lists and changes."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import JobCounts, Progress
from jupyterlab_batch.domain.problems import StoreChanged
from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.jobs import Change
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.records import job_record

ALL = JobFilter()


def to(**fields: Any) -> Change:
    return lambda _: fields


async def add(store: Store, **fields: Any) -> JobRecord:
    record = (await store.begin(job_record(**fields), "digest")).record
    assert record is not None
    return record


async def test_a_key_is_used_once(store: Store) -> None:
    first = await store.begin(job_record(key="key-one"), "digest")
    again = await store.begin(job_record(key="key-one"), "other")
    assert first.is_new and not again.is_new
    assert again.record == first.record and again.digest == "digest"


async def test_fifty_at_once_make_one_job(store: Store) -> None:
    intents = await asyncio.gather(
        *(store.begin(job_record(key="key-one"), "digest") for _ in range(50))
    )
    assert sum(intent.is_new for intent in intents) == 1
    assert len({intent.job_id for intent in intents}) == 1


async def test_each_difference_is_one_change(store: Store) -> None:
    record = await add(store)
    changed = await store.update(record.id, lambda _: {"phase": "QUEUED"})
    again = await store.update(record.id, lambda _: {"phase": "QUEUED"})
    assert changed is not None and changed.revision == record.revision + 1
    assert again == changed


async def test_everything_is_read_as_it_was_written(store: Store) -> None:
    record = await add(store)
    progress = Progress(done=7, total=18, text="cell 7 of 18")
    changed = await store.update(
        record.id, lambda _: {"progress": progress, "outputs": ("/a", "/b"), "exit_code": 3}
    )
    assert await store.get(record.id) == changed


async def test_a_job_that_changed_often_is_told_once_as_it_is_now(store: Store) -> None:
    first, second = await add(store), await add(store)
    since = second.revision
    for phase in ("QUEUED", "EXECUTING", "COMPLETED"):
        await store.update(first.id, to(phase=phase))
    window = await store.changes_since(since)
    assert [(r.id, r.phase) for r in window.records] == [(first.id, "COMPLETED")]
    assert window.seq == since + 3 and not window.more
    assert (await store.changes_since(window.seq)).records == []


async def test_many_changes_come_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHANGES_AT_ONCE", 3)
    records = [await add(store) for _ in range(7)]
    seen, since = [], 0
    more = True
    while more:
        window = await store.changes_since(since)
        seen += [record.id for record in window.records]
        since, more = window.seq, window.more
    assert seen == [record.id for record in records]


async def test_a_number_of_another_life_means_list_again(store: Store) -> None:
    await add(store)
    with pytest.raises(StoreChanged):
        await store.changes_since(1000)


async def test_a_refused_job_is_gone_and_its_key_is_free(store: Store) -> None:
    kept = await add(store)
    refused = await add(store, key="key-one")
    await store.take_back(refused.id)
    assert await store.get(refused.id) is None
    assert (await store.begin(job_record(key="key-one"), "other")).is_new
    with pytest.raises(StoreChanged):
        await store.changes_since(refused.revision)
    window = await store.window(ALL, Order(), limit=50)
    assert kept.id in {record.id for record in window.records}
    assert await store.changes_since(window.seq)


async def test_old_changes_are_forgotten(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "KEPT_CHANGES", 10)
    record = await add(store)
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        for number in range(1000):
            jobs.update(connection, record.id, to(native_state=str(number)))
    with pytest.raises(StoreChanged):
        await store.changes_since(record.revision)
    assert len((await store.changes_since(995)).records) == 1


async def test_a_list_comes_in_windows_newest_first(store: Store) -> None:
    records = [await add(store) for _ in range(7)]
    expected = sorted((record.id for record in records), reverse=True)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        window = await store.window(ALL, Order(cursor=cursor), limit=3)
        seen += [record.id for record in window.records]
        assert window.total == 7
        if not window.more:
            break
        cursor = seen[-1]
    assert seen == expected


async def test_a_list_is_filtered(store: Store) -> None:
    await add(store, name="Lens Time Delay")
    await add(store, name="STRASSE", gateway_id="slurm")
    for chosen, names in (
        (JobFilter(q="time"), ["Lens Time Delay"]),
        (JobFilter(q="straße"), ["STRASSE"]),
        (JobFilter(q="%"), []),
        (JobFilter(gateway_ids=("slurm",)), ["STRASSE"]),
        (JobFilter(group="running"), []),
    ):
        window = await store.window(chosen, Order(), limit=50)
        assert ([r.name for r in window.records], window.total) == (names, len(names))
        assert window.counts == JobCounts(needs_you=0, running=0, queued=2, finished=0)


async def test_what_failed_needs_the_user_until_it_was_seen(store: Store) -> None:
    record = await add(store)
    failed = await store.update(record.id, lambda _: {"phase": "ERROR"})
    assert failed is not None
    assert (await store.mark_seen(failed.revision - 1)).needs_you == 1
    assert await store.mark_seen(failed.revision) == JobCounts(
        needs_you=0, running=0, queued=0, finished=1
    )
    assert (await store.changes_since(failed.revision)).records[0].seen


async def test_a_list_takes_the_same_statements_whatever_its_length(path: Path) -> None:
    statements: list[str] = []
    store = Store(path, trace=statements.append)

    async def count() -> int:
        statements.clear()
        await store.window(ALL, Order(), limit=500)
        return len(statements)

    await add(store)
    await count()
    few = await count()
    for _ in range(100):
        await add(store)
    assert await count() == few
    await store.close()


async def test_listeners_hear_of_each_change_once(store: Store) -> None:
    heard: list[tuple[str, int]] = []
    store.on_change(lambda store_id, seq: heard.append((store_id, seq)))
    record = await add(store)
    await store.update(record.id, lambda _: {})
    assert heard == [(await store.store_id(), record.revision)]


async def test_what_another_server_changed_is_noticed(store: Store, path: Path) -> None:
    heard: list[tuple[str, int]] = []
    store.on_change(lambda store_id, seq: heard.append((store_id, seq)))
    other = Store(path)
    record = await add(other)
    await other.close()
    await store.notice()
    await store.notice()
    assert heard == [(await store.store_id(), record.revision)]


async def test_a_key_that_was_released_makes_a_new_job_and_keeps_the_old_one(store: Store) -> None:
    first = await add(store, key="key-one")
    given_up = await store.give_up(first.id, to(phase="ERROR"))
    second = await store.begin(job_record(key="key-one"), "digest")
    assert second.is_new and second.job_id != first.id
    assert given_up is not None and given_up.phase == "ERROR"
    assert await store.get(first.id) == given_up


async def test_a_failing_change_changes_nothing(store: Store) -> None:
    record = await add(store)

    def fail(_: JobRecord) -> dict[str, Any]:
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        await store.update(record.id, fail)
    assert await store.get(record.id) == record
    changed = await store.update(record.id, to(phase="QUEUED"))
    assert changed is not None and changed.revision == record.revision + 1
