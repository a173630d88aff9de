"""Orders beside ending and holding: what a user is told, and what becomes of the job."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ActionInput, JobPatch, TaskRefusal
from jupyterlab_batch.domain.problems import (
    BatchProblem,
    GatewayRefused,
    GatewayUnreachable,
    NotValid,
    TasksRefused,
    UnknownJob,
)
from jupyterlab_batch.gateways.order import (
    Change,
    Hold,
    Order,
    Requeue,
    Resume,
    SendSignal,
    Suspend,
)
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.waiting import sees, send

ORDERS: list[Order] = [Suspend(), Resume(), Requeue(), SendSignal("USR1"), Hold(is_held=True)]


@pytest.mark.parametrize("order", ORDERS)
async def test_an_order_reaches_the_gateway(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], order: Order
) -> None:
    record = await send(service, asked)
    result = await service.orderer.give(record.id, order)
    assert (result.outcome, result.message, result.row.phase) == ("ok", None, "QUEUED")
    assert gateway.orders == [(record.native_id, order, [])]
    assert gateway.nudged == [record.native_id]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (GatewayRefused("Only operators may."), "denied"),
        (GatewayUnreachable("No answer."), "error"),
        (RuntimeError("a mistake"), "error"),
    ],
)
async def test_a_refusal_is_told_in_the_gateways_words(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    error: Exception,
    outcome: str,
) -> None:
    record = await send(service, asked)
    gateway.order_errors.append(error)
    result = await service.orderer.give(record.id, Suspend())
    assert result.outcome == outcome
    if isinstance(error, BatchProblem):
        assert result.message == error.message


async def test_what_the_gateway_cannot_is_not_asked_of_it(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.changes = ["comment"]
    record = await send(service, asked)
    result = await service.orderer.patch(record.id, JobPatch(walltime_seconds=60))
    assert (result.outcome, gateway.orders) == ("denied", [])
    assert "time limit" in (result.message or "")


async def test_what_does_it_instead_is_told_where_the_gateway_knows(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.why_no_requeue = "Call the operator and name"
    record = await send(service, asked)
    result = await service.orderer.give(record.id, Requeue())
    assert (result.outcome, gateway.orders) == ("denied", [])
    assert result.message == f"Call the operator and name {record.native_id}"


async def test_a_job_that_is_over_or_not_there_takes_no_orders(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    assert (await service.orderer.give(record.id, Requeue())).outcome == "already_final"
    with pytest.raises(UnknownJob):
        await service.orderer.give("0" * 26, Requeue())
    assert gateway.orders == []


async def test_some_tasks_take_an_order(service: BatchService, gateway: FakeGateway) -> None:
    asked = submission(array={"kind": "index", "start": 0, "stop": 3})
    record = await send(service, asked)
    result = await service.orderer.give(record.id, Requeue(), [1, 2])
    assert (result.outcome, gateway.orders) == ("ok", [(record.native_id, Requeue(), [1, 2])])
    unknown = await service.orderer.give(record.id, Requeue(), [9])
    assert (unknown.outcome, unknown.message) == (
        *("denied", "It has no task 9. Nothing was done."),
    )


async def test_each_task_to_which_it_was_not_done_is_told(
    service: BatchService, gateway: FakeGateway
) -> None:
    asked = submission(array={"kind": "index", "start": 0, "stop": 3})
    record = await send(service, asked)
    refused = [TaskRefusal(task_indices=[2], message="It has not started yet.")]
    gateway.order_errors.append(TasksRefused("Task 2: It has not started yet.", refused=refused))
    result = await service.orderer.give(record.id, Requeue(), [1, 2])
    assert (result.outcome, result.message, result.refused_tasks) == (
        *("denied", "Task 2: It has not started yet."),
        refused,
    )


async def test_where_single_tasks_take_no_orders_that_is_said(
    service: BatchService, gateway: FakeGateway
) -> None:
    asked = submission(array={"kind": "index", "start": 0, "stop": 3})
    record = await send(service, asked)
    gateway.task_orders = False
    result = await service.orderer.give(record.id, Hold(is_held=True), [1])
    assert (result.outcome, gateway.orders) == ("denied", [])
    assert result.message is not None and "can only be cancelled" in result.message


async def test_new_terms_are_ordered_and_shown(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    patch = JobPatch(walltime_seconds=7200, nice=5, comment="for the paper", tags={"run": "2"})
    result = await service.orderer.patch(record.id, patch)
    change = Change(walltime_seconds=7200, nice=5, comment="for the paper")
    assert (result.outcome, gateway.orders) == ("ok", [(record.native_id, change, [])])
    assert result.row.walltime_seconds == 7200
    after = await service.store.get(record.id)
    assert after is not None and after.tags == {"run": "2"}


async def test_tags_are_ours_and_can_always_be_changed(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    result = await service.orderer.patch(record.id, JobPatch(tags={"kept": ""}))
    after = await service.store.get(record.id)
    assert after is not None and (result.outcome, after.tags) == ("ok", {"kept": ""})
    assert gateway.orders == []


async def test_terms_that_are_refused_change_nothing(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    gateway.order_errors.append(GatewayRefused("No more time."))
    patch = JobPatch(walltime_seconds=7200, tags={"run": "2"})
    assert (await service.orderer.patch(record.id, patch)).outcome == "denied"
    assert await service.store.get(record.id) == record


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        (JobPatch(), ""),
        (JobPatch(comment="two\nlines"), "comment"),
        (JobPatch(tags={"a b": "x"}), "tags.a b"),
    ],
)
async def test_what_makes_no_sense_is_said_at_the_field(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    patch: JobPatch,
    field: str,
) -> None:
    record = await send(service, asked)
    with pytest.raises(NotValid) as caught:
        await service.orderer.patch(record.id, patch)
    assert (caught.value.field, gateway.orders) == (field, [])


@pytest.mark.parametrize(
    ("action", "order"), [("suspend", Suspend()), ("resume", Resume()), ("requeue", Requeue())]
)
async def test_many_take_an_order(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], action: Any, order: Order
) -> None:
    records = [await send(service, asked, f"key-of-job-number-{n:04}") for n in range(2)]
    gateway.order_errors.append(GatewayRefused("Only operators may."))
    given = ActionInput(action=action, job_ids=[record.id for record in records])
    results = await service.many.act(given)
    assert sorted(result.outcome for result in results) == ["denied", "ok"]
    assert {told for _, told, _ in gateway.orders} == {order}
