"""Waiting for a thing rather than for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY

_DEADLINE_SECONDS = 60.0


async def becomes(
    service: BatchService, job_id: str, is_so: Callable[[JobRecord], bool]
) -> JobRecord:
    """Return a job once it is as described."""
    changed = asyncio.Event()
    service.store.on_change(lambda *_: changed.set())

    async def look() -> JobRecord:
        while True:
            record = await service.store.get(job_id)
            if record is not None and is_so(record):
                return record
            await changed.wait()
            changed.clear()

    return await asyncio.wait_for(look(), _DEADLINE_SECONDS)


async def eventually(is_so: Callable[[], object]) -> None:
    """Return once something is true that nobody tells of."""

    async def look() -> None:
        while not is_so():  # noqa: ASYNC110 -- nobody tells of it
            await asyncio.sleep(0.005)

    await asyncio.wait_for(look(), _DEADLINE_SECONDS)


async def send(service: BatchService, asked: dict[str, Any], key: str = KEY) -> JobRecord:
    """Submit, and return the job."""
    return (await service.submitter.submit(asked, key=key, anyway=False)).record


async def sees(
    service: BatchService, gateway: FakeGateway, record: JobRecord, **seen: Any
) -> JobRecord:
    """Let the gateway notice something of a job, and return the job when it was taken in."""
    assert record.native_id is not None
    gateway.see(Observation(native_id=record.native_id, **seen))
    phase = seen["phase"]
    return await becomes(service, record.id, lambda now: now.phase == phase)


async def key_is_free(service: BatchService, key: str = KEY) -> None:
    """Return once a key may be sent again."""

    async def look() -> None:
        while await service.store.intent(key) is not None:  # noqa: ASYNC110 -- nobody tells of it
            await asyncio.sleep(0.005)

    await asyncio.wait_for(look(), _DEADLINE_SECONDS)


def run_directories(root: Path) -> list[Path]:
    """Return what was put on the disk for jobs."""
    folder = root / "batch-jobs"
    return sorted(folder.iterdir()) if folder.exists() else []


async def all_jobs(service: BatchService) -> dict[str, JobRecord]:
    """Return what the store knows, by id."""
    window = await service.store.window(JobFilter(), Order(), limit=500)
    return {record.id: record for record in window.records}
