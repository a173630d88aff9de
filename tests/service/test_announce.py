"""Hints are merged to at most ten a second, and the last one is never lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyterlab_batch.service.announce import Announcer
from jupyterlab_batch.service.batch import BatchService
from tests.service.waiting import eventually, send


async def test_the_first_comes_at_once_and_the_rest_merged() -> None:
    clock = asyncio.get_running_loop()
    told: list[tuple[float, int]] = []
    announcer = Announcer(lambda _, seq: told.append((clock.time(), seq)))
    began = clock.time()
    announcer.announce("store", 1)
    assert [seq for _, seq in told] == [1]
    for seq in range(2, 100):
        announcer.announce("store", seq)
    assert [seq for _, seq in told] == [1]
    await eventually(lambda: len(told) == 2)
    announcer.announce("store", 100)
    await eventually(lambda: len(told) == 3)
    assert [seq for _, seq in told] == [1, 99, 100]
    # However late each is told: the pause begins before it is.
    assert told[1][0] - began >= 0.099 and told[2][0] - began >= 0.199
    announcer.close()


async def test_after_a_pause_a_hint_comes_at_once_again() -> None:
    told: list[int] = []
    announcer = Announcer(lambda _, seq: told.append(seq))
    announcer.announce("store", 1)
    await eventually(lambda: not announcer.is_waiting)
    announcer.announce("store", 2)
    assert told == [1, 2]
    announcer.close()


async def test_a_closed_one_tells_nobody() -> None:
    told: list[int] = []
    announcer = Announcer(lambda _, seq: told.append(seq))
    announcer.announce("store", 1)
    announcer.announce("store", 2)
    announcer.close()
    announcer.announce("store", 3)
    assert told == [1]
    assert not announcer.is_waiting


async def test_a_bus_that_fails_breaks_no_submission(
    service: BatchService, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store_id: str, seq: int) -> None:
        raise ValueError(f"{store_id} {seq}")

    monkeypatch.setattr(service.announcer, "_emit", fail)
    assert (await send(service, asked)).phase == "QUEUED"


async def test_each_change_is_announced_with_the_store_and_its_number(
    service: BatchService, asked: dict[str, Any], hints: list[tuple[str, int]]
) -> None:
    record = await send(service, asked)
    await eventually(lambda: hints and hints[-1][1] >= record.revision)
    assert {store_id for store_id, _ in hints} == {await service.store.store_id()}
