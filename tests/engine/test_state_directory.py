"""Where the supervisor keeps its state: the user's alone, one per host and boot."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from jupyterlab_batch.engine.protocol import (
    boot_key,
    default_state_directory,
    host_key,
    prepare_state_directory,
)
from tests.engine.harness import TestEngine


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime directory that a login makes for the user."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return folder


def test_it_is_in_the_users_runtime_directory(runtime: Path) -> None:
    expected = runtime / "jupyterlab-batch" / f"{host_key()}-{boot_key()}"
    assert default_state_directory() == expected
    prepare_state_directory(expected)
    assert expected.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("how", ["unset", "gone", "open to others"])
def test_else_it_is_among_temporary_files_under_the_users_number(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "unset":
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    elif how == "gone":
        runtime.rmdir()
    else:
        runtime.chmod(0o755)
    directory = default_state_directory()
    assert directory.parent == runtime.parent / f"jupyterlab-batch-{os.getuid()}"
    assert directory.name == f"{host_key()}-{boot_key()}"


def test_each_host_has_its_own(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home or a folder of temporary files may be that of several hosts."""
    here = default_state_directory()
    monkeypatch.setattr(socket, "gethostname", lambda: "another-node")
    there = default_state_directory()
    assert here.parent == there.parent
    assert here.name != there.name


async def test_the_ids_of_jobs_name_host_and_boot(engine: TestEngine) -> None:
    job = await engine.run(["true"])
    assert job.native_id.startswith(f"{host_key()}-{boot_key()}-")
    await engine.end(job)
