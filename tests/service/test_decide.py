"""The user says that a job which nobody can find does not exist."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import AnswerLost, UnknownJob
from jupyterlab_batch.engine.claim import is_withdrawn
from jupyterlab_batch.gateways.observation import Gone, Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.evidence import claim
from tests.service.waiting import becomes, sees, send


@pytest.fixture
async def lost(service: BatchService, gateway: FakeGateway, asked: dict[str, Any]) -> JobRecord:
    """A job of which no gateway's history can ever prove the absence."""
    gateway.history = False
    gateway.submit_errors.append(AnswerLost("no answer"))
    return await send(service, asked)


async def test_it_is_lost_its_key_is_free_and_it_can_never_run(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], lost: JobRecord
) -> None:
    result = await service.decider.declare_lost(lost.id)
    assert (result.outcome, result.row.phase, result.row.reason) == ("ok", "ERROR", "lost")
    assert result.message is not None and "ends without running" in result.message
    assert is_withdrawn(Path(lost.run_directory), lost.nonce)
    again = await send(service, asked)
    assert again.id != lost.id
    assert len(gateway.launches) == 2


async def test_one_that_was_to_be_cancelled_is_cancelled(
    service: BatchService, lost: JobRecord
) -> None:
    await service.actor.cancel(lost.id)
    result = await service.decider.declare_lost(lost.id)
    assert (result.outcome, result.row.phase) == ("ok", "ABORTED")


async def test_one_that_has_started_is_found_instead(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], lost: JobRecord
) -> None:
    claim(lost, "7")
    result = await service.decider.declare_lost(lost.id)
    assert (result.outcome, result.row.native_id) == ("denied", "7")
    assert result.message is not None and "started after all" in result.message
    assert (await send(service, asked)).id == lost.id
    assert len(gateway.launches) == 1


async def test_nothing_is_freed_that_could_still_run(
    service: BatchService, asked: dict[str, Any], lost: JobRecord
) -> None:
    parent = Path(lost.run_directory).parent
    parent.rename(parent.with_name("away"))
    result = await service.decider.declare_lost(lost.id)
    assert (result.outcome, result.row.phase) == ("error", "UNKNOWN")
    assert (await send(service, asked)).id == lost.id


async def test_a_run_directory_that_was_removed_is_no_hindrance(
    service: BatchService, lost: JobRecord
) -> None:
    shutil.rmtree(lost.run_directory)
    assert (await service.decider.declare_lost(lost.id)).outcome == "ok"


async def test_a_job_that_is_known_is_not_given_up(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    assert (await service.decider.declare_lost(record.id)).outcome == "denied"
    await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    assert (await service.decider.declare_lost(record.id)).outcome == "already_final"
    with pytest.raises(UnknownJob):
        await service.decider.declare_lost("0" * 26)


async def test_one_that_started_and_vanished_is_over_and_keeps_its_key(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "101")
    gateway.see(Gone(native_id="101"))
    await becomes(service, record.id, lambda now: now.phase == "UNKNOWN")
    result = await service.decider.declare_lost(record.id)
    assert (result.outcome, result.row.phase, result.row.reason) == ("ok", "ERROR", "lost")
    assert (await send(service, asked)).id == record.id


async def test_exit_0_of_a_wrapper_that_ran_nothing_is_no_success(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "")
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    over = await becomes(service, record.id, lambda now: now.phase == "ERROR")
    assert (over.reason, over.exit_code) == ("duplicate", 0)
    assert over.reason_text is not None and "given up" in over.reason_text
