"""Cancel: what a user is told, and what becomes of the job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable, UnknownJob
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.service.waiting import eventually, sees, send


@pytest.mark.parametrize("phase", ["QUEUED", "EXECUTING"])
async def test_a_job_is_cancelled_and_ends(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], phase: str
) -> None:
    record = await send(service, asked)
    record = await sees(service, gateway, record, phase=phase)
    result = await service.actor.cancel(record.id)
    assert (result.outcome, result.row.substate) == ("ok", "cancelling")
    assert gateway.cancelled == gateway.nudged == [record.native_id]
    over = await sees(service, gateway, record, phase="ABORTED", reason="cancelled_by_user")
    assert (over.reason, over.substate) == ("cancelled_by_user", None)


async def test_a_job_that_has_the_id_of_a_forgotten_one_is_not_cancelled_for_it(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    forgotten = await send(service, asked)
    Path(forgotten.run_directory, "claim").write_text(
        json.dumps(
            {
                "nonce": forgotten.nonce,
                "key": forgotten.key,
                "native_id": forgotten.native_id,
                "restart_count": 0,
            }
        )
    )
    gateway.give_again("101")
    await send(service, asked, "key-of-the-later-job")
    result = await service.actor.cancel(forgotten.id)
    assert (result.outcome, gateway.cancelled) == ("ok", [])
    assert result.message and "Nothing was cancelled" in result.message


async def test_a_job_that_is_over_stays_as_it_is(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    over = await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    result = await service.actor.cancel(record.id)
    assert result.outcome == "already_final"
    assert result.row == over.to_row()
    assert gateway.cancelled == []


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (GatewayRefused("It is not yours."), "denied", "It is not yours."),
        (GatewayUnreachable("It is silent."), "error", "It is silent."),
        (KeyError("job_id"), "error", "The gateway made a mistake. The job goes on; try again."),
    ],
)
async def test_what_could_not_be_cancelled_goes_on(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    error: Exception,
    outcome: str,
    message: str,
) -> None:
    record = await send(service, asked)
    gateway.cancel_errors.append(error)
    result = await service.actor.cancel(record.id)
    assert (result.outcome, result.message) == (outcome, message)
    assert (result.row.phase, result.row.substate) == ("QUEUED", None)
    assert (await service.actor.cancel(record.id)).outcome == "ok"


async def test_a_second_cancel_that_fails_does_not_take_the_first_back(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    await service.actor.cancel(record.id)
    gateway.cancel_errors.append(GatewayUnreachable("It is silent."))
    result = await service.actor.cancel(record.id)
    assert (result.outcome, result.row.substate) == ("error", "cancelling")


async def test_a_job_of_nobody(service: BatchService) -> None:
    with pytest.raises(UnknownJob):
        await service.actor.cancel("0" * 26)


async def test_cancel_while_the_submission_is_in_flight(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.may_submit.clear()
    sending = service.tasks.start(send(service, asked), name="submit")
    await gateway.submitting.wait()
    result = await service.actor.cancel(gateway.launches[0].job_id)
    assert (result.outcome, gateway.cancelled) == ("ok", [])
    gateway.may_submit.set()
    record = await sending
    await eventually(lambda: gateway.nudged)
    assert gateway.cancelled == [record.native_id]
