"""What there is, and what changed since."""

from __future__ import annotations

import glob
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import JobCounts
from jupyterlab_batch.domain.problems import StoreChanged, UnknownJob
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.listing import LOOKING_SECONDS, Interest
from jupyterlab_batch.store import jobs as sql
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.records import job_record
from tests.service.waiting import sees, send

ALL = JobFilter()


async def add(service: BatchService, **fields: Any) -> JobRecord:
    record = (await service.store.begin(job_record(**fields), "digest")).record
    assert record is not None
    return record


async def test_a_list_comes_in_windows_and_each_job_once(service: BatchService) -> None:
    added = {(await add(service, name=f"job {number}")).id for number in range(7)}
    seen: list[str] = []
    cursor = None
    for expected in (3, 3, 1):
        window = await service.listing.jobs(ALL, Order(cursor=cursor), limit=3)
        assert (len(window.rows), window.total) == (expected, 7)
        seen += [row.id for row in window.rows]
        cursor = window.cursor
    assert cursor is None
    assert set(seen) == added and len(seen) == 7
    assert seen == sorted(seen, reverse=True)


async def test_a_job_that_comes_between_two_windows_moves_no_other(service: BatchService) -> None:
    for number in range(4):
        await add(service, id=f"{number:026}")
    first = await service.listing.jobs(ALL, Order(), limit=2)
    await add(service, id=f"{9:026}")
    second = await service.listing.jobs(ALL, Order(cursor=first.cursor), limit=2)
    assert [int(row.id) for row in (*first.rows, *second.rows)] == [3, 2, 1, 0]


async def test_counts_are_of_all_jobs_whatever_the_filter(service: BatchService) -> None:
    for phase in ("QUEUED", "EXECUTING", "ERROR", "UNKNOWN", "COMPLETED", "ABORTED"):
        await add(service, phase=phase)
    window = await service.listing.jobs(JobFilter(group="needs_you"), Order(), limit=50)
    assert window.total == 2
    assert window.counts == JobCounts(needs_you=2, running=1, queued=1, finished=2)


async def test_what_finished_since_the_day_began_is_counted(service: BatchService) -> None:
    night = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=-8)))
    for hours, phase in ((-1, "COMPLETED"), (0, "ABORTED"), (9, "COMPLETED"), (9, "ERROR")):
        await add(service, phase=phase, ended_at=night + timedelta(hours=hours))
    await add(service, phase="COMPLETED")
    window = await service.listing.jobs(ALL, Order(), limit=1, day_start=night)
    assert (window.counts.finished, window.finished_today) == (4, 2)
    changes = await service.listing.changes(0, window.store_id, day_start=night)
    assert changes.finished_today == 2
    assert (await service.listing.jobs(ALL, Order(), limit=1)).finished_today is None


