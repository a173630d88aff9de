"""Folders of run directories: windows of them, whatever a job made there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_batch.domain.generated import JobFile
from jupyterlab_batch.domain.problems import FileNotReadable, NotFound, UnknownJob
from jupyterlab_batch.service import jobfiles
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.records import job_record

JOB_ID = "0" * 26


@pytest.fixture
async def directory(service: BatchService, root: Path) -> Path:
    folder = root / "batch-jobs" / "one"
    folder.mkdir(parents=True)
    await service.store.begin(job_record(id=JOB_ID, run_directory=str(folder)), "digest")
    return folder


async def listed(service: BatchService, folder: str = "") -> dict[str, JobFile]:
    found = await service.job_files.window(JOB_ID, folder, offset=0, limit=500)
    return {one.name: one for one in found.files}


async def test_ten_thousand_entries_come_in_windows_in_an_order_that_stays(
    service: BatchService, directory: Path
) -> None:
    for number in range(10_000):
        (directory / f"frame-{number:05}.fits").touch()
    for number in (10, 9, 2, 100):
        (directory / str(number)).mkdir()
    seen: list[str] = []
    while True:
        window = await service.job_files.window(JOB_ID, "", offset=len(seen), limit=500)
        assert (window.total, window.is_more) == (10_004, False)
        if not window.files:
            break
        assert len(window.files) <= 500
        seen += [one.name for one in window.files]
    assert seen[:5] == ["2", "9", "10", "100", "frame-00000.fits"]
    assert len(seen) == len(set(seen)) == 10_004


async def test_more_than_can_be_sorted_is_said(
    service: BatchService, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobfiles, "MOST_ENTRIES", 3)
    for name in "abcd":
        (directory / name).touch()
    found = await service.job_files.window(JOB_ID, "", offset=0, limit=50)
    assert (found.total, found.is_more, len(found.files)) == (3, True, 3)


async def test_what_is_never_opened_is_told_apart(service: BatchService, directory: Path) -> None:
    (directory / "own").write_bytes(b"123")
    (directory / "twice").write_bytes(b"123")
    (directory / "twice-too").hardlink_to(directory / "twice")
    (directory / "link").symlink_to("own")
    (directory / "link-to-folder").symlink_to("/etc")
    os.mkfifo(directory / "fifo")
    (directory / "folder").mkdir()
    bell = os.fsencode(directory) + b"/caf\xe9"
    os.close(os.open(bell, os.O_CREAT))
    (directory / "a\x07b").touch()
    found = await listed(service)
    assert {name: one.kind for name, one in found.items()} == {
        "own": "file",
        "folder": "folder",
        "caf\\xe9": "other",
        "a\x07b": "other",
        **dict.fromkeys(["twice", "twice-too", "link", "link-to-folder", "fifo"], "other"),
    }
    assert {name for name, one in found.items() if one.size_bytes is not None} == {"own"}
    assert {name for name, one in found.items() if one.contents_path} == {"own", "folder"}
    for wrong in ("link-to-folder", "fifo", "own"):
        with pytest.raises(FileNotReadable):
            await listed(service, wrong)


async def test_what_the_file_browser_does_not_show_has_no_path_there(
    service: BatchService, directory: Path, tmp_path: Path
) -> None:
    (directory / ".hidden").mkdir()
    (directory / ".hidden" / "x").touch()
    assert (await listed(service))[".hidden"].contents_path is None
    assert (await listed(service, ".hidden"))["x"].contents_path is None
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x").touch()
    await service.store.begin(
        job_record(id="1" * 26, key="another-key-of-a-job", run_directory=str(elsewhere)), "digest"
    )
    (only,) = (await service.job_files.window("1" * 26, "", offset=0, limit=5)).files
    assert (only.path, only.contents_path) == ("x", None)


async def test_what_is_not_there_is_said(service: BatchService, directory: Path) -> None:
    with pytest.raises(UnknownJob):
        await service.job_files.window("1" * 26, "", offset=0, limit=5)
    with pytest.raises(NotFound):
        await listed(service, "nowhere")
    directory.rmdir()
    with pytest.raises(NotFound):
        await listed(service)
