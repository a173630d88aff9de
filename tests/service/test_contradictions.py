"""What is believed when the claim of a run directory and the batch system contradict each other.

The claim comes first: only the native id that it names can run there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.gateways.observation import Gone, Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.evidence import claim, wrap
from tests.service.waiting import becomes, eventually, key_is_free, send


@pytest.fixture
def hurried(service: BatchService) -> BatchService:
    """Looks lost answers up at once."""
    service.look_up.pauses_seconds = (0.01,)
    return service


def moved_to(native_id: str) -> Any:
    return lambda now: now.native_id == native_id


async def test_of_two_ids_of_a_lost_answer_it_is_the_one_that_claimed(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.history = False
    gateway.submit_errors.append(AnswerLost("no answer"))
    lost = await send(hurried, asked)
    claim(lost, "8")
    gateway.look_up_answers = [Observation(native_id="7", phase="QUEUED", tag=lost.tag)] * 100
    found = await becomes(hurried, lost.id, lambda now: now.native_id is not None)
    assert found.native_id == "8"
    assert [job.native_id for job in gateway.tracked] == ["8"]


async def test_one_that_was_found_by_its_tag_is_followed_where_it_runs(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.look_up_answers = [Observation(native_id="7", phase="QUEUED")]
    gateway.submit_errors.append(AnswerLost("no answer"))
    lost = await send(hurried, asked)
    await becomes(hurried, lost.id, moved_to("7"))
    claim(lost, "8")
    wrap(lost, "8", exit_code=None)
    runs = await becomes(hurried, lost.id, moved_to("8"))
    assert (runs.phase, runs.reason) == ("EXECUTING", None)
    assert runs.started_at is not None
    assert [job.native_id for job in gateway.tracked] == ["7", "8"]
    # The other one starts at last, and ends as a duplicate.
    gateway.see(Observation(native_id="7", phase="COMPLETED", exit_code=0, tag=lost.tag))
    gateway.see(Observation(native_id="8", phase="ERROR", exit_code=3, tag=lost.tag))
    over = await becomes(hurried, lost.id, lambda now: now.ended_at is not None)
    assert (over.phase, over.reason, over.exit_code) == ("ERROR", "exit_nonzero", 3)
    assert len(gateway.launches) == 1


@pytest.mark.parametrize("exit_code", [None, 0, 3])
async def test_the_end_of_a_duplicate_is_not_the_end_of_the_job(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], exit_code: int | None
) -> None:
    record = await send(service, asked)
    claim(record, "99")
    wrap(record, "99", exit_code=exit_code)
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    moved = await becomes(service, record.id, moved_to("99"))
    assert moved.ended_at is None
    gateway.see(Observation(native_id="99", phase="COMPLETED", exit_code=exit_code))
    over = await becomes(service, record.id, lambda now: now.ended_at is not None)
    assert over.phase == ("ERROR" if exit_code else "COMPLETED")


async def test_what_the_user_cancelled_is_cancelled_where_it_runs(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    await service.actor.cancel(record.id)
    claim(record, "99")
    gateway.see(Observation(native_id="101", phase="ABORTED", reason="cancelled_by_user"))
    moved = await becomes(service, record.id, moved_to("99"))
    assert moved.ended_at is None
    await eventually(lambda: gateway.cancelled == ["101", "99"])
    gateway.see(Observation(native_id="99", phase="ABORTED", reason="cancelled_by_user"))
    await becomes(service, record.id, lambda now: now.phase == "ABORTED")


async def test_an_array_is_followed_where_its_tasks_run(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    asked["spec"]["array"] = {"kind": "index", "start": 0, "stop": 1, "step": 1}
    record = await send(service, asked)
    claim(record, "99")
    gateway.see(Observation(native_id="101", phase="EXECUTING"))
    await becomes(service, record.id, moved_to("99"))
    tasks = tuple(
        Observation(native_id=f"99_{index}", index=index, phase="COMPLETED", exit_code=0)
        for index in range(2)
    )
    gateway.see(Observation(native_id="99", phase="COMPLETED", exit_code=0, tasks=tasks))
    over = await becomes(service, record.id, lambda now: now.phase == "COMPLETED")
    assert over.array is not None and over.array.by_phase == {"COMPLETED": 2}


async def test_one_that_vanished_after_it_began_elsewhere_did_not_end_as_never_started(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "99")
    gateway.see(Gone(native_id="101"))
    await becomes(service, record.id, moved_to("99"))
    gateway.see(Gone(native_id="99"))
    lost = await becomes(service, record.id, lambda now: now.phase == "UNKNOWN")
    assert (lost.reason, lost.native_id) == ("lost", "99")


async def test_a_claimed_id_that_was_given_to_another_job_tells_nothing_of_ours(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "101")
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0, tag="jlb:other"))
    gateway.see(Gone(native_id="101"))
    lost = await becomes(service, record.id, lambda now: now.phase != "QUEUED")
    assert (lost.phase, lost.reason) == ("UNKNOWN", "lost")


async def test_a_submission_that_was_given_up_is_not_taken_up_by_its_tag(
    hurried: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.history = False
    gateway.submit_errors.append(AnswerLost("no answer"))
    lost = await send(hurried, asked)
    # A server that died before it could say so.
    assert withdraw(Path(lost.run_directory), nonce=lost.nonce, key=lost.key)
    gateway.look_up_answers = [Observation(native_id="7", phase="QUEUED", tag=lost.tag)]
    given_up = await becomes(hurried, lost.id, lambda now: now.phase == "ERROR")
    assert (given_up.reason, given_up.native_id) == ("lost", None)
    await eventually(lambda: gateway.cancelled == ["7"])
    await key_is_free(hurried)
    assert (await send(hurried, asked)).id != lost.id


async def test_a_rebuilt_store_believes_the_claim_before_what_another_run_wrote(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    claim(record, "8")
    wrap(record, "7", exit_code=0)
    first.store.path.unlink()
    gateway.look_up_answers = [Observation(native_id="7", phase="COMPLETED", tag=record.tag)] * 100
    second = make()
    await second.start()
    known = await becomes(second, record.id, lambda now: now.native_id is not None)
    assert (known.native_id, known.phase) == ("8", "QUEUED")
    assert gateway.looked_up == []
    gateway.see(Observation(native_id="8", phase="ERROR", exit_code=3))
    over = await becomes(second, record.id, lambda now: now.phase == "ERROR")
    assert over.exit_code == 3


async def test_one_that_waited_long_is_recognized_where_comments_are_overwritten(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    claim(record, "101")
    wrap(record, "101", exit_code=None, started_at=_later(record))
    first.store.path.unlink()
    second = make()
    await second.start()
    await becomes(second, record.id, lambda now: now.phase == "EXECUTING")
    submitted_at, tag = record.created_at, "the site's own"
    gateway.see(Observation(native_id="101", phase="COMPLETED", tag=tag, submitted_at=submitted_at))
    await becomes(second, record.id, lambda now: now.phase == "COMPLETED")


def _later(record: JobRecord) -> datetime:
    return record.created_at + timedelta(hours=2)
