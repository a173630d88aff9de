"""What git says of the code of a job, as it is when the job is submitted."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import CodeVersion, ResubmitPatch
from jupyterlab_batch.engine.jobfile import CODE_NAME
from jupyterlab_batch.service import gitversion
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.gitversion import GitVersions, git_folder, without_secrets
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.waiting import eventually, sees, send

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(GIT is None, reason="there is no git")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [str(GIT), "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def code(root: Path) -> Path:
    """A git folder with one script, all of it committed."""
    folder = root / "code"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "fit.sh").write_text("echo one\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "https://ada:s3cret@example.org/lens.git?token=s3cret")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "One")
    return folder


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """A git that notes each call; the notes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program, notes = folder / "git", tmp_path / "notes"
    program.write_text(f'#!/bin/sh\necho "$*" >>{notes}\nexec {GIT} "$@"\n')
    program.chmod(0o755)
    return notes


@pytest.fixture
async def versions(tmp_path: Path, counted: Path) -> AsyncIterator[GitVersions]:
    tasks = BackgroundTasks()
    path = f"{counted.parent / 'bin'}:{os.environ['PATH']}"
    yield GitVersions(tasks=tasks, environment={"PATH": path, "HOME": str(tmp_path)})
    await tasks.stop()


async def version(versions: GitVersions, source: Path) -> CodeVersion:
    found = await asked(versions, source.parent, source)
    assert found is not None
    return found


async def asked(versions: GitVersions, folder: Path, source: Path | None) -> CodeVersion | None:
    place = git_folder(folder, source)
    return None if place is None else await versions.of(place)


async def test_a_commit_is_told_with_all_that_makes_it_findable(
    versions: GitVersions, code: Path
) -> None:
    found = await version(versions, code / "deep" / "fit.sh")
    assert found.commit == git(code, "rev-parse", "HEAD")
    assert (found.root, found.branch, found.is_dirty) == (str(code), "main", False)
    assert found.remote == "https://example.org/lens.git"


async def test_what_is_not_in_the_commit_is_said(versions: GitVersions, code: Path) -> None:
    source = code / "deep" / "fit.sh"
    (code / "data.csv").write_text("1\n")
    assert not (await version(versions, source)).is_dirty
    (code / "deep" / "new.sh").write_text("echo new\n")
    assert (await version(versions, code / "deep" / "new.sh")).is_dirty
    source.write_text("echo two\n")
    assert (await version(versions, source)).is_dirty
    git(code, "add", ".")
    assert (await version(versions, source)).is_dirty
    git(code, "checkout", "-q", "--detach")
    assert (await version(versions, source)).branch is None


async def test_before_the_first_commit_there_is_none(versions: GitVersions, root: Path) -> None:
    git(root, "init", "-q", "-b", "main")
    (root / "fit.sh").touch()
    found = await version(versions, root / "fit.sh")
    assert (found.commit, found.branch, found.is_dirty, found.remote) == (None, "main", True, None)


async def test_where_nothing_can_be_told_there_is_nothing(
    versions: GitVersions, code: Path, tmp_path: Path
) -> None:
    assert await asked(versions, tmp_path, None) is None
    (tmp_path / ".git").write_text("nonsense")
    assert await asked(versions, tmp_path, None) is None
    without = GitVersions(tasks=versions.tasks, environment={"PATH": str(tmp_path)})
    assert await asked(without, code, None) is None


async def test_a_git_that_hangs_is_not_waited_for(
    versions: GitVersions, code: Path, counted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitversion, "_SECONDS", 1.0)
    slow = f'#!/bin/sh\ncase "$*" in *status*) exec sleep 600;; esac\nexec {GIT} "$@"\n'
    (counted.parent / "bin" / "git").write_text(slow)
    found = await version(versions, code / "deep" / "fit.sh")
    assert (found.commit, found.is_dirty) == (git(code, "rev-parse", "HEAD"), None)


