"""Finding in a whole log, and never in anything that was put in its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import LogNotReadable, NotFound, UnknownJob
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.records import job_record

JOB_ID = "0" * 26


@pytest.fixture
async def log(service: BatchService, root: Path) -> Path:
    folder = root / "batch-jobs" / "one"
    folder.mkdir(parents=True)
    await service.store.begin(job_record(id=JOB_ID, run_directory=str(folder)), "digest")
    return folder / "stdout.log"


async def find(service: BatchService, text: str | None, **changes: Any) -> Any:
    asked: dict[str, Any] = {"task": None, "direction": "next", "offset": None, "limit": 10}
    return await service.log_finder.find(JOB_ID, "stdout", text=text, **{**asked, **changes})


async def test_a_text_is_found_in_any_case_and_among_any_bytes(
    service: BatchService, log: Path
) -> None:
    log.write_bytes(b"\xff\x00Needle\x1b[31m\n" * 2 + "étoile".encode())
    found = await find(service, "nEEdle")
    assert [(one.offset, one.length) for one in found.matches] == [(2, 6), (16, 6)]
    assert (found.stopped_at, found.size) == (None, log.stat().st_size)
    assert [one.offset for one in (await find(service, "étoile")).matches] == [28]
    before = await find(service, "needle", direction="previous", offset=16, limit=1)
    assert [one.offset for one in before.matches] == [2]


async def test_no_text_is_an_option_of_a_program_or_a_pattern(
    service: BatchService, log: Path
) -> None:
    log.write_bytes(b"-e .* $(id) 'quoted' \\d\n")
    for text in ("-e", ".*", "$(id)", "'quoted'", "\\d"):
        assert [one.length for one in (await find(service, text)).matches] == [len(text)]
    assert (await find(service, "x.*")).matches == []


async def test_what_tells_of_an_error_is_found(service: BatchService, log: Path) -> None:
    lines = ["rms error 0.3", "Traceback (most recent call last):", "ValueError: negative"]
    log.write_text("\n".join(lines))
    found = await find(service, None, limit=1)
    assert [one.offset for one in found.matches] == [len(lines[0]) + 1]
    last = await find(service, None, direction="previous", limit=1)
    assert [one.offset for one in last.matches] == [log.read_text().index("rror:")]


async def test_a_line_of_gigabytes_is_searched(service: BatchService, log: Path) -> None:
    with log.open("wb") as file:
        file.truncate(2**30)
        file.seek(2**30)
        file.write(b"end")
    found = await find(service, "END", direction="previous", limit=1)
    assert [one.offset for one in found.matches] == [2**30]


async def test_what_is_not_there_yet_holds_nothing(service: BatchService, log: Path) -> None:
    found = await find(service, "x")
    assert (found.size, found.matches, found.stopped_at) == (0, [], None)


@pytest.mark.parametrize("what", ["fifo", "link", "folder"])
async def test_nothing_else_is_searched(service: BatchService, log: Path, what: str) -> None:
    if what == "fifo":
        os.mkfifo(log)
    elif what == "link":
        log.symlink_to("/etc/passwd")
    else:
        log.mkdir()
    with pytest.raises(LogNotReadable):
        await find(service, "root")


async def test_a_job_or_task_of_nobody(service: BatchService, log: Path) -> None:
    with pytest.raises(NotFound):
        await find(service, "x", task=3)
    with pytest.raises(UnknownJob):
        await service.log_finder.find(
            "1" * 26, "stdout", task=None, text="x", direction="next", offset=None, limit=1
        )
