"""Where the supervisor keeps its state: the user's alone, one per host and boot."""

from __future__ import annotations

import os
import socket
from contextlib import nullcontext
from pathlib import Path

import pytest

from jupyterlab_batch.engine.protocol import (
    NotOurs,
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


def test_a_socket_beside_a_long_path_opens_nothing_to_others(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of sockets is the parent of the state of whoever has no runtime directory."""
    prepare_state_directory(tmp_path / ("long" * 30))
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    prepare_state_directory(default_state_directory())
    assert default_state_directory().parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("mode", "is_taken"), [(0o755, True), (0o775, False), (0o777, False)])
def test_a_folder_that_others_could_only_see_is_closed(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, mode: int, is_taken: bool
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    root = default_state_directory().parent
    root.mkdir()
    root.chmod(mode)
    with nullcontext() if is_taken else pytest.raises(NotOurs, match="chmod 700"):
        prepare_state_directory(default_state_directory())
    assert root.stat().st_mode & 0o777 == (0o700 if is_taken else mode)


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