async def test_changes_lead_from_one_list_to_the_next(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    before = await service.listing.jobs(ALL, Order(), limit=50)
    record = await send(service, asked)
    record = await sees(service, gateway, record, phase="EXECUTING")
    changes = await service.listing.changes(before.seq, before.store_id)
    assert [row.phase for row in changes.rows] == ["EXECUTING"]
    assert changes.counts.running == 1 and not changes.more
    nothing = await service.listing.changes(changes.seq, changes.store_id)
    assert (nothing.rows, nothing.seq) == ([], changes.seq)
    after = await service.listing.jobs(ALL, Order(), limit=50)
    assert (after.seq, after.rows) == (changes.seq, changes.rows)


async def test_many_changes_come_in_parts(
    service: BatchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "CHANGES_AT_ONCE", 2)
    added = [(await add(service)).id for _ in range(5)]
    store_id, since, seen, more = await service.store.store_id(), 0, [], True
    while more:
        changes = await service.listing.changes(since, store_id)
        seen += [row.id for row in changes.rows]
        since, more = changes.seq, changes.more
    assert seen == added


@pytest.mark.parametrize("store_id", ["", "0" * 32, "another"])
async def test_another_store_means_list_again(service: BatchService, store_id: str) -> None:
    with pytest.raises(StoreChanged):
        await service.listing.changes(0, store_id)


async def test_a_number_of_the_future_means_list_again(service: BatchService) -> None:
    with pytest.raises(StoreChanged):
        await service.listing.changes(10**6, await service.store.store_id())


async def test_what_was_seen_needs_nobody_any_more(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    failed = await sees(service, gateway, record, phase="ERROR", exit_code=1)
    assert (await service.listing.mark_seen(failed.revision - 1)).needs_you == 1
    assert (await service.listing.mark_seen(failed.revision)).needs_you == 0
    assert (await service.listing.job(record.id)).seen


async def test_a_failure_that_comes_later_is_not_seen_with_the_others(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await send(service, asked)
    second = await send(service, asked, key="other-0123456789")
    shown = await sees(service, gateway, first, phase="ERROR", exit_code=1)
    await sees(service, gateway, second, phase="ERROR", exit_code=1)
    assert (await service.listing.mark_seen(shown.revision)).needs_you == 1


async def test_a_job_is_described_with_its_files(
    service: BatchService, root: Path, tmp_path: Path
) -> None:
    (root / "out.ipynb").write_text("{}")
    outputs = (str(root / "out.ipynb"), str(tmp_path / "elsewhere.ipynb"), "/x" * 3000)
    record = await add(service, outputs=outputs, run_directory=str(root / "batch-jobs" / "one"))
    job = await service.listing.job(record.id)
    assert [(o.contents_path, o.size_bytes) for o in job.outputs] == [
        ("out.ipynb", 2),
        (None, None),
        (None, None),
    ]
    assert (job.run_contents_path, job.owner, job.attempt) == ("batch-jobs/one", "me", 1)
    assert job.spec == record.spec


@pytest.mark.parametrize("phase", ["EXECUTING", "COMPLETED"])
async def test_names_that_stand_for_many_are_looked_up_when_the_job_is_over(
    service: BatchService, root: Path, phase: str
) -> None:
    folder = root / "run[1]"
    folder.mkdir()
    for name in ("b.fits", "a.fits", "a.txt"):
        (folder / name).write_text("12")
    (folder / "c.fits").mkdir()
    named = f"{glob.escape(str(folder))}/*.fits"
    none = f"{glob.escape(str(folder))}/?.csv"
    record = await add(service, outputs=(named, none), phase=phase)
    job = await service.listing.job(record.id)
    there = [("run[1]/a.fits", 2), ("run[1]/b.fits", 2)]
    missing = ("run[1]/?.csv", None)
    expected = [*there, missing] if phase == "COMPLETED" else [("run[1]/*.fits", None), missing]
    assert [(one.contents_path, one.size_bytes) for one in job.outputs] == expected


async def test_a_job_of_nobody(service: BatchService) -> None:
    with pytest.raises(UnknownJob):
        await service.listing.job("0" * 26)


async def test_gateways_are_told_who_looks_and_asked_nothing(
    service: BatchService, gateway: FakeGateway
) -> None:
    now = 0.0
    interest = Interest(service.gateways, clock=lambda: now)
    interest.look()
    interest.look()
    now = LOOKING_SECONDS
    interest.expire()
    assert gateway.interests == [True]
    now += 1
    interest.expire()
    interest.expire()
    assert gateway.interests == [True, False]
    interest.look()
    assert gateway.interests == [True, False, True]


async def test_jobs_are_found_by_their_tags(service: BatchService) -> None:
    tags: list[dict[str, str]] = [{"Lens": "", "project": "rubin"}, {"lens": "2"}, {"lenses": ""}]
    for number, given in enumerate(tags):
        spec = msgspec.structs.replace(job_record().spec, tags=given)
        await add(service, name=f"job {number}", spec=spec)
    await add(service, name="none")

    async def names(tag: str) -> list[str]:
        window = await service.listing.jobs(JobFilter(tags=(tag,)), Order(), limit=50)
        assert window.total == len(window.rows)
        return sorted(row.name for row in window.rows)

    assert await names("lens") == ["job 0", "job 1"]
    assert await names("LENS=2") == ["job 1"]
    assert await names("project=rubin") == ["job 0"]
    assert await names("project=rub") == await names("roject") == await names("%") == []
    (row,) = (await service.listing.jobs(JobFilter(tags=("lenses",)), Order(), limit=1)).rows
    assert row.tags == {"lenses": ""}
