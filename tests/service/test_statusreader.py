"""How often the run directories of jobs are looked at."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from jupyterlab_batch.service import statusreader
from jupyterlab_batch.service.activejob import ActiveJob
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.statusreader import NOT_BEGUN_AT_ONCE, StatusReader
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.store import Store
from tests.fakes.gateway import FakeGateway
from tests.service.waiting import eventually, sees, send


class Watched:
    def __init__(self, count: int) -> None:
        self.active = [waiting(f"job-{number}") for number in range(count)]


def waiting(name: str) -> ActiveJob:
    return ActiveJob(
        job_id=name,
        gateway_id="slurm",
        native_id=name,
        submitted_at=datetime.now(timezone.utc),
        directory=Path("/nowhere", name),
        nonce="n",
        outputs=(),
        is_array=False,
        tag=name,
    )


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []

    def note(path: str) -> None:
        paths.append(path)

    monkeypatch.setattr(statusreader, "_stamp", note)
    return paths


async def test_of_many_that_wait_some_are_looked_at_each_time_and_each_in_its_turn(
    looks: list[str],
) -> None:
    watched = Watched(1000)
    reader = StatusReader(cast(Store, None), cast(Gateways, None), cast(Watcher, watched))
    await reader.look()
    assert len(looks) == NOT_BEGUN_AT_ONCE
    for _ in range(4):
        await reader.look()
    assert set(Counter(looks).values()) == {1} and len(looks) == 1000
    watched.active = watched.active[:150]
    looks.clear()
    await reader.look()
    assert len(looks) == 150


async def turns(count: int) -> None:
    """Let the event loop go round so often; a reader that does not sleep looks as often."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_while_no_job_is_watched_nothing_is_looked_at(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(statusreader, "_INTERVAL_SECONDS", 0)
    look = AsyncMock()
    monkeypatch.setattr(StatusReader, "look", look)
    reader = StatusReader(service.store, service.gateways, service.watcher)
    reading = asyncio.create_task(reader.run())
    await turns(20)
    look.assert_not_awaited()
    record = await send(service, asked)
    await eventually(lambda: look.await_count > 1)
    await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    await eventually(lambda: not service.watcher.active)
    await turns(2)  # one more may be under way
    count = look.await_count
    await turns(20)
    assert look.await_count == count
    reading.cancel()
