"""Bytes of a log, and never anything that was put in its place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_batch.domain.problems import LogNotReadable, UnknownJob
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.logslices import LogSlice
from tests.fakes.records import job_record

JOB_ID = "0" * 26


@pytest.fixture
async def directory(service: BatchService, root: Path) -> Path:
    folder = root / "batch-jobs" / "one"
    folder.mkdir(parents=True)
    await service.store.begin(job_record(id=JOB_ID, run_directory=str(folder)), "digest")
    return folder


@pytest.fixture
def log(directory: Path) -> Path:
    return directory / "stdout.log"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("a secret")
    return path


async def read(service: BatchService, offset: int = 0, limit: int = 1000) -> LogSlice:
    return await service.logs.read(JOB_ID, "stdout", offset=offset, limit=limit)


@pytest.mark.parametrize(
    ("offset", "limit", "content", "start"),
    [
        (0, 1000, b"0123456789", 0),
        (0, 4, b"0123", 0),
        (8, 4, b"89", 8),
        (10, 4, b"", 10),
        (999, 4, b"", 10),
        (-3, 1000, b"789", 7),
        (-3, 2, b"78", 7),
        (-999, 4, b"0123", 0),
        (2**53 - 1, 1, b"", 10),
        (-(2**53 - 1), 1, b"0", 0),
    ],
)
async def test_a_range_of_bytes(
    service: BatchService, log: Path, offset: int, limit: int, content: bytes, start: int
) -> None:
    log.write_bytes(b"0123456789")
    found = await read(service, offset, limit)
    assert (found.content, found.offset, found.size) == (content, start, 10)


async def test_any_bytes_are_a_log(service: BatchService, log: Path) -> None:
    content = bytes(range(256)) + b"\xff\xfe\x00\x1b[31m"
    log.write_bytes(content)
    assert (await read(service)).content == content


async def test_the_end_of_a_line_of_a_gigabyte(service: BatchService, log: Path) -> None:
    with log.open("wb") as file:
        file.truncate(2**30)
        file.seek(2**30)
        file.write(b"end")
    found = await read(service, offset=-3)
    assert (found.content, found.size) == (b"end", 2**30 + 3)


@pytest.mark.parametrize("what", ["log", "directory"])
async def test_what_is_not_there_yet_is_empty(
    service: BatchService, directory: Path, what: str
) -> None:
    if what == "directory":
        directory.rmdir()
    found = await read(service)
    assert (found.content, found.offset, found.size) == (b"", 0, 0)


async def test_streams_are_two_files(service: BatchService, directory: Path) -> None:
    (directory / "stdout.log").write_text("out")
    (directory / "stderr.log").write_text("err")
    found = await service.logs.read(JOB_ID, "stderr", offset=0, limit=10)
    assert found.content == b"err"


async def test_a_fifo_does_not_block(service: BatchService, log: Path) -> None:
    os.mkfifo(log)
    with pytest.raises(LogNotReadable):
        await read(service)


async def test_no_link_is_followed_out_of_the_run_directory(
    service: BatchService, log: Path, secret: Path
) -> None:
    log.symlink_to(secret)
    with pytest.raises(LogNotReadable):
        await read(service)


async def test_no_link_is_followed_within_it_either(service: BatchService, log: Path) -> None:
    log.with_name("other").write_text("x")
    log.symlink_to("other")
    with pytest.raises(LogNotReadable):
        await read(service)


async def test_another_name_of_a_file_outside_is_no_log(
    service: BatchService, log: Path, secret: Path
) -> None:
    log.hardlink_to(secret)
    with pytest.raises(LogNotReadable):
        await read(service)


@pytest.mark.parametrize("place", ["/dev/zero", "folder"])
async def test_no_device_and_no_folder(service: BatchService, log: Path, place: str) -> None:
    if place == "folder":
        log.mkdir()
    else:
        log.symlink_to(place)
    with pytest.raises(LogNotReadable):
        await read(service)


async def test_a_run_directory_that_was_swapped_for_a_link(
    service: BatchService, directory: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "stdout.log").write_text("a secret")
    directory.rmdir()
    directory.symlink_to(elsewhere)
    with pytest.raises(LogNotReadable):
        await read(service)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
async def test_a_file_of_somebody_else_is_no_log(service: BatchService, log: Path) -> None:
    log.write_text("theirs")
    os.chown(log, 12345, 12345)
    with pytest.raises(LogNotReadable, match="somebody else"):
        await read(service)


async def test_the_etag_stays_while_the_log_grows(service: BatchService, log: Path) -> None:
    log.write_text("one")
    first = await read(service)
    log.write_text("one two")
    assert (await read(service)).etag == first.etag


async def test_the_etag_shows_that_the_log_was_truncated(service: BatchService, log: Path) -> None:
    log.write_text("one two")
    first = await read(service)
    os.truncate(log, 3)
    second = await read(service)
    log.write_text("another that is longer")
    os.truncate(log, 1)
    third = await read(service)
    assert len({first.etag, second.etag, third.etag}) == 3


async def test_the_etag_shows_that_the_log_is_another_file(
    service: BatchService, log: Path
) -> None:
    log.write_text("one")
    first = await read(service)
    log.rename(log.with_name("stdout.log.1"))
    log.write_text("one and more")
    assert (await read(service)).etag != first.etag


async def test_a_job_of_nobody(service: BatchService) -> None:
    with pytest.raises(UnknownJob):
        await read(service)
