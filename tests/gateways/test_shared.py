"""What many ask at once is asked once, and never before they did."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from jupyterlab_batch.gateways.shared import SharedCall


class Called:
    """A call that ends when it is told to."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.ends: list[asyncio.Event] = []

    async def __call__(self, asked: Sequence[str]) -> int:
        self.calls.append(list(asked))
        self.ends.append(asyncio.Event())
        number = len(self.calls)
        await self.ends[-1].wait()
        if "bad" in asked:
            raise ValueError("no")
        return number


async def rest() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def called() -> Called:
    return Called()


async def test_who_asks_while_a_call_runs_shares_the_next_one(called: Called) -> None:
    shared = SharedCall(called)
    first = asyncio.create_task(shared.ask("a"))
    await rest()
    others = [asyncio.create_task(shared.ask(word)) for word in "bcd"]
    await rest()
    assert called.calls == [["a"]]
    called.ends[0].set()
    assert await first == 1
    await rest()
    assert called.calls == [["a"], ["b", "c", "d"]]
    called.ends[1].set()
    assert await asyncio.gather(*others) == [2, 2, 2]


async def test_a_failure_is_of_those_who_asked_for_it(called: Called) -> None:
    shared = SharedCall(called)
    bad = asyncio.create_task(shared.ask("bad"))
    await rest()
    good = asyncio.create_task(shared.ask("good"))
    called.ends[0].set()
    with pytest.raises(ValueError, match="no"):
        await bad
    await rest()
    called.ends[1].set()
    assert await good == 2


async def test_who_goes_away_takes_nothing_from_the_others(called: Called) -> None:
    shared = SharedCall(called)
    gone, stays = [asyncio.create_task(shared.ask(word)) for word in "ab"]
    await rest()
    gone.cancel()
    await rest()
    called.ends[0].set()
    assert await stays == 1
    assert gone.cancelled()


async def test_when_it_stops_nothing_is_asked_any_more(called: Called) -> None:
    shared = SharedCall(called)
    waiting = [asyncio.create_task(shared.ask("a"))]
    await rest()
    waiting.append(asyncio.create_task(shared.ask("b")))
    await rest()
    await shared.stop()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in outcomes] == [asyncio.CancelledError] * 2
    assert called.calls == [["a"]]
