"""What the store survives."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.schema import MIGRATIONS
from jupyterlab_batch.store.store import Store
from tests.fakes.records import job_record

WRITER = """
import asyncio, sys
from pathlib import Path
from jupyterlab_batch.store.store import Store
from tests.fakes.records import job_record

async def main():
    store = Store(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        record = job_record(name=f"{sys.argv[3]}-{number}")
        await store.begin(record, "digest")
        await store.update(record.id, lambda r: {"phase": "QUEUED"})
        print(record.id, flush=True)
    await store.close()

asyncio.run(main())
"""


def writer(path: Path, jobs: int, name: str) -> subprocess.Popen[str]:
    project = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(jobs), name],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(project)},
    )


async def test_only_the_user_can_read_it(store: Store, path: Path) -> None:
    await store.begin(job_record(), "digest")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_store_that_others_could_read_is_closed_to_them(store: Store, path: Path) -> None:
    path.parent.mkdir(parents=True, mode=0o755)
    path.touch(mode=0o644)
    await store.store_id()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_every_commit_is_durable(store: Store, path: Path) -> None:
    await store.begin(job_record(), "digest")
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


async def test_jobs_and_id_are_there_after_a_restart(store: Store, path: Path) -> None:
    record = job_record()
    await store.begin(record, "digest")
    again = Store(path)
    found = await again.get(record.id)
    assert found is not None and found.spec == record.spec
    assert await again.store_id() == await store.store_id()
    await again.close()


async def test_a_newer_store_is_left_alone(store: Store, path: Path) -> None:
    await store.store_id()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    again = Store(path)
    with pytest.raises(StoreUnavailable, match="newer version"):
        await again.active()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    await again.close()


async def test_a_damaged_store_is_said_and_mended_without_restart(store: Store, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreUnavailable, match="Nothing was submitted"):
        await store.begin(job_record(), "digest")
    with pytest.raises(StoreUnavailable):
        await store.active()
    path.unlink()
    assert (await store.begin(job_record(), "digest")).is_new


async def test_a_store_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    store = Store(tmp_path / "data" / "jupyterlab_batch" / "store.db")
    with pytest.raises(StoreUnavailable):
        await store.active()
    await store.close()


async def test_two_servers_at_once_lose_nothing(path: Path) -> None:
    first, second = writer(path, 40, "a"), writer(path, 40, "b")
    outputs = [process.communicate(timeout=60)[0] for process in (first, second)]
    assert first.returncode == second.returncode == 0
    written = {job_id for output in outputs for job_id in output.split()}
    store = Store(path)
    window = await store.window(JobFilter(), Order(), limit=500)
    assert {record.id for record in window.records} == written
    assert len({record.revision for record in window.records}) == len(written) == 80
    await store.close()


async def test_a_server_killed_while_writing_leaves_all_that_it_answered(path: Path) -> None:
    process = writer(path, 100_000, "victim")
    assert process.stdout is not None
    answered = [process.stdout.readline().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    answered += process.communicate(timeout=10)[0].split("\n")
    store = Store(path)
    found = {record.id: record for record in await store.active()}
    assert {job_id for job_id in answered if len(job_id) == 26} <= set(found)
    for record in found.values():
        intent = await store.intent(record.key)
        assert intent is not None and intent.record == record
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    await store.close()


async def test_a_reader_does_not_wait_for_many_writes(store: Store) -> None:
    writes = [asyncio.create_task(store.begin(job_record(), "digest")) for _ in range(50)]
    await store.active()
    assert all(intent.is_new for intent in await asyncio.gather(*writes))


async def test_a_file_that_vanished_is_noticed_by_who_never_opened_it(
    store: Store, path: Path
) -> None:
    told: list[None] = []
    store.on_damage(lambda: told.append(None))
    await store.begin(job_record(), "digest")  # by the writer alone
    path.unlink()
    assert await store.active() == []
    assert told == [None]
