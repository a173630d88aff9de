"""One action on many jobs, answered for each, and races that end in words."""

from __future__ import annotations

import asyncio
from typing import Any, get_args, get_type_hints
from unittest.mock import AsyncMock

import pytest

from jupyterlab_batch.domain.generated import ActionInput, JobActionResult, JobPatch
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable, StoreUnavailable
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.many import AT_ONCE
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.waiting import becomes, eventually, sees, send

NOBODY = "0" * 26


async def submit(service: BatchService, asked: dict[str, Any], count: int) -> list[JobRecord]:
    return [await send(service, asked, f"key-of-job-number-{n:04}") for n in range(count)]


async def act(service: BatchService, action: Any, *job_ids: str) -> list[JobActionResult]:
    return await service.many.act(ActionInput(action=action, job_ids=list(job_ids)))


def outcomes(results: list[JobActionResult]) -> list[str]:
    return [result.outcome for result in results]


async def test_each_job_is_answered_for_itself(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    over, running = await submit(service, asked, 2)
    await sees(service, gateway, over, phase="COMPLETED", exit_code=0)
    results = await act(service, "cancel", over.id, NOBODY, running.id, over.id)
    assert [result.job_id for result in results] == [over.id, NOBODY, running.id]
    assert outcomes(results) == ["already_final", "not_found", "ok"]
    assert results[1].row is None and results[1].message
    assert results[2].row is not None and results[2].row.substate == "cancelling"
    assert gateway.cancelled == [running.native_id]


async def test_what_fails_at_one_stops_no_other(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    records = await submit(service, asked, 4)
    gateway.cancel_errors = [GatewayRefused("not yours"), GatewayUnreachable("down"), KeyError("x")]
    results = await act(service, "cancel", *(record.id for record in records))
    assert sorted(outcomes(results)) == ["denied", "error", "error", "ok"]
    assert len(gateway.cancelled) == 4


async def test_a_store_that_cannot_be_used_is_not_waited_for_by_each(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = await submit(service, asked, 3 * AT_ONCE)
    locked = AsyncMock(side_effect=StoreUnavailable("It is locked."))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "get", locked)
        results = await act(service, "cancel", *(record.id for record in records))
    told = {(result.outcome, result.message) for result in results}
    assert told == {("error", "It is locked.")} and len(results) == len(records)
    assert 0 < locked.await_count <= AT_ONCE and gateway.cancelled == []


async def test_forgetting_many(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    over, running = await submit(service, asked, 2)
    await sees(service, gateway, over, phase="COMPLETED", exit_code=0)
    results = await act(service, "forget", running.id, over.id, NOBODY)
    assert outcomes(results) == ["denied", "ok", "not_found"]
    assert results[0].row is not None and results[1].row is None
    assert results[0].message is not None and "not over" in results[0].message
    assert await service.store.get(over.id) is None


async def test_a_thousand_are_not_sent_to_the_batch_system_at_once(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], monkeypatch: Any
) -> None:
    records = await submit(service, asked, 3 * AT_ONCE)
    waiting, most, may_go_on = 0, 0, asyncio.Event()

    async def cancel(native_id: str) -> None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await may_go_on.wait()
        waiting -= 1
        gateway.cancelled.append(native_id)

    monkeypatch.setattr(gateway, "cancel", cancel)
    acting = asyncio.create_task(act(service, "cancel", *(record.id for record in records)))
    await eventually(lambda: waiting == AT_ONCE)
    may_go_on.set()
    assert set(outcomes(await acting)) == {"ok"}
    assert most == AT_ONCE and len(gateway.cancelled) == len(records)


KNOWN = get_args(get_type_hints(ActionInput)["action"])
ACTIONS = [one for one in KNOWN if one not in {"forget", "resubmit"}]
TOO_LATE = [GatewayRefused("already completed"), GatewayUnreachable("down"), KeyError("a mistake")]


async def act_or_patch(service: BatchService, action: Any, job_id: str) -> Any:
    """Do what can be done to many, or to some tasks, or new terms."""
    if action == "tasks":
        return await service.actor.cancel_tasks(job_id, [1])
    if action == "patch":
        return await service.orderer.patch(job_id, JobPatch(nice=5))
    (result,) = await act(service, action, job_id)
    return result


@pytest.mark.parametrize("error", TOO_LATE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("action", [*ACTIONS, "tasks", "patch"])
async def test_a_job_that_ends_while_something_is_done_to_it_is_simply_over(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: Any,
    action: str,
    error: Exception,
) -> None:
    asked["spec"]["array"] = {"kind": "index", "start": 0, "stop": 3}
    (record,) = await submit(service, asked, 1)

    async def end_first(native_id: str, *_: Any, **__: Any) -> None:
        gateway.see(Observation(native_id=native_id, phase="COMPLETED", exit_code=0))
        await becomes(service, record.id, lambda now: now.phase == "COMPLETED")
        raise error

    for name in ("cancel", "cancel_tasks", "hold", "release", "order"):
        monkeypatch.setattr(gateway, name, end_first)
    result = await act_or_patch(service, action, record.id)
    assert (result.outcome, result.message) == ("already_final", None)
    assert result.row is not None and result.row.phase == "COMPLETED"


@pytest.mark.parametrize("action", [*ACTIONS, "tasks", "patch"])
async def test_a_job_that_only_the_batch_system_knows_to_be_over_is_looked_at_soon(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: Any,
    action: str,
) -> None:
    asked["spec"]["array"] = {"kind": "index", "start": 0, "stop": 3}
    (record,) = await submit(service, asked, 1)

    async def refuse(*_: Any, **__: Any) -> None:
        raise GatewayRefused("The job is over already.")

    for name in ("cancel", "cancel_tasks", "hold", "release", "order"):
        monkeypatch.setattr(gateway, name, refuse)
    result = await act_or_patch(service, action, record.id)
    assert (result.outcome, result.message) == ("denied", "The job is over already.")
    assert gateway.nudged == [record.native_id]
    after = await service.store.get(record.id)
    assert after is not None and (after.phase, after.substate) == ("QUEUED", None)


async def test_two_tabs_that_do_the_same_are_both_told_so(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    (record,) = await submit(service, asked, 1)
    both = await asyncio.gather(*(act(service, "cancel", record.id) for _ in range(2)))
    assert [outcomes(results) for results in both] == [["ok"], ["ok"]]
    await sees(service, gateway, record, phase="ABORTED", reason="cancelled_by_user")
    both = await asyncio.gather(*(act(service, "forget", record.id) for _ in range(2)))
    assert sorted(outcomes(results)[0] for results in both) == ["not_found", "ok"]
    assert outcomes(await act(service, "cancel", record.id)) == ["not_found"]


async def test_two_servers_that_do_opposite_things(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    here, there = make(), make(FakeGateway(gateway_id="fake"))
    await here.start()
    (record,) = await submit(here, asked, 1)
    await sees(here, gateway, record, phase="COMPLETED", exit_code=0)
    cancelled, forgotten = await asyncio.gather(
        act(there, "cancel", record.id), act(here, "forget", record.id)
    )
    assert outcomes(forgotten) == ["ok"]
    assert outcomes(cancelled)[0] in {"already_final", "not_found"}
