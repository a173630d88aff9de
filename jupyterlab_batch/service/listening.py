"""What is said at the same moment is heard together, and what is said of each job in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from typing import TypeVar

import msgspec

from jupyterlab_batch.gateways.observation import HealthChanged, WatchEvent

Event = TypeVar("Event")


class _Silence(msgspec.Struct, frozen=True):
    """Nothing comes any more, perhaps because of a mistake."""

    error: Exception | None = None


async def heard_together(
    events: AsyncIterator[Event], *, at_most: int
) -> AsyncGenerator[list[Event], None]:
    """Yield what was said by now, as soon as there is something.

    While that is taken it goes on listening, until as much again was said. What fails fails after
    all that was said before.
    """
    heard: asyncio.Queue[Event | _Silence] = asyncio.Queue(at_most)
    listening = asyncio.create_task(_listen(events, heard))
    try:
        while True:
            said = [await heard.get()]
            while not heard.empty():
                said.append(heard.get_nowait())
            together = [event for event in said if not isinstance(event, _Silence)]
            if together:
                yield together
            if isinstance(said[-1], _Silence):
                if said[-1].error is not None:
                    raise said[-1].error
                return
    finally:
        listening.cancel()
        await asyncio.wait({listening})


async def _listen(events: AsyncIterator[Event], heard: asyncio.Queue[Event | _Silence]) -> None:
    try:
        async for event in events:
            await heard.put(event)
    except Exception as error:
        await heard.put(_Silence(error))
    else:
        await heard.put(_Silence())


def by_job(events: Iterable[WatchEvent]) -> Iterator[list[deque[WatchEvent]]]:
    """Yield what can be taken at once: what is said of several jobs, of each in order.

    How a gateway is keeps its place between what it says before and after.
    """
    said: dict[str, deque[WatchEvent]] = {}
    for event in events:
        if isinstance(event, HealthChanged):
            yield list(said.values())
            yield [deque([event])]
            said = {}
        else:
            said.setdefault(event.native_id, deque()).append(event)
    yield list(said.values())
