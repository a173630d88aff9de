"""Hold and release: what a user is told, and what becomes of the job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    UnknownJob,
)
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.service.waiting import sees, send


async def test_a_waiting_job_is_held_and_released(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    held = await service.actor.hold(record.id)
    assert (held.outcome, held.row.phase, held.row.reason) == ("ok", "HELD", "held_by_user")
    again = await service.actor.release(record.id)
    assert (again.outcome, again.row.phase, again.row.reason) == ("ok", "QUEUED", None)
    assert gateway.holds == [(record.native_id, True), (record.native_id, False)]
    assert gateway.nudged == [record.native_id] * 2


async def test_what_the_gateway_said_meanwhile_is_what_is_shown(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    """It had started when the order came, and the batch system takes such an order in silence."""
    record = await send(service, asked)
    seen = Observation(native_id=record.native_id or "", phase="EXECUTING")
    job = service.watcher.active[0]

    async def starts_first(native_id: str) -> None:
        del native_id
        await service.watcher.take(job, seen)

    gateway.hold = starts_first  # type: ignore[method-assign]  # an instant that no test can meet
    assert (await service.actor.hold(record.id)).row.phase == "EXECUTING"


@pytest.mark.parametrize("now", ["HELD", "QUEUED"])
async def test_when_more_came_meanwhile_the_gateway_is_asked(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], now: Phase
) -> None:
    """Why it waits came before the order was taken; or another tab has released it since."""
    record = await send(service, asked)
    native_id = record.native_id or ""
    waits = Observation(native_id=native_id, phase="QUEUED", reason="resources")
    job = service.watcher.active[0]

    async def hold(native_id: str) -> None:
        del native_id
        await service.watcher.take(job, waits)

    async def look_at(native_ids: Sequence[str]) -> list[Observation]:
        return [Observation(native_id=one, phase=now) for one in native_ids]

    gateway.hold = hold  # type: ignore[method-assign]  # an instant that no test can meet
    gateway.look_at = look_at  # type: ignore[method-assign]  # likewise
    assert (await service.actor.hold(record.id)).row.phase == now


@pytest.mark.parametrize("phase", ["EXECUTING", "SUSPENDED"])
async def test_what_has_started_cannot_be_held(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], phase: str
) -> None:
    record = await send(service, asked)
    await sees(service, gateway, record, phase=phase)
    for result in (await service.actor.hold(record.id), await service.actor.release(record.id)):
        assert (result.outcome, result.message) == ("denied", "It has started already.")
        assert result.row.phase == phase
    assert gateway.holds == []


async def test_what_is_over_stays_as_it_is(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    over = await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    result = await service.actor.hold(record.id)
    assert (result.outcome, result.row) == ("already_final", over.to_row())
    assert gateway.holds == []


@pytest.mark.parametrize(
    ("error", "outcome", "message"),
    [
        (GatewayRefused("It is not yours."), "denied", "It is not yours."),
        (GatewayUnreachable("It is silent."), "error", "It is silent."),
        (KeyError("job_id"), "error", "The gateway made a mistake. The job goes on; try again."),
    ],
)
async def test_what_could_not_be_held_waits_on(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    error: Exception,
    outcome: str,
    message: str,
) -> None:
    record = await send(service, asked)
    gateway.hold_errors.append(error)
    result = await service.actor.hold(record.id)
    assert (result.outcome, result.message, result.row.phase) == (outcome, message, "QUEUED")


async def test_a_job_that_nobody_confirmed_is_not_held(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.submit_errors.append(AnswerLost("No answer."))
    record = await send(service, asked)
    result = await service.actor.hold(record.id)
    assert (result.outcome, result.row.phase) == ("denied", "UNKNOWN")
    assert "not confirmed" in (result.message or "")


async def test_a_job_of_nobody(service: BatchService) -> None:
    for act in (service.actor.hold, service.actor.release):
        with pytest.raises(UnknownJob):
            await act("0" * 26)
