"""What is said of jobs while the store that knew them is made again is not lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.engine.jobfile import RunOrigin, read_origins
from jupyterlab_batch.gateways.observation import Gone, Observation, WatchEvent
from jupyterlab_batch.service import rebuild
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.service.evidence import claim, wrap
from tests.service.waiting import becomes, eventually, send


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What a rebuild waits for, as it does for a slow disk."""
    may_go_on = threading.Event()

    def slow(run_root: Path) -> list[RunOrigin]:
        assert may_go_on.wait(30)
        return list(read_origins(run_root))

    monkeypatch.setattr(rebuild, "read_origins", slow)
    yield may_go_on
    may_go_on.set()


@pytest.mark.parametrize(
    ("event", "phase"),
    [
        (Gone(native_id="101"), "UNKNOWN"),
        (Observation(native_id="101", phase="UNKNOWN", reason="lost"), "UNKNOWN"),
        (Observation(native_id="101", phase="COMPLETED", exit_code=0), "COMPLETED"),
    ],
)
async def test_an_event_waits_for_the_store(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    goes_on: threading.Event,
    event: WatchEvent,
    phase: str,
) -> None:
    goes_on.set()
    record = await send(service, asked)
    claim(record, "101")
    wrap(record, "101", exit_code=None)
    await becomes(service, record.id, lambda now: now.phase == "EXECUTING")
    goes_on.clear()
    service.store.path.unlink()
    assert await service.store.active() == []
    gateway.see(event)
    await eventually(lambda: gateway.has_told_all)
    assert await service.store.get(record.id) is None
    goes_on.set()
    await becomes(service, record.id, lambda now: now.phase == phase)


async def test_a_job_is_not_unknown_while_the_store_is_made_again(
    service: BatchService, asked: dict[str, Any], goes_on: threading.Event
) -> None:
    goes_on.set()
    await send(service, asked)
    assert service.rebuilder.problem is None
    goes_on.clear()
    service.store.path.unlink()
    assert await service.store.active() == []
    assert service.rebuilder.problem is not None
    goes_on.set()
    await eventually(lambda: service.rebuilder.problem is None)
