"""Drafts are kept, within limits that are said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jupyterlab_batch.domain.problems import TooManyDrafts
from jupyterlab_batch.store.drafts import MAX_DRAFTS
from jupyterlab_batch.store.store import Store
from tests.fakes.records import START, job_record


async def put(store: Store, number: int) -> None:
    now = START + timedelta(seconds=number)
    await store.put_draft(f"draft-{number:04}", title="Form", content="{}", now=now)


async def test_the_oldest_makes_room(store: Store) -> None:
    for number in range(MAX_DRAFTS + 2):
        await put(store, number)
    keys = [draft.key for draft in await store.drafts()]
    assert keys == [f"draft-{number:04}" for number in range(MAX_DRAFTS + 1, 1, -1)]


async def test_one_that_was_sent_is_kept_with_its_job(store: Store) -> None:
    record = job_record(key="draft-0000")
    await store.begin(record, "digest")
    for number in range(MAX_DRAFTS + 1):
        await put(store, number)
    kept = await store.draft("draft-0000")
    assert kept is not None and kept.sent and kept.job_id == record.id
    assert await store.draft("draft-0001") is None


async def test_there_is_no_room_if_all_were_sent(store: Store) -> None:
    for number in range(MAX_DRAFTS):
        await store.begin(job_record(key=f"draft-{number:04}"), "digest")
        await put(store, number)
    with pytest.raises(TooManyDrafts):
        await put(store, MAX_DRAFTS)
    assert len(await store.drafts()) == MAX_DRAFTS
