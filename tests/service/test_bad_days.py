"""A store that cannot be used for a while, on real conditions: said, nothing lost, mended alone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from jupyterlab_batch.domain.problems import KeyInFlight, StoreUnavailable
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.rebuild import Rebuilder
from jupyterlab_batch.store.store import Store
from tests.fakes.gateway import FakeGateway
from tests.fakes.records import job_record
from tests.fakes.submissions import submission
from tests.service.conftest import Make
from tests.service.waiting import run_directories, sees, send

MAX_TICK_SECONDS = 3.0  # a wait for a lock on the loop would be five
OTHER = "key-of-another-job"
MUCH = 90_000
Mount = Callable[..., None]


async def closed_and_opened(folder: Path) -> tuple[str, int]:
    """Return what is said of a folder that may not be entered, and the jobs once it may be."""
    path = folder / "data" / "store.db"
    store = Store(path)
    await store.begin(job_record(), "digest")
    await store.close()
    folder.chmod(0)
    store = Store(path)
    said = ""
    try:
        await store.active()
    except StoreUnavailable as problem:
        said = problem.message
    folder.chmod(0o700)
    jobs = len(await store.active())
    await store.close()
    return said, jobs


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mount a small disk of its own where the store will be."""
    data = tmp_path / "data"
    data.mkdir()

    def run(*options: str) -> None:
        done = subprocess.run(
            ["mount", *options, str(data)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")

    if os.getuid() != 0:
        pytest.skip("only root can mount")
    yield run
    unmount(data)


def unmount(folder: Path) -> None:
    """Take away what was mounted last, if anything is."""
    subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


@asynccontextmanager
async def responsive() -> AsyncIterator[None]:
    """Fail if the event loop stands still meanwhile."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    yield
    ticking.cancel()
    assert longest < MAX_TICK_SECONDS, f"one tick took {longest:.3f} s"


async def refused(service: BatchService, asked: dict[str, Any], root: Path) -> None:
    """Find a submission refused in words, with nothing left of it."""
    before = run_directories(root)
    async with responsive():
        with pytest.raises(StoreUnavailable) as caught:
            await send(service, asked, OTHER)
    assert "Nothing was submitted" in caught.value.message
    assert run_directories(root) == before


async def test_a_full_disk(
    make: Make,
    mount: Mount,
    gateway: FakeGateway,
    asked: dict[str, Any],
    tmp_path: Path,
    root: Path,
) -> None:
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs")
    service = make()
    await service.start()
    record = await send(service, asked)
    filler = tmp_path / "data" / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    # A small job may find room in the pages that the store has already.
    large = submission(task={"kind": "command", "argv": ["echo", "x" * MUCH]})
    await refused(service, large, root)
    assert await service.store.get(record.id) == record, "what is there can be read"
    filler.unlink()
    assert (await send(service, asked, OTHER)).phase == "QUEUED"
    assert len(gateway.launches) == 2


async def test_an_end_that_is_seen_while_the_disk_is_full_is_kept(
    make: Make, mount: Mount, gateway: FakeGateway, asked: dict[str, Any], tmp_path: Path
) -> None:
    mount("-t", "tmpfs", "-o", "size=1m", "tmpfs")
    service = make()
    await service.start()
    record = await send(service, asked)
    filler = tmp_path / "data" / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    threading.Timer(1.5, filler.unlink).start()
    words = "x" * MUCH  # as in `test_a_full_disk`
    ended = await sees(service, gateway, record, phase="COMPLETED", exit_code=0, native_state=words)
    assert ended.exit_code == 0


async def test_a_disk_that_becomes_read_only(
    make: Make,
    mount: Mount,
    gateway: FakeGateway,
    asked: dict[str, Any],
    tmp_path: Path,
    root: Path,
) -> None:
    data = tmp_path / "data"
    service = make()
    await service.start()
    record = await send(service, asked)
    # Nobody can make a disk read-only on which a file is open; a second mount over it can be.
    mount("--bind", str(data))
    mount("-o", "remount,bind,ro")
    await refused(service, asked, root)
    await service.reconcile()
    assert await service.store.get(record.id) == record
    unmount(data)
    assert (await send(service, asked, OTHER)).phase == "QUEUED"
    assert len(gateway.launches) == 2


@contextmanager
def held(path: Path) -> Iterator[Callable[[], object]]:
    """Hold the lock of the file, as a network file system does whose lock daemon is slow."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield lambda: connection.execute("ROLLBACK")
    finally:
        connection.close()


async def test_a_lock_that_is_held_for_a_while_only_delays(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    with held(service.store.path) as release:
        timer = threading.Timer(1.0, release)
        timer.start()
        async with responsive():
            assert (await send(service, asked)).phase == "QUEUED"
        timer.join()
    assert len(gateway.launches) == 1


async def test_a_lock_that_is_held_too_long_is_said(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look = AsyncMock()
    with held(service.store.path), monkeypatch.context() as patch:
        patch.setattr(Rebuilder, "intent", look)
        await refused(service, asked, root)
    look.assert_not_awaited()  # to wait once more would be longer than a page waits for an answer
    assert (await send(service, asked, OTHER)).phase == "QUEUED"
    assert await service.store.put_aside() == [], "what is locked is not broken"
    assert len(gateway.launches) == 1


async def test_a_home_on_a_slow_network_delays_only_who_writes(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sync, opening = os.fsync, os.open

    def slowly(call: Callable[..., Any], *given: Any, **more: Any) -> Any:
        time.sleep(0.15)  # of a thread: what waits is not waited for here
        return call(*given, **more)

    first = await send(service, asked)
    monkeypatch.setattr(os, "fsync", partial(slowly, sync))
    monkeypatch.setattr(os, "open", partial(slowly, opening))
    async with responsive():
        sending = asyncio.gather(
            *(send(service, asked, f"{OTHER}-{number}") for number in range(3)),
        )
        ended = await sees(service, gateway, first, phase="COMPLETED", exit_code=0)
        assert not sending.done(), "an end is not told only when all is written"
        again = await asyncio.gather(send(service, asked, f"{OTHER}-0"), return_exceptions=True)
        assert isinstance(again[0], KeyInFlight)
        sent = await sending
    assert ended.exit_code == 0 and len({record.id for record in sent}) == 3
    assert len(gateway.launches) == 4


def test_a_folder_that_may_not_be_entered() -> None:
    folder = Path(tempfile.mkdtemp())
    reader, writer = os.pipe()
    if os.getuid() == 0:
        os.chown(folder, 65534, 65534)
    child = os.fork()
    if child == 0:
        # Root may enter everything, and an interpreter of root's may not be run by others.
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            os.write(writer, json.dumps(asyncio.run(closed_and_opened(folder))).encode())
        finally:
            os._exit(0)
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            said, jobs = json.loads(told.read())
        assert "Permission denied" in said and "Nothing was submitted" in said
        assert jobs == 1
    finally:
        os.waitpid(child, 0)
        shutil.rmtree(folder)
