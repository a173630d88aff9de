"""Nothing but the run directory of that job is ever removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_batch.engine import removal
from jupyterlab_batch.engine.removal import NotOurs, remove_run

JOB_ID = "0" * 26
JOB = (
    f'{{"job_id":"{JOB_ID}","key":"key-0123456789abcdef","tag":"jlb:{JOB_ID}","nonce":"n",'
    '"gateway_id":"fake","created_at":"2026-03-01T12:00:00Z"}'
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "runs" / f"20260301-120000-Count-{JOB_ID[-6:]}"
    (made / "tasks" / "1").mkdir(parents=True)
    (made / "job.json").write_text(JOB)
    (made / "tasks" / "1" / "stdout.log").write_text("out")
    return made


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    made = tmp_path / "precious"
    made.mkdir()
    (made / "catalogue.parquet").write_text("years of work")
    return made


def test_all_that_is_in_it_goes_and_nothing_else(directory: Path, precious: Path) -> None:
    (directory / "folder").symlink_to(precious)
    (directory / "tasks" / "file").symlink_to(precious / "catalogue.parquet")
    (directory / "hard").hardlink_to(precious / "catalogue.parquet")
    os.mkfifo(directory / "fifo")
    other = directory.with_name("other")
    other.mkdir()
    remove_run(directory, JOB_ID)
    assert list(directory.parent.iterdir()) == [other]
    assert (precious / "catalogue.parquet").read_text() == "years of work"


def test_a_link_in_its_place_is_refused(directory: Path, tmp_path: Path) -> None:
    moved = directory.rename(tmp_path / "moved")
    directory.symlink_to(moved)
    with pytest.raises(NotOurs):
        remove_run(directory, JOB_ID)
    assert (moved / "job.json").exists() and directory.is_symlink()


@pytest.mark.parametrize("content", [None, "{}", "nonsense", JOB.replace("0" * 26, "1" * 26)])
def test_what_is_not_that_jobs_is_refused(directory: Path, content: str | None) -> None:
    if content is None:
        (directory / "job.json").unlink()
    else:
        (directory / "job.json").write_text(content)
    with pytest.raises(NotOurs):
        remove_run(directory, JOB_ID)
    assert (directory / "tasks" / "1" / "stdout.log").exists()


def test_a_linked_or_foreign_job_file_proves_nothing(directory: Path, precious: Path) -> None:
    (directory / "job.json").rename(precious / "job.json")
    (directory / "job.json").symlink_to(precious / "job.json")
    with pytest.raises(NotOurs):
        remove_run(directory, JOB_ID)
    assert (directory / "tasks").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_user_is_refused(directory: Path) -> None:
    os.chown(directory, 65534, 65534)
    with pytest.raises(NotOurs):
        remove_run(directory, JOB_ID)
    assert (directory / "tasks").exists()


def test_one_that_is_swapped_after_the_check_is_left_alone(
    directory: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = removal._empty

    def swap(opened: int) -> None:
        directory.rename(directory.with_name("away"))
        directory.symlink_to(precious)
        empty(opened)

    monkeypatch.setattr(removal, "_empty", swap)
    with pytest.raises(OSError, match="Not a directory"):
        remove_run(directory, JOB_ID)
    assert (precious / "catalogue.parquet").read_text() == "years of work"


def test_what_is_left_after_a_failure_can_be_removed_later(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str, parent: int) -> None:
        raise PermissionError(13, "Permission denied", name)

    with monkeypatch.context() as patched:
        patched.setattr(removal, "_remove_folder", fail)
        with pytest.raises(PermissionError):
            remove_run(directory, JOB_ID)
    assert (directory / "job.json").exists()
    remove_run(directory, JOB_ID)
    assert not directory.exists()
