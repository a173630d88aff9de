"""From what a gateway sees to what the store knows, whatever goes wrong in between."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.gateways.observation import Gone, Observation, WatchEvent
from jupyterlab_batch.service import watch
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.waiting import becomes, eventually, sees, send


def write_status(record: JobRecord, **fields: Any) -> None:
    """Write what the wrapper of a job would."""
    now = datetime.now(timezone.utc).isoformat()
    content = {
        "nonce": record.nonce,
        "native_id": record.native_id,
        "attempt": 1,
        "host": "node1",
        "pid": 1,
        "started_at": now,
        "ended_at": None,
        "exit_code": None,
        **fields,
    }
    Path(record.run_directory, "wrapper.json").write_text(json.dumps(content))


def claim(record: JobRecord) -> None:
    content = {
        "nonce": record.nonce,
        "key": record.key,
        "native_id": record.native_id,
        "restart_count": 0,
    }
    Path(record.run_directory, "claim").write_text(json.dumps(content))


async def test_a_job_is_followed_to_its_end(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    record = await sees(service, gateway, record, phase="EXECUTING")
    record = await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    assert record.ended_at is not None
    assert service.watcher.active == []


async def test_a_job_that_is_gone_without_a_claim_is_lost(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    gateway.see(Gone(native_id="101"))
    lost = await becomes(service, record.id, lambda now: now.phase == "ERROR")
    assert (lost.reason, len(gateway.launches)) == ("lost", 1)


async def test_a_native_id_that_is_given_again_is_that_of_the_later_job(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await send(service, asked)
    gateway.give_again("101")
    second = await send(service, asked, "key-of-the-later-job")
    assert (first.native_id, second.native_id) == ("101", "101")
    forgotten = await becomes(service, first.id, lambda now: now.phase == "ERROR")
    assert forgotten.reason == "lost"
    await sees(service, gateway, second, phase="EXECUTING")
    assert [job.job_id for job in service.watcher.active] == [second.id]
    service.watcher.follow([first])
    await sees(service, gateway, second, phase="COMPLETED", exit_code=0)


@pytest.mark.parametrize(
    ("has_claim", "reason"), [(False, "launch_failed"), (True, "exit_nonzero")]
)
async def test_an_exit_code_of_a_job_that_never_started_is_not_its_own(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    has_claim: bool,
    reason: str,
) -> None:
    record = await send(service, asked)
    if has_claim:
        claim(record)
    over = await sees(service, gateway, record, phase="ERROR", reason="exit_nonzero", exit_code=1)
    assert (over.reason, over.exit_code) == (reason, 1)


async def test_what_is_said_of_another_job_with_the_same_native_id_is_not_taken(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    gateway.see(Observation(native_id="101", phase="COMPLETED", tag="jlb:another"))
    now = await sees(service, gateway, record, phase="EXECUTING", tag=record.tag)
    assert now.phase == "EXECUTING"


async def test_of_two_jobs_with_one_native_id_the_one_that_was_answered_last_has_it(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await send(service, asked)
    gateway.give_again("101")
    second = await send(service, asked, "key-of-the-later-job")
    assert first.submitted_at is not None
    answered_last = replace(first, submitted_at=first.submitted_at + timedelta(minutes=1))
    service.watcher.follow([answered_last, second])
    assert [job.job_id for job in service.watcher.active] == [first.id]


async def test_a_job_that_is_gone_with_a_claim_is_unknown_until_its_status_file_ends_it(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record)
    gateway.see(Gone(native_id="101"))
    unknown = await becomes(service, record.id, lambda now: now.phase == "UNKNOWN")
    assert unknown.reason == "lost"
    write_status(record, ended_at="2026-03-01T12:00:00Z", exit_code=0)
    await service.status_reader.look()
    over = await service.store.get(record.id)
    assert over is not None and over.phase == "COMPLETED"


async def test_the_status_file_starts_a_job_and_its_end_nudges_the_gateway(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    write_status(record)
    await becomes(service, record.id, lambda now: now.phase == "EXECUTING")
    assert gateway.nudged == []
    write_status(record, ended_at="2026-03-01T12:00:00Z", exit_code=0)
    await eventually(lambda: gateway.nudged)
    now = await service.store.get(record.id)
    assert now is not None and (now.phase, now.substate) == ("EXECUTING", "finishing")


async def test_an_end_that_a_batch_system_does_not_notice_is_told_a_minute_later(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = await send(service, asked)
    await sees(service, gateway, record, phase="EXECUTING")
    begun = datetime.now(timezone.utc)
    write_status(record, ended_at=f"{begun:%Y-%m-%dT%H:%M:%SZ}", exit_code=0)
    await becomes(service, record.id, lambda now: now.substate == "finishing")
    now = await service.store.get(record.id)
    assert now is not None and now.reason_text is None
    monkeypatch.setattr("jupyterlab_batch.service.ending._UNNOTICED", timedelta(0))
    told = await becomes(service, record.id, lambda now: now.reason_text is not None)
    assert told.phase == "EXECUTING" and "has not noticed" in (told.reason_text or "")
    assert told.native_id is not None
    gateway.see(
        Observation(
            native_id=told.native_id,
            phase="ERROR",
            reason="walltime",
            started_at=begun,
            ended_at=begun + timedelta(hours=1),
        )
    )
    over = await becomes(service, record.id, lambda now: is_final(now.phase))
    assert (over.phase, over.reason, over.exit_code) == ("COMPLETED", None, 0)


@pytest.mark.parametrize("place", ["folder", "fifo", "link", "garbage", "foreign", "huge"])
async def test_what_a_job_puts_in_place_of_its_status_file_is_not_believed(
    service: BatchService, asked: dict[str, Any], place: str, tmp_path: Path
) -> None:
    record = await send(service, asked)
    path = Path(record.run_directory, "wrapper.json")
    if place == "folder":
        path.mkdir()
    elif place == "fifo":
        os.mkfifo(path)
    elif place == "link":
        write_status(record)
        path.rename(tmp_path / "elsewhere.json")
        path.symlink_to(tmp_path / "elsewhere.json")
    elif place == "garbage":
        path.write_bytes(b"\xff{")
    elif place == "foreign":
        write_status(record, nonce="x" * 32)
    else:
        write_status(record, host="x" * 70_000)
    await service.status_reader.look()
    assert await service.store.get(record.id) == record


async def test_a_status_that_could_not_be_stored_is_read_again(
    service: BatchService, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO jobs_away")
    write_status(record)
    with pytest.raises(StoreUnavailable):
        await service.status_reader.look()
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs_away RENAME TO jobs")
    await becomes(service, record.id, lambda now: now.phase == "EXECUTING")


async def test_an_end_that_could_not_be_stored_is_stored_later(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(watch, "_FIRST_PAUSE_SECONDS", 0.01)
    record = await send(service, asked)
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO jobs_away")
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    await eventually(lambda: "cannot be used" in caplog.text)
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("ALTER TABLE jobs_away RENAME TO jobs")
    await becomes(service, record.id, lambda now: now.phase == "COMPLETED")


class ForgetfulGateway(FakeGateway):
    """Fails to watch the first times."""

    failures = 3
    watches = 0

    async def watch(self) -> AsyncIterator[WatchEvent]:
        self.watches += 1
        if self.watches <= self.failures:
            raise KeyError("a mistake")
        async for event in super().watch():
            yield event


async def test_a_gateway_that_fails_to_watch_is_watched_again_and_delays_no_other(
    make: Make, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_FIRST_PAUSE_SECONDS", 0.01)
    bad, good = ForgetfulGateway(gateway_id="fake"), FakeGateway(gateway_id="good")
    service = make(bad, good)
    await service.start()
    record = await send(service, asked)
    bad.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    other = await send(service, {**asked, "gateway_id": "good"}, key="other-0123456789")
    await sees(service, good, other, phase="EXECUTING")
    await becomes(service, record.id, lambda now: now.phase == "COMPLETED")
    assert bad.watches == 4


async def test_a_silent_gateway_changes_no_phase_and_says_since_when(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = await send(service, asked)
    known = await service.listing.jobs(JobFilter(), Order(), limit=50)
    told: list[int] = []
    service.store.on_change(lambda _, seq: told.append(seq))
    gateway.fall_silent()
    await eventually(lambda: told)
    changes = await service.listing.changes(known.seq, known.store_id)
    assert changes.rows == []
    assert changes.gateways_seq > known.seq, "who looks is told to list the gateways again"
    job = await service.listing.job(record.id)
    assert job.phase == "QUEUED"
    assert job.stale_since == (await gateway.describe()).health.as_of
    with monkeypatch.context() as patch:
        patch.setattr(gateway, "check", lambda _: pytest.fail("a key that was sent needs none"))
        assert await send(service, asked) == record
    gateway.is_ok = True
    await service.gateways.describe("fake", fresh=True)
    assert (await service.listing.job(record.id)).stale_since is None
