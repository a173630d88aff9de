"""What is said at the same moment is heard together, and what is said of each job in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.gateways.observation import Gone, HealthChanged, WatchEvent
from jupyterlab_batch.service.listening import by_job, heard_together

EVENTS = st.one_of(
    st.sampled_from("123").map(lambda native_id: Gone(native_id=native_id)),
    st.just(HealthChanged()),
)


async def looks(*said: Sequence[int]) -> AsyncIterator[int]:
    """Say some things at once, then look again."""
    for numbers in said:
        for number in numbers:
            yield number
        await asyncio.sleep(0.001)


async def test_what_one_look_says_is_heard_together() -> None:
    heard = [together async for together in heard_together(looks([1, 2, 3], [4]), at_most=10)]
    assert heard == [[1, 2, 3], [4]]


async def test_no_more_is_heard_together_than_allowed() -> None:
    heard = [together async for together in heard_together(looks(range(7)), at_most=3)]
    assert [number for together in heard for number in together] == list(range(7))
    assert max(map(len, heard)) == 3


async def test_a_mistake_is_heard_after_all_that_was_said_before_it() -> None:
    async def fails() -> AsyncIterator[int]:
        yield 1
        yield 2
        raise KeyError("a mistake")

    heard: list[list[int]] = []
    with pytest.raises(KeyError, match="a mistake"):
        async for together in heard_together(fails(), at_most=10):
            heard.append(together)
    assert heard == [[1, 2]]


async def test_nobody_is_listened_to_any_more_once_nobody_listens() -> None:
    ended = asyncio.Event()

    async def speaks() -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with aclosing(heard_together(speaks(), at_most=10)) as heard:
        assert await anext(heard) == [1]
    assert ended.is_set()


@given(st.lists(EVENTS))
def test_each_job_and_the_health_of_the_gateway_keep_their_order(events: list[WatchEvent]) -> None:
    taken: list[WatchEvent] = []
    for said in by_job(events):
        native_ids = [{getattr(event, "native_id", None) for event in one} for one in said]
        assert all(len(one) == 1 for one in native_ids)
        assert len(set.union(set(), *native_ids)) == len(said), "each job is taken in one place"
        taken += [event for one in said for event in one]
    for native_id in "123":
        of_job = [e for e in events if e in (Gone(native_id=native_id), HealthChanged())]
        assert [e for e in taken if e in (Gone(native_id=native_id), HealthChanged())] == of_job