async def test_a_repository_runs_nothing_of_its_own(
    versions: GitVersions, code: Path, tmp_path: Path
) -> None:
    trap, trace = tmp_path / "trap", tmp_path / "trace"
    trap.write_text(f"#!/bin/sh\ntouch {trace}\n")
    trap.chmod(0o755)
    git(code, "config", "core.fsmonitor", str(trap))
    index = code / ".git" / "index"
    before, content = index.stat(), index.read_bytes()
    await version(versions, code / "deep" / "fit.sh")
    assert not trace.exists()
    after = index.stat()  # read it may be, which some file systems note
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert index.read_bytes() == content


async def test_many_at_once_share_an_answer_that_is_younger_than_each_question(
    versions: GitVersions, code: Path, counted: Path
) -> None:
    source = code / "deep" / "fit.sh"
    first = asyncio.create_task(version(versions, source))
    await first
    source.write_text("echo two\n")
    found = await asyncio.gather(*(version(versions, source) for _ in range(200)))
    assert not first.result().is_dirty and all(one.is_dirty for one in found)
    # Two, but on a machine that is busy some ask later than others.
    assert counted.read_text().count(" status ") < 20


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://x:y@example.org:8443/a/b.git#z", "https://example.org:8443/a/b.git"),
        ("ssh://git@example.org/a.git", "ssh://example.org/a.git"),
        ("git@example.org:a/b.git", "example.org:a/b.git"),
        ("ada:pass@example.org:a", "example.org:a"),
        ("/data/repositories/lens.git", "/data/repositories/lens.git"),
        ("http://[", "http://["),
        ("file:///data/a@b.git", "file:///data/a@b.git"),
        ("https://x:a@b@example.org/c", "https://example.org/c"),
    ],
)
def test_no_secret_of_an_address_is_kept(address: str, shown: str) -> None:
    assert without_secrets(address) == shown


async def submitted(service: BatchService, asked: dict[str, Any], **task: Any) -> JobRecord:
    asked["spec"]["task"] = {"kind": "script", "path": "code/deep/fit.sh", **task}
    record = await send(service, asked)
    await eventually(Path(record.run_directory, CODE_NAME).exists)
    return record


async def test_the_record_tells_the_code_as_of_submission(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], code: Path
) -> None:
    record = await submitted(service, asked)
    commit = git(code, "rev-parse", "HEAD")
    (code / "deep" / "fit.sh").write_text("echo two\n")
    git(code, "commit", "-qam", "Two")
    told = await service.provenance.record(record.id)
    assert told.code is not None and told.environment is None
    assert (told.code.commit, told.code.is_dirty) == (commit, False)
    assert told.job.spec == record.spec
    await sees(service, gateway, record, phase="COMPLETED", exit_code=0)
    again = await service.resubmitter.resubmit(
        record.id, ResubmitPatch(), key="key-of-the-same-again", anyway=False
    )
    await eventually(Path(again.record.run_directory, CODE_NAME).exists)
    # The copy ran once more, not what the folder holds by now.
    retold = await service.provenance.record(again.record.id)
    assert retold.code == told.code


async def test_a_job_outside_of_git_has_no_version(
    service: BatchService, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    assert (await service.provenance.record(record.id)).code is None


async def test_what_a_job_puts_in_the_place_of_it_is_not_believed(
    service: BatchService, asked: dict[str, Any], code: Path, tmp_path: Path
) -> None:
    record = await submitted(service, asked)
    kept = Path(record.run_directory, CODE_NAME)
    elsewhere = tmp_path / "elsewhere.json"
    kept.rename(elsewhere)
    for content in (b"nonsense", b"[" * 100_000, b"{}", bytes(2**20 + 1)):
        kept.write_bytes(content)
        assert (await service.provenance.record(record.id)).code is None
        kept.unlink()
    kept.symlink_to(elsewhere)
    assert (await service.provenance.record(record.id)).code is None
    kept.unlink()
    os.mkfifo(kept)
    assert (await service.provenance.record(record.id)).code is None
