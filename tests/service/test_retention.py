"""Forgetting: the record goes, the key and the run directory stay."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import JobForgotten, KeyReused, NotFinal, UnknownJob
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.retention import KEY_LIFETIME
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY
from tests.service.waiting import sees, send

YEAR = timedelta(days=365)


async def finish(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], **seen: Any
) -> JobRecord:
    record = await send(service, asked)
    return await sees(service, gateway, record, **{"phase": "COMPLETED", "exit_code": 0, **seen})


async def test_a_forgotten_job_never_runs_again_under_its_key(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await finish(service, gateway, asked)
    await service.retention.forget(record.id)
    with pytest.raises(JobForgotten, match="Nothing was sent again"):
        await send(service, asked)
    with pytest.raises(KeyReused):
        await send(service, {**asked, "gateway_id": "other"})
    assert len(gateway.launches) == 1
    assert (await send(service, asked, "key-of-another-job")).phase == "QUEUED"


async def test_its_run_directory_stays(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await finish(service, gateway, asked)
    await service.retention.forget(record.id)
    assert Path(record.run_directory, "job.json").is_file()
    with pytest.raises(UnknownJob):
        await service.listing.job(record.id)
    with pytest.raises(UnknownJob):
        await service.retention.forget(record.id)


async def test_a_running_job_cannot_be_forgotten(
    service: BatchService, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    with pytest.raises(NotFinal, match="not over yet"):
        await service.retention.forget(record.id)
    assert await service.store.get(record.id) == record


async def test_a_draft_of_a_forgotten_job_was_sent_all_the_same(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await finish(service, gateway, asked)
    await service.store.put_draft(KEY, title="", content="{}", now=record.created_at)
    await service.retention.forget(record.id)
    draft = await service.drafts.get(KEY)
    assert (draft.sent, draft.job_id) == (True, None)


async def test_jobs_are_kept_as_long_as_was_configured(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await finish(service, gateway, asked)
    later = datetime.now(timezone.utc) + 2 * YEAR
    await service.retention.clean(later)
    assert await service.store.get(record.id) is not None, "0 days mean for ever"
    service.retention.keep_jobs_days = 365
    await service.retention.clean(later - YEAR - timedelta(minutes=1))
    assert await service.store.get(record.id) is not None
    await service.retention.clean(later)
    assert await service.store.get(record.id) is None


async def test_a_key_may_come_again_only_after_its_time(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await finish(service, gateway, asked)
    await service.retention.forget(record.id)
    await service.retention.clean(record.created_at + KEY_LIFETIME)
    with pytest.raises(JobForgotten):
        await send(service, asked)
    await service.retention.clean(record.created_at + KEY_LIFETIME + timedelta(seconds=1))
    assert (await send(service, asked)).id != record.id


async def test_the_server_looks_by_itself_and_not_all_the_time(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    now = 1000.0
    service.retention.clock = lambda: now
    service.retention.keep_jobs_days = 1
    first = await finish(
        service, gateway, asked, ended_at=datetime(2025, 1, 1, tzinfo=timezone.utc)
    )
    await service.reconcile()
    assert await service.store.get(first.id) is None
    record = await send(service, asked, "key-of-another-job")
    old = {"ended_at": datetime(2025, 1, 1, tzinfo=timezone.utc)}
    second = await sees(service, gateway, record, phase="COMPLETED", exit_code=0, **old)
    await service.reconcile()
    assert await service.store.get(second.id) is not None
    now += 3601
    await service.reconcile()
    assert await service.store.get(second.id) is None
