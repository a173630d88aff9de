"""Folders among the run directories that are none, or were made to do harm."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.real import RealServer
from tests.fakes.submissions import submission
from tests.handlers.contract import conforms
from tests.safety.asking import ask, submit

SECRET = "a secret of somebody else"  # noqa: S105 -- what is not to be shown


def _job_file(**changes: object) -> Callable[[Path, Path], object]:
    def make(folder: Path, real: Path) -> None:
        job = json.loads((real / "job.json").read_text())
        (folder / "job.json").write_text(json.dumps({**job, **changes}))

    return make


def _linked(folder: Path, _: Path) -> None:
    target = folder.parent.parent / "secret"
    target.write_text(json.dumps({"job_id": SECRET, "name": SECRET}))
    (folder / "job.json").symlink_to(target)


FOLDERS: dict[str, Callable[[Path, Path], object]] = {
    "empty": lambda folder, real: None,
    "FIFO": lambda folder, real: os.mkfifo(folder / "job.json"),
    "device": lambda folder, real: (folder / "job.json").symlink_to("/dev/zero"),
    "link": _linked,
    "folder": lambda folder, real: (folder / "job.json").mkdir(),
    "no JSON": lambda folder, real: (folder / "job.json").write_bytes(b"\xff\xfe{"),
    "deep": lambda folder, real: (folder / "job.json").write_bytes(b"[" * 10**6),
    "huge": lambda folder, real: os.truncate(_touched(folder / "job.json"), 2**32),
    "another's id": _job_file(),
    "id of nobody": _job_file(job_id="../../../etc", key="../../../etc", tag=SECRET),
    "numbers": _job_file(job_id=7, key=[], created_at={}),
    "far future": _job_file(job_id="z" * 26, created_at="9999-12-31T23:59:59Z"),
}


def _touched(path: Path) -> Path:
    path.touch()
    return path


@pytest.fixture
def real(fake_server: RealServer) -> Path:
    """The run directory of a job."""
    answer = submit(fake_server, submission(), secrets.token_hex(16))
    return Path(answer.json["run_directory"])


@pytest.mark.parametrize("what", FOLDERS)
def test_they_are_left_alone(fake_server: RealServer, real: Path, what: str) -> None:
    folder = real.with_name(f"20990101-000000-{what.replace(' ', '-')}-zzzzzz")
    folder.mkdir()
    (folder / "spec.json").write_bytes((real / "spec.json").read_bytes())
    FOLDERS[what](folder, real)
    began = time.monotonic()
    listed = ask(fake_server, "GET", "run-directories?limit=500")
    assert time.monotonic() - began < 10
    rows = conforms(listed.json, "RunDirectoryList")["rows"]
    assert SECRET.encode() not in listed.body
    assert str(real) in {row["path"] for row in rows}
    ids = ["../../../etc", *(row["job_id"] for row in rows if row["path"] == str(folder))]
    removed = ask(fake_server, "POST", "run-directories/remove", {"job_ids": ids})
    assert removed.status in {200, 400}, removed.body
    assert folder.is_dir()
    assert real.is_dir()
    assert "Traceback" not in fake_server.log_path.read_text()
