"""What the run directories take up, and their removal on request."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.waiting import becomes, run_directories, sees, send

OTHER = "key-of-another-job"


async def finished(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], key: str = OTHER
) -> JobRecord:
    record = await send(service, asked, key)
    return await sees(service, gateway, record, phase="COMPLETED", exit_code=0)


async def outcomes(service: BatchService, *job_ids: str) -> list[str]:
    return [result.outcome for result in await service.run_directories.remove(job_ids)]


async def test_they_are_listed_with_sizes_and_state(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    running = await send(service, asked)
    over = await finished(service, gateway, asked)
    forgotten = await finished(service, gateway, asked, "key-of-a-third-job")
    await service.retention.forget(forgotten.id)
    Path(over.run_directory, "tasks").mkdir()
    Path(over.run_directory, "tasks", "big").write_bytes(bytes(100_000))
    listed = await service.run_directories.window(cursor=None, limit=50)
    rows = {row.job_id: row for row in listed.rows}
    assert {i: (r.is_over, r.is_forgotten) for i, r in rows.items()} == {
        running.id: (False, False),
        over.id: (True, False),
        forgotten.id: (True, True),
    }
    small, big = rows[running.id].size_bytes, rows[over.id].size_bytes
    assert small and big and 100_000 < big < 100_000 + 2 * small
    assert rows[over.id].path == over.run_directory and rows[over.id].name == "Count"
    assert listed.cursor is None


async def test_windows_come_one_after_the_other(
    service: BatchService, asked: dict[str, Any]
) -> None:
    sent = {(await send(service, asked, f"key-number-{n:010}")).id for n in range(5)}
    seen: list[str] = []
    cursor = None
    while True:
        listed = await service.run_directories.window(cursor=cursor, limit=2)
        seen += [row.job_id for row in listed.rows]
        cursor = listed.cursor
        if cursor is None:
            break
    assert len(seen) == 5 and set(seen) == sent


async def test_only_those_of_jobs_that_are_over_are_removed(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    running = await send(service, asked)
    over = await finished(service, gateway, asked)
    forgotten = await finished(service, gateway, asked, "key-of-a-third-job")
    await service.retention.forget(forgotten.id)
    ids = (running.id, over.id, forgotten.id, "0" * 26, over.id)
    assert await outcomes(service, *ids) == ["denied", "ok", "ok", "not_found"]
    assert run_directories(root) == [Path(running.run_directory)]
    assert await service.store.get(over.id) == over, "the record stays"
    assert await outcomes(service, over.id) == ["not_found"]
    assert (await send(service, asked, OTHER)).id == over.id, "the key stays"


async def test_a_job_that_nobody_can_find_keeps_its_run_directory(
    service: BatchService, asked: dict[str, Any], root: Path
) -> None:
    record = await send(service, asked)
    await service.store.update(record.id, lambda _: {"phase": "UNKNOWN"})
    assert await outcomes(service, record.id) == ["denied"]
    assert run_directories(root) == [Path(record.run_directory)]


async def test_after_a_lost_store_a_running_job_keeps_its_run_directory(
    make: Make, asked: dict[str, Any], root: Path
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    first.store.path.unlink()
    second = make()
    assert await outcomes(second, record.id) == ["denied"]
    assert run_directories(root) == [Path(record.run_directory)]


async def test_what_is_no_run_directory_is_neither_listed_nor_removed(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], tmp_path: Path
) -> None:
    over = await finished(service, gateway, asked)
    directory = Path(over.run_directory)
    elsewhere = tmp_path / directory.name
    shutil.move(directory, elsewhere)
    directory.symlink_to(elsewhere)
    directory.with_name("notes").mkdir()
    assert (await service.run_directories.window(cursor=None, limit=50)).rows == []
    assert await outcomes(service, over.id) == ["not_found"]
    assert (elsewhere / "job.json").exists() and directory.with_name("notes").exists()


async def test_nothing_is_removed_by_itself(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    service.retention.keep_jobs_days = 1
    record = await send(service, asked)
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    over = await becomes(service, record.id, lambda now: now.phase == "COMPLETED")
    await service.retention.forget(over.id)
    await service.reconcile()
    assert run_directories(root) == [Path(over.run_directory)]
