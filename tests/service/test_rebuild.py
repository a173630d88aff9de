"""A store that was lost is made again from run directories, before anything is sent."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.domain.problems import (
    GatewayRefused,
    GatewayUnreachable,
    KeyReused,
    StoreUnavailable,
)
from jupyterlab_batch.engine import jobfile
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.gateways.base import Observation
from jupyterlab_batch.service import rebuild
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY, Make
from tests.service.evidence import claim, wrap
from tests.service.waiting import becomes, eventually, run_directories, send

Break = Callable[[Path], object]
WAYS: dict[str, Break] = {
    "removed": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"this is no database" * 100),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-8192]),
    "overwritten": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40_000),
}


async def all_jobs(service: BatchService) -> dict[str, JobRecord]:
    window = await service.store.window(JobFilter(), Order(), limit=500)
    return {record.id: record for record in window.records}


@pytest.mark.parametrize("way", WAYS)
async def test_the_same_key_answers_with_the_same_job(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], way: str
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    before = await first.store.store_id()
    await first.stop()
    claim(record, "101")
    content = first.store.path.read_bytes()
    WAYS[way](first.store.path)
    broken = first.store.path.read_bytes() if way != "removed" else None

    second = make()
    await second.start()
    again = await send(second, asked)
    assert (again.id, again.native_id, len(gateway.launches)) == (record.id, "101", 1)
    assert await second.store.store_id() != before
    with pytest.raises(KeyReused):
        await send(second, {**asked, "gateway_id": "other"})
    aside = await second.store.put_aside()
    if way in {"removed", "empty"}:
        assert aside == []
    else:
        assert [file.read_bytes() for file in aside] == [broken] and broken != content


async def test_each_job_becomes_what_its_run_directory_proves(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    names = ("done", "failed", "running", "claimed", "silent", "given-up")
    sent = {name: await send(first, asked, f"key-of-job-{name:_<16}") for name in names}
    await first.stop()
    for native_id, name in enumerate(names[:4]):
        claim(sent[name], str(native_id))
    wrap(sent["done"], "0", exit_code=0)
    wrap(sent["failed"], "1", exit_code=3)
    wrap(sent["running"], "2", exit_code=None)
    lost = sent["given-up"]
    assert withdraw(Path(lost.run_directory), nonce=lost.nonce, key=lost.key)
    first.store.path.unlink()
    gateway.tracked.clear()
    gateway.look_up_answers = [Observation(native_id="4", phase="QUEUED")]

    second = make()
    second.look_up.pauses_seconds = (0.01,)
    await second.start()
    await becomes(second, sent["silent"].id, lambda now: now.native_id == "4")
    jobs = await all_jobs(second)
    assert {name: (jobs[r.id].phase, jobs[r.id].reason) for name, r in sent.items()} == {
        "done": ("COMPLETED", None),
        "failed": ("ERROR", "exit_nonzero"),
        "running": ("EXECUTING", None),
        "claimed": ("QUEUED", None),
        "silent": ("QUEUED", None),
        "given-up": ("ERROR", "lost"),
    }
    assert jobs[sent["failed"].id].exit_code == 3
    assert {job.native_id for job in gateway.tracked} == {"2", "3", "4"}
    assert gateway.looked_up == [sent["silent"].tag]
    assert await second.store.intent(lost.key) is None
    assert jobs[sent["failed"].id].seen and jobs[lost.id].seen


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


async def test_nothing_is_begun_in_a_store_that_took_the_place_of_the_one_that_was_asked(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    record = await send(service, asked)
    claim(record, "101")

    async def vanish(spec: JobSpec) -> list[Issue]:
        service.store.path.unlink()
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateway, "check", vanish)
        patch.setattr(service.rebuilder, "begin", lambda: None)
        service.store.on_damage(lambda: None)
        with pytest.raises(StoreUnavailable, match="Nothing was submitted"):
            await send(service, asked, "key-of-another-job")
    assert (len(gateway.launches), len(run_directories(root))) == (1, 1)
    assert (await send(service, asked)).id == record.id


async def test_nothing_is_sent_while_it_is_rebuilt(
    make: Make,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_read = threading.Event()
    read = jobfile.read_origins

    def read_late(run_root: Path) -> Any:
        assert may_read.wait(30)
        return read(run_root)

    monkeypatch.setattr(rebuild, "read_origins", read_late)
    service = make()
    service.rebuilder.patience_seconds = 0.01
    starting = asyncio.create_task(service.start())
    try:
        with pytest.raises(StoreUnavailable, match="Nothing was submitted") as caught:
            await send(service, asked)
        assert caught.value.retry_after_seconds
        assert (gateway.launches, run_directories(service.rebuilder.run_roots[0].parent)) == (
            [],
            [],
        )
    finally:
        may_read.set()
        await starting
    assert (await send(service, asked)).phase == "QUEUED"


async def test_run_directories_are_read_once_per_store(
    make: Make, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    monkeypatch.delattr(rebuild, "read_origins")
    second = make()
    await second.start()
    assert (await send(second, asked)).id == record.id


async def test_what_is_not_ours_or_nonsense_is_passed_over(
    make: Make, tmp_path: Path, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    directory = Path(record.run_directory)
    shutil.copytree(directory, directory.with_name("a-copy"))
    for name, content in {"junk": b"{", "wrong": b"{}", "deep": b"[" * 50_000}.items():
        shutil.copytree(directory, directory.with_name(f"{name}-{record.id[-6:]}"))
        directory.with_name(f"{name}-{record.id[-6:]}").joinpath("job.json").write_bytes(content)
    elsewhere = tmp_path / directory.name
    shutil.copytree(directory, elsewhere)
    job = json.loads((elsewhere / "job.json").read_bytes())
    job.update(key="key-of-somebody-else", job_id="0" * 26, tag="jlb:" + "0" * 26)
    (elsewhere / "job.json").write_text(json.dumps(job))
    directory.with_name("x-000000").symlink_to(elsewhere)
    directory.with_name("a-file").touch()
    first.store.path.unlink()
    second = make()
    await second.start()
    assert set(await all_jobs(second)) == {record.id}


async def test_a_run_directory_without_a_digest_still_knows_its_submission(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    path = Path(record.run_directory, "job.json")
    job = json.loads(path.read_bytes())
    del job["digest"], job["outputs"]
    path.write_text(json.dumps(job))
    first.store.path.unlink()
    second = make()
    await second.start()
    known = await second.store.intent(KEY)
    assert known is not None and known.job_id == record.id
    assert (await send(second, asked)).id == record.id
    assert len(gateway.launches) == 1


async def test_a_damaged_store_is_said_until_its_file_is_deleted(
    make: Make, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    assert (await first.described())[0].notices == []
    await send(first, asked)
    await first.stop()
    first.store.path.write_bytes(b"this is no database" * 100)
    second = make()
    await second.start()
    (aside,) = await second.store.put_aside()
    (notice,) = (await second.described())[0].notices
    assert str(aside) in notice and "Delete" in notice
    aside.unlink()
    assert (await second.described())[0].notices == []
