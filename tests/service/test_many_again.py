"""Resubmitting many as one action: each once per key, answered for itself."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ActionInput, JobActionResult, ResubmitPatch
from jupyterlab_batch.domain.problems import GatewayUnreachable, KeyMissing, NotValid
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.waiting import sees, send

AGAIN = "key-of-all-of-them"
NOBODY = "0" * 26


@pytest.fixture
async def over(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> list[JobRecord]:
    """Three jobs that failed."""
    sent = [await send(service, asked, f"key-of-job-number-{n:04}") for n in range(3)]
    return [await sees(service, gateway, one, phase="ERROR", exit_code=1) for one in sent]


async def resubmit(
    service: BatchService, *job_ids: str, key: str | None = AGAIN, **patch: Any
) -> list[JobActionResult]:
    given = ActionInput(action="resubmit", job_ids=list(job_ids), patch=ResubmitPatch(**patch))
    return await service.many.act(given, key=key)


async def test_each_becomes_a_new_job_with_what_is_different(
    service: BatchService, gateway: FakeGateway, over: list[JobRecord]
) -> None:
    ids = [record.id for record in over]
    results = await resubmit(service, *ids, resources={"memory_bytes": 2**32})
    assert [(result.job_id, result.outcome) for result in results] == [(one, "ok") for one in ids]
    new = [result.row.id for result in results if result.row is not None]
    assert len(set(new)) == 3 and not set(new) & set(ids)
    for job_id, before in zip(new, ids, strict=True):
        record = await service.store.get(job_id)
        assert record is not None and record.resubmitted_from == before
        assert record.spec.resources.memory_bytes == 2**32
    assert len(gateway.launches) == 6


async def test_the_same_key_runs_none_a_second_time_in_whatever_company(
    service: BatchService, gateway: FakeGateway, over: list[JobRecord]
) -> None:
    first, second, third = (record.id for record in over)
    before = await resubmit(service, first, second)
    again = await resubmit(service, third, second, first)
    rows = {result.job_id: result.row.id for result in again if result.row is not None}
    assert [rows[one.job_id] for one in before] == [one.row.id for one in before if one.row]
    assert len(gateway.launches) == 6
    different = await resubmit(service, first, name="another")
    assert (different[0].outcome, len(gateway.launches)) == ("denied", 6)
    assert (await resubmit(service, first, key="key-of-another-time"))[0].outcome == "ok"


async def test_what_cannot_run_again_is_said_and_stops_no_other(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], over: list[JobRecord]
) -> None:
    running = await send(service, asked, "key-of-one-that-runs")
    gateway.submit_errors = [GatewayUnreachable("down")]
    results = await resubmit(service, running.id, NOBODY, *(record.id for record in over))
    outcomes = [result.outcome for result in results]
    assert outcomes[:2] == ["denied", "not_found"]
    assert sorted(outcomes[2:]) == ["error", "ok", "ok"]
    assert results[0].message is not None and "not over" in results[0].message
    assert results[0].row is not None and results[0].row.id == running.id


async def test_what_is_not_right_is_said_of_each(
    service: BatchService, gateway: FakeGateway, over: list[JobRecord]
) -> None:
    (result,) = await resubmit(service, over[0].id, resources={"cores": 0})
    assert result.outcome == "denied" and "one core" in (result.message or "")
    (result,) = await resubmit(service, over[0].id, task_indices=[1])
    assert result.outcome == "denied" and "no array" in (result.message or "")
    assert len(gateway.launches) == 3


async def test_without_a_key_nothing_is_resubmitted(
    service: BatchService, gateway: FakeGateway, over: list[JobRecord]
) -> None:
    for key, problem in ((None, NotValid), ("short", KeyMissing)):
        with pytest.raises(problem):
            await resubmit(service, over[0].id, key=key)
    assert len(gateway.launches) == 3


async def test_nothing_can_be_different_in_another_action(
    service: BatchService, over: list[JobRecord]
) -> None:
    given = ActionInput(action="forget", job_ids=[over[0].id], patch=ResubmitPatch(name="x"))
    with pytest.raises(NotValid):
        await service.many.act(given)


async def test_a_key_that_can_be_none_is_refused_whatever_is_done(
    service: BatchService, over: list[JobRecord]
) -> None:
    with pytest.raises(KeyMissing):
        await service.many.act(ActionInput(action="hold", job_ids=[over[0].id]), key="short")
    assert await service.store.get(over[0].id) is not None
