"""Forms are kept as typed, within limits that are said before anything is lost."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.domain.generated import DraftInput
from jupyterlab_batch.domain.problems import BadRequest, TooLarge, TooManyDrafts, UnknownDraft
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.drafts import MAX_DRAFT_BYTES
from jupyterlab_batch.store.drafts import MAX_DRAFTS
from tests.service.conftest import KEY
from tests.service.waiting import send


def form(**content: Any) -> DraftInput:
    return DraftInput(title="Form", content=content)


def key(number: int) -> str:
    return f"draft-{number:010}"


async def test_a_form_is_kept_whatever_its_fields_hold(service: BatchService) -> None:
    content = {"cores": "two", "name": "\u202e🔭\n", "deep": [{"a": None}], "": 1.5}
    kept = await service.drafts.put(KEY, form(**content))
    assert (kept.key, kept.sent, kept.job_id) == (KEY, False, None)
    assert await service.drafts.get(KEY) == kept
    assert kept.content == content


async def test_it_is_replaced_and_thrown_away(service: BatchService) -> None:
    await service.drafts.put(KEY, form(a=1))
    await service.drafts.put(KEY, form(a=2))
    assert [draft.content for draft in await service.drafts.listed()] == [{"a": 2}]
    await service.drafts.delete(KEY)
    assert await service.drafts.listed() == []
    for act in (service.drafts.get, service.drafts.delete):
        with pytest.raises(UnknownDraft):
            await act(KEY)


async def test_a_form_of_a_megabyte_is_the_largest(service: BatchService) -> None:
    overhead = len('{"text":""}')
    largest = form(text="x" * (MAX_DRAFT_BYTES - overhead))
    await service.drafts.put(KEY, largest)
    with pytest.raises(TooLarge, match="was not kept"):
        await service.drafts.put(KEY, form(text="x" * (MAX_DRAFT_BYTES - overhead + 1)))
    assert (await service.drafts.get(KEY)).content == largest.content


async def test_the_oldest_makes_room_unless_its_key_was_sent(
    service: BatchService, asked: dict[str, Any]
) -> None:
    await send(service, asked, key=key(0))
    for number in range(MAX_DRAFTS + 1):
        await service.drafts.put(key(number), form())
    keys = {draft.key for draft in await service.drafts.listed()}
    assert keys == {key(number) for number in range(MAX_DRAFTS + 1)} - {key(1)}


async def test_what_is_typed_again_is_the_newest(service: BatchService) -> None:
    for number in range(MAX_DRAFTS):
        await service.drafts.put(key(number), form())
    await service.drafts.put(key(0), form(again=True))
    await service.drafts.put(key(99), form())
    keys = [draft.key for draft in await service.drafts.listed()]
    assert keys[:2] == [key(99), key(0)] and key(1) not in keys


async def test_no_room_is_said(service: BatchService, asked: dict[str, Any]) -> None:
    for number in range(MAX_DRAFTS):
        await send(service, asked, key=key(number))
        await service.drafts.put(key(number), form())
    with pytest.raises(TooManyDrafts):
        await service.drafts.put(key(99), form())
    assert len(await service.drafts.listed()) == MAX_DRAFTS
    await service.drafts.put(key(0), form(still="kept"))


async def test_a_form_that_was_sent_leads_to_its_job(
    service: BatchService, asked: dict[str, Any]
) -> None:
    await service.drafts.put(KEY, form())
    record = await send(service, asked)
    draft = await service.drafts.get(KEY)
    assert (draft.sent, draft.job_id) == (True, record.id)


@pytest.mark.parametrize("bad", ["", "short", "a" * 65, "../../../etc/passwd"])
async def test_a_key_that_is_none(service: BatchService, bad: str) -> None:
    with pytest.raises(BadRequest) as caught:
        await service.drafts.put(bad, form())
    assert caught.value.field == "key"
