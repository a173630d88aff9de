"""A lost answer is *unknown*, never failed: the job is found again, or its absence is proven."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.gateways.launch import Submitted
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service import acknowledge, lookup, takeback
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY, START
from tests.service.waiting import becomes, eventually, key_is_free, send

PROOF = timedelta(milliseconds=30)


@pytest.fixture
def hurried(service: BatchService) -> BatchService:
    """Looks up at once, and takes absence as proven after a moment instead of a minute."""
    service.look_up.pauses_seconds = (0.01,)
    service.look_up.proof = PROOF
    return service


async def lose(service: BatchService, gateway: FakeGateway, asked: dict[str, Any]) -> JobRecord:
    gateway.submit_errors.append(AnswerLost("no answer"))
    record = await send(service, asked)
    assert (record.phase, record.reason, record.native_id) == ("UNKNOWN", "answer_lost", None)
    return record


def has_id(record: JobRecord) -> bool:
    return record.native_id is not None


def is_error(record: JobRecord) -> bool:
    return record.phase == "ERROR"


async def test_it_is_found_by_its_tag_and_followed(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.look_up_answers = [None, Observation(native_id="7", phase="QUEUED", submitted_at=START)]
    lost = await lose(hurried, gateway, asked)
    found = await becomes(hurried, lost.id, has_id)
    assert (found.phase, found.native_id, found.reason) == ("QUEUED", "7", None)
    assert found.submitted_at == START
    assert [job.native_id for job in gateway.tracked] == ["7"]
    assert gateway.looked_up == [lost.tag, lost.tag]
    assert len(gateway.launches) == 1


async def test_it_is_not_sent_again_while_it_is_unknown(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.history = False
    lost = await lose(hurried, gateway, asked)
    assert (await send(hurried, asked)).id == lost.id
    assert len(gateway.launches) == 1


async def test_it_is_found_by_the_claim_of_its_run_directory(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.look_up_answers = [GatewayUnreachable("down")] * 100
    lost = await lose(hurried, gateway, asked)
    claim = {"nonce": lost.nonce, "key": KEY, "native_id": "8", "restart_count": 0}
    Path(lost.run_directory, "claim").write_text(json.dumps(claim))
    found = await becomes(hurried, lost.id, has_id)
    assert found.native_id == "8"


async def test_a_claim_with_a_foreign_nonce_proves_nothing(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    lost = await lose(hurried, gateway, asked)
    claim = {"nonce": "x" * 32, "key": KEY, "native_id": "8", "restart_count": 0}
    Path(lost.run_directory, "claim").write_text(json.dumps(claim))
    gone = await becomes(hurried, lost.id, is_error)
    assert gone.native_id is None


async def test_absence_is_proven_by_two_looks_and_the_key_is_free_again(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    lost = await lose(hurried, gateway, asked)
    gone = await becomes(hurried, lost.id, is_error)
    assert (gone.reason, gone.group) == ("lost", "needs_you")
    assert gone.reason_text is not None and "nothing was started" in gone.reason_text
    assert len(gateway.looked_up) >= 2
    await key_is_free(hurried)
    again = await send(hurried, asked)
    assert again.id != lost.id and again.phase == "QUEUED"


async def test_what_was_given_up_too_early_is_ended_and_does_not_run(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    lost = await lose(hurried, gateway, asked)
    gone = await becomes(hurried, lost.id, is_error)
    again = await send(hurried, asked)
    assert run_the_wrapper(lost) == 0
    assert not Path(lost.run_directory, "wrapper.json").exists()
    late = Submitted(native_id="7", submitted_at=START)
    assert await hurried.acknowledger.acknowledge(lost.id, late) == gone
    await eventually(lambda: gateway.cancelled)
    assert gateway.cancelled == ["7"]
    assert [job.native_id for job in gateway.tracked] == [again.native_id]


async def test_what_started_between_two_looks_is_not_given_up(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any], monkeypatch: Any
) -> None:
    lost = await lose(hurried, gateway, asked)

    def start_first(directory: Path, **what: str) -> bool:
        assert run_the_wrapper(lost) == 0
        return withdraw(directory, **what)

    monkeypatch.setattr(lookup, "withdraw", start_first)
    found = await becomes(hurried, lost.id, has_id)
    assert (found.native_id, found.phase) == ("7", "QUEUED")
    assert await hurried.store.intent(KEY) is not None


def run_the_wrapper(record: JobRecord) -> int:
    """Let the batch system start a job after all, as number 7."""
    script = Path(record.run_directory, "run.sh")
    environment = {"BATCH_NATIVE_ID": "7"}
    return subprocess.run(["/bin/sh", script], env=environment, timeout=30, check=False).returncode


async def test_one_look_and_a_silent_gateway_prove_nothing(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    hurried.look_up.proof = timedelta(milliseconds=1)
    silent = GatewayUnreachable("down")
    gateway.look_up_answers = [None, silent, None, ValueError("a mistake"), None, *[silent] * 500]
    lost = await lose(hurried, gateway, asked)
    await eventually(lambda: len(gateway.looked_up) > 10)
    now = await hurried.store.get(lost.id)
    assert now is not None and now.phase == "UNKNOWN"


async def test_without_a_history_absence_is_never_proven(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.history = False
    hurried.look_up.proof = timedelta(0)
    lost = await lose(hurried, gateway, asked)
    await eventually(lambda: len(gateway.looked_up) > 10)
    now = await hurried.store.get(lost.id)
    assert now is not None and now.phase == "UNKNOWN"
    assert await hurried.store.intent(KEY) is not None


async def test_a_mistake_of_the_adapter_is_a_lost_answer(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.submit_errors.append(KeyError("job_id"))
    gateway.look_up_answers = [Observation(native_id="9", phase="QUEUED")]
    lost = await send(hurried, asked)
    assert lost.phase == "UNKNOWN"
    assert (await becomes(hurried, lost.id, has_id)).native_id == "9"


async def test_a_job_that_the_store_cannot_take_is_not_called_unsubmitted(
    hurried: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    damage: Callable[[bool], None],
) -> None:
    gateway.look_up_answers = [Observation(native_id="101", phase="QUEUED")] * 100
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(hurried, asked))
    await gateway.submitting.wait()
    damage(True)
    gateway.may_submit.set()
    record = await sending
    assert (record.phase, record.reason) == ("UNKNOWN", "answer_lost")
    damage(False)
    found = await becomes(hurried, record.id, has_id)
    assert (found.native_id, found.phase) == ("101", "QUEUED")
    assert (await send(hurried, asked)).id == record.id
    assert len(gateway.launches) == 1


@pytest.fixture
def damage(service: BatchService) -> Callable[[bool], None]:
    """Make the tables unfindable and bring them back, as a disk that goes away and comes back."""

    def switch(is_away: bool) -> None:
        names = ("jobs", "jobs_away") if is_away else ("jobs_away", "jobs")
        with sqlite3.connect(service.store.path) as connection:
            connection.execute("ALTER TABLE {} RENAME TO {}".format(*names))

    return switch


async def test_a_refusal_that_the_store_cannot_take_frees_the_key_when_it_can(
    hurried: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    damage: Callable[[bool], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(takeback, "PAUSE_SECONDS", 0.01)
    gateway.submit_errors.append(GatewayRefused("no"))
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(hurried, asked))
    await gateway.submitting.wait()
    damage(True)
    gateway.may_submit.set()
    with pytest.raises(GatewayRefused):
        await sending
    damage(False)
    await key_is_free(hurried)
    assert gateway.looked_up == [], "there is nothing to be found"
    assert (await send(hurried, asked)).phase == "QUEUED"


async def test_a_lost_answer_that_the_store_cannot_take_is_stored_when_it_can(
    hurried: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    damage: Callable[[bool], None],
) -> None:
    gateway.history = False
    gateway.submit_errors.append(AnswerLost("no answer"))
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(hurried, asked))
    await gateway.submitting.wait()
    damage(True)
    gateway.may_submit.set()
    lost = await sending
    damage(False)
    await becomes(hurried, lost.id, lambda now: now.phase == "UNKNOWN")
    assert (await send(hurried, asked)).id == lost.id, "not in flight for ever"


async def test_cancel_while_unknown_is_done_on_discovery(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(acknowledge, "_RETRY_SECONDS", 0.01)
    gateway.look_up_answers = [GatewayUnreachable("down")] * 1000
    lost = await lose(hurried, gateway, asked)
    result = await hurried.actor.cancel(lost.id)
    assert (result.outcome, result.row.substate, gateway.cancelled) == ("ok", "cancelling", [])
    assert result.message
    gateway.cancel_errors = [GatewayUnreachable("down"), GatewayUnreachable("down")]
    gateway.look_up_answers = [Observation(native_id="7", phase="EXECUTING")]
    await eventually(lambda: gateway.nudged)
    assert gateway.cancelled == ["7", "7", "7"]


async def test_cancel_while_unknown_of_a_job_that_never_was(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    lost = await lose(hurried, gateway, asked)
    await hurried.actor.cancel(lost.id)
    gone = await becomes(hurried, lost.id, lambda now: now.phase == "ABORTED")
    assert (gone.reason, gone.substate) == ("cancelled_by_user", None)
    assert gateway.cancelled == []


async def test_a_cancel_that_is_refused_on_discovery_is_told(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.look_up_answers = [GatewayUnreachable("down")] * 1000  # or it is proven absent first
    lost = await lose(hurried, gateway, asked)
    await hurried.actor.cancel(lost.id)
    gateway.cancel_errors = [GatewayRefused("not yours")]
    gateway.look_up_answers = [Observation(native_id="7", phase="EXECUTING")]
    told = await becomes(hurried, lost.id, lambda now: has_id(now) and not now.cancel_requested)
    assert told.substate is None
    assert told.reason_text is not None and "not yours" in told.reason_text
