"""A store that goes away or breaks under a running server, which goes on with what folders tell."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable, StoreUnavailable
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.rebuild import Rebuilder
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.evidence import claim, wrap
from tests.service.waiting import all_jobs, becomes, eventually, run_directories, send


async def test_a_store_that_goes_away_under_a_running_server_is_rebuilt(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "101")
    service.store.path.unlink()
    assert (await send(service, asked)).id == record.id
    service.store.path.write_bytes(b"this is no database" * 100)
    await service.reconcile()
    assert set(await all_jobs(service)) == {record.id}
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    await becomes(service, record.id, lambda now: now.phase == "COMPLETED")
    assert len(gateway.launches) == 1


async def test_damage_that_is_met_under_a_running_server_is_mended(
    service: BatchService, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "101")
    path = service.store.path
    with sqlite3.connect(path) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs'"
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)

    async def look() -> None:
        while not await service.store.put_aside():
            # What another server writes makes this one read the file again.
            with suppress(sqlite3.DatabaseError), sqlite3.connect(path) as connection:
                connection.execute("UPDATE meta SET value = value")
            with suppress(StoreUnavailable):
                await service.store.active()

    await asyncio.wait_for(look(), 10)
    await service.rebuilder.ensure()
    assert (await send(service, asked)).id == record.id
    assert set(await all_jobs(service)) == {record.id}


async def test_a_store_that_vanishes_under_a_running_server_is_noticed_by_whoever_looks(
    service: BatchService, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    service.store.path.unlink()
    await service.store.active()
    await becomes(service, record.id, lambda now: now.reason == "answer_lost")


async def test_a_job_that_was_cancelled_is_no_failure_after_a_rebuild(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    claim(record, "101")
    wrap(record, "101", exit_code=143)
    gateway.states = [Observation(native_id="101", phase="EXECUTING", substate="completing")]
    service.store.path.unlink()
    await service.reconcile()
    await becomes(service, record.id, lambda now: now.phase == "ERROR")
    gateway.states = [Observation(native_id="101", phase="ABORTED", reason="cancelled_by_user")]
    await becomes(service, record.id, lambda now: now.phase == "ABORTED")


async def test_a_cancel_outlives_the_store_and_a_batch_system_that_forgot_it(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    service.look_up.pauses_seconds = (0.01,)
    running = await send(service, asked)
    waiting = await send(service, asked, "key-of-the-other-job")
    gone_on = await send(service, asked, "key-of-one-that-goes-on")
    for record in (running, waiting):
        await service.actor.cancel(record.id)
    gateway.cancel_errors = [GatewayRefused("no")]
    await service.actor.cancel(gone_on.id)
    claim(running, "101")
    wrap(running, "101", exit_code=143)
    claim(gone_on, "103")
    wrap(gone_on, "103", exit_code=None)
    gateway.cancelled.clear()
    gateway.look_up_answers = [Observation(native_id="102", phase="QUEUED")]
    service.store.path.unlink()
    await service.reconcile()
    over = await becomes(service, running.id, lambda now: now.phase == "ABORTED")
    assert over.reason == "cancelled_by_user"
    await becomes(service, waiting.id, lambda now: now.cancel_requested)
    await eventually(lambda: gateway.cancelled == ["102"])
    after = await service.store.get(gone_on.id)
    assert after is not None and not after.cancel_requested


async def test_the_end_of_a_later_job_with_the_same_id_is_not_taken_for_that_of_a_forgotten_one(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(service, "verdicts", replace(service.verdicts, pauses_seconds=[0.0]))
    record = await send(service, asked)
    other = await send(service, asked, "key-of-the-other-job")
    for one in (record, other):
        claim(one, str(one.native_id))
        wrap(one, str(one.native_id), exit_code=143)
    gateway.states = [
        Observation(native_id="101", phase="ABORTED", reason="cancelled_by_user", tag="jlb:later"),
        Observation(native_id="102", phase="ABORTED", reason="cancelled_by_user", tag=other.tag),
    ]
    service.store.path.unlink()
    await service.reconcile()
    await becomes(service, other.id, lambda now: now.phase == "ABORTED")
    failed = await becomes(service, record.id, lambda now: now.phase != "UNKNOWN")
    assert (failed.phase, failed.reason) == ("ERROR", "signal")


async def test_how_many_jobs_ended_is_asked_in_parts_and_again_after_a_silence(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "verdicts", replace(service.verdicts, pauses_seconds=[0.0] * 3))
    records = [await send(service, asked, f"key-of-the-job-{n:02}") for n in range(25)]
    for record in records:
        claim(record, str(record.native_id))
        wrap(record, str(record.native_id), exit_code=143)
    parts: list[int] = []

    async def look_at(native_ids: Sequence[str]) -> list[Observation]:
        parts.append(len(native_ids))
        if len(parts) == 2:
            raise GatewayUnreachable("down")
        return [
            Observation(native_id=one, phase="ABORTED", reason="cancelled_by_user")
            for one in native_ids
        ]

    monkeypatch.setattr(gateway, "look_at", look_at)
    service.store.path.unlink()
    await service.reconcile()
    for record in records:
        await becomes(service, record.id, lambda now: now.phase == "ABORTED")
    assert parts == [10, 10, 10, 5]


async def test_what_a_rebuild_under_a_running_server_cannot_know_is_looked_up(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    service.look_up.pauses_seconds = (0.01,)
    record = await send(service, asked)
    gateway.look_up_answers = [Observation(native_id="101", phase="QUEUED")]
    service.store.path.unlink()
    await service.reconcile()
    found = await becomes(service, record.id, lambda now: now.native_id is not None)
    assert (found.native_id, gateway.looked_up) == ("101", [record.tag])


async def test_an_id_that_only_the_watcher_knows_is_not_lost_with_the_store(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.look_up_answers = [GatewayUnreachable("down")] * 100
    record = await send(service, asked)
    service.store.path.unlink()
    await service.reconcile()
    unknown = await service.store.get(record.id)
    assert unknown is not None and unknown.native_id is None
    gateway.see(Observation(native_id="101", phase="EXECUTING"))
    found = await becomes(service, record.id, lambda now: now.phase == "EXECUTING")
    assert found.native_id == "101"


async def test_a_store_that_goes_away_while_a_job_is_sent_knows_it_all_the_same(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.may_submit.clear()
    sending = asyncio.create_task(send(service, asked))
    await gateway.submitting.wait()
    service.store.path.unlink()
    gateway.may_submit.set()
    record = await sending
    assert (record.phase, record.native_id) == ("QUEUED", "101")
    await service.reconcile()
    assert set(await all_jobs(service)) == {record.id}
    assert ((await send(service, asked)).id, len(gateway.launches)) == (record.id, 1)


async def test_what_a_job_waits_for_is_known_again_before_that_is_checked(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await send(service, asked)
    claim(first, "101")
    service.store.path.unlink()
    waits = submission(depends_on=[{"job_id": first.id, "when": "finished"}])
    await send(service, waits, "key-of-another-job")
    assert [one.native_id for one in gateway.launches[-1].awaited] == ["101"]


async def test_nothing_is_begun_in_a_store_that_took_the_place_of_the_one_that_was_asked(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    record = await send(service, asked)
    claim(record, "101")

    async def vanish(spec: JobSpec) -> list[Issue]:
        service.store.path.unlink()
        return []

    async def let_pass(rebuilder: Rebuilder) -> None:
        """Find a store that knows all jobs, just before it vanishes."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateway, "check", vanish)
        service.store.on_damage(lambda: None)
        with pytest.MonkeyPatch.context() as later:
            later.setattr(Rebuilder, "ensure", let_pass)
            later.setattr(Rebuilder, "begin", lambda _: None)
            with pytest.raises(StoreUnavailable, match="Nothing was submitted"):
                await send(service, asked, "key-of-another-job")
        assert (await send(service, asked)).id == record.id
    assert (len(gateway.launches), len(run_directories(root))) == (1, 1)
