"""A new server takes up what the one before left."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from jupyterlab_batch.domain.problems import KeyReused
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.observation import Gone, Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.intents import Intent
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.gateway import FakeGateway
from tests.fakes.records import job_record
from tests.service.conftest import Make
from tests.service.waiting import becomes, eventually, sees, send


async def fill(service: BatchService, *records: Any) -> None:
    store = Store(service.store.path)
    for record in records:
        await store.begin(record, "digest")
    await store.close()


async def test_running_jobs_are_followed(make: Make, gateway: FakeGateway) -> None:
    service = make()
    running = job_record(phase="EXECUTING", native_id="5")
    over = job_record(phase="COMPLETED", native_id="4")
    await fill(service, running, over)
    await service.start()
    assert [job.native_id for job in gateway.tracked] == ["5"]
    gateway.see(Observation(native_id="5", phase="COMPLETED", exit_code=0))
    await becomes(service, running.id, lambda now: now.phase == "COMPLETED")


async def test_a_job_that_another_server_submitted_is_followed_at_once(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    watching, other = make(), make(FakeGateway(gateway_id="fake"))
    await watching.start()
    watching.interest.look()
    await other.start()
    record = await send(other, asked)
    await other.stop()
    await eventually(lambda: [job.native_id for job in gateway.tracked] == [record.native_id])
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    await becomes(watching, record.id, lambda now: now.phase == "COMPLETED")


async def test_a_server_at_which_nobody_looks_rests(
    service: BatchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyterlab_batch.service.batch._NEWS_SECONDS", 0)
    stamp = AsyncMock(return_value=False)
    monkeypatch.setattr(Store, "is_behind", stamp)
    looking = asyncio.create_task(service._reconcile())
    for _ in range(20):  # so often it would have asked
        await asyncio.sleep(0)
    stamp.assert_not_awaited()
    service.interest.look()
    await eventually(lambda: stamp.await_count > 1)
    looking.cancel()


async def test_what_a_server_wrote_itself_is_no_news_to_it(
    make: Make, asked: dict[str, Any]
) -> None:
    service = make()
    await service.start()
    await send(service, asked)
    assert not await service.store.is_behind()


async def test_an_intent_without_an_answer_is_looked_up_and_not_sent(
    make: Make, gateway: FakeGateway
) -> None:
    gateway.look_up_answers = [Observation(native_id="7", phase="EXECUTING")]
    service = make()
    service.look_up.pauses_seconds = (0.01,)
    pending = job_record()
    await fill(service, pending)
    await service.start()
    found = await becomes(service, pending.id, lambda now: now.native_id is not None)
    assert found.native_id == "7"
    assert (gateway.looked_up, gateway.launches) == ([pending.tag], [])


async def test_a_submission_that_is_in_flight_is_left_alone(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    service = make()
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    await service.start()
    record = await service.store.get(gateway.launches[0].job_id)
    assert record is not None and record.phase == "PENDING"
    gateway.may_submit.set()
    assert (await sending).phase == "QUEUED"


async def test_an_intent_is_looked_up_also_if_its_client_sends_it_again_meanwhile(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.look_up_answers = [Observation(native_id="7", phase="QUEUED")]
    service = make()
    service.look_up.pauses_seconds = (0.01,)
    pending = job_record()
    await fill(service, pending)
    asks, may_know = asyncio.Event(), asyncio.Event()
    ask_store = service.store.begin_if_taken_up

    async def begin(roots: Sequence[Path], record: JobRecord, digest: str) -> Intent | None:
        asks.set()
        await may_know.wait()
        return await ask_store(roots, record, digest)

    monkeypatch.setattr(service.store, "begin_if_taken_up", begin)
    retry = asyncio.create_task(send(service, asked, pending.key))
    await asks.wait()
    await service.start()
    found = await becomes(service, pending.id, lambda now: now.native_id is not None)
    may_know.set()
    with pytest.raises(KeyReused):  # no digest of this test's is the right one
        await retry
    assert (found.native_id, gateway.launches) == ("7", [])


async def test_a_server_that_ends_while_submitting_leaves_an_intent_for_the_next(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(first, asked))
    await gateway.submitting.wait()
    await first.stop()
    await asyncio.gather(sending, return_exceptions=True)
    gateway.look_up_answers = [Observation(native_id="7", phase="QUEUED")]
    second = make()
    second.look_up.pauses_seconds = (0.01,)
    await second.start()
    found = await becomes(second, gateway.launches[0].job_id, lambda now: now.native_id is not None)
    assert (found.phase, len(gateway.launches)) == ("QUEUED", 1)


async def test_a_cancel_that_was_asked_for_is_done(make: Make, gateway: FakeGateway) -> None:
    service = make()
    await fill(service, job_record(phase="EXECUTING", native_id="5", cancel_requested=True))
    await service.start()
    await eventually(lambda: gateway.nudged)
    assert gateway.cancelled == ["5"]


async def test_a_store_that_is_away_at_the_start_is_taken_up_later(
    make: Make, gateway: FakeGateway
) -> None:
    service = make()
    service.look_up.pauses_seconds = (0.01,)
    service.look_up.proof = timedelta(milliseconds=20)
    pending = job_record()
    await fill(service, pending, job_record(phase="EXECUTING", native_id="5"))
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO jobs_away")
    await service.start()
    assert gateway.tracked == []
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs_away RENAME TO jobs")
    await service.reconcile()
    assert [job.native_id for job in gateway.tracked] == ["5"]
    await becomes(service, pending.id, lambda now: now.phase == "ERROR")


async def test_what_another_server_submits_is_followed_and_hinted_at(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], hints: list[tuple[str, int]]
) -> None:
    here, there = make(), make(FakeGateway(gateway_id="fake"))
    await here.start()
    record = await send(there, asked)
    await eventually(lambda: hints and not there.announcer.is_waiting)
    hints.clear()
    await here.reconcile()
    assert [job.native_id for job in gateway.tracked] == [record.native_id]
    assert hints[-1] == (await here.store.store_id(), record.revision)
    gateway.see(Gone(native_id="101"))
    await becomes(here, record.id, lambda now: now.phase == "ERROR")


class BrokenGateway(FakeGateway):
    """A stranger's adapter that does everything wrong."""

    async def start(self) -> None:
        raise KeyError("start")

    async def stop(self) -> None:
        raise KeyError("stop")

    def track(self, jobs: Any) -> None:
        raise KeyError("track")

    def set_interest(self, *, looking: bool) -> None:
        raise KeyError("interest")


async def test_a_broken_gateway_keeps_the_server_and_the_others_alive(make: Make) -> None:
    good = FakeGateway(gateway_id="good")
    service = make(BrokenGateway(gateway_id="fake"), good)
    await fill(
        service,
        job_record(phase="EXECUTING", native_id="5"),
        job_record(phase="EXECUTING", native_id="6", gateway_id="good"),
    )
    await service.start()
    await service.reconcile()
    assert {job.native_id for job in good.tracked} == {"6"}
    assert (await service.listing.changes(0, await service.store.store_id())).rows
    assert good.interests == [True]
    await service.stop()


async def test_a_gateway_that_is_not_configured_any_more_keeps_its_jobs(
    make: Make, gateway: JobGateway
) -> None:
    service = make()
    orphan = job_record(phase="EXECUTING", native_id="5", gateway_id="gone", run_directory="/")
    await fill(service, orphan, job_record(gateway_id="gone"))
    await service.start()
    told = 'No gateway "gone" is configured on this Jupyter server.'
    job = await service.listing.job(orphan.id)
    assert job.phase == "EXECUTING"
    assert (
        job.reason_text == f"{told} This is how the job was last known; it goes on where it runs."
    )
    listed = await service.listing.jobs(JobFilter(), Order(), limit=10)
    changes = await service.listing.changes(0, listed.store_id)
    for rows in (listed.rows, changes.rows):
        assert all((row.reason_text or "").startswith(told) for row in rows if row.id == orphan.id)
    result = await service.actor.cancel(orphan.id)
    assert (result.outcome, result.message) == ("error", f"{told} Nothing was done.")
    assert result.row is not None and result.row.revision == job.revision


async def test_one_that_is_configured_again_tells_of_its_jobs(
    make: Make, asked: dict[str, Any], gateway: FakeGateway
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    off = make(FakeGateway(gateway_id="another"))
    await off.start()
    assert "configured" in ((await off.listing.job(record.id)).reason_text or "")
    assert (await first.listing.job(record.id)).reason_text is None, "it has the gateway"
    record = await sees(first, gateway, record, phase="COMPLETED", exit_code=0)
    assert (await off.listing.job(record.id)).reason_text is None, "it is over"
