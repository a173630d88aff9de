"""What is believed of the files in a run directory, and what is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.engine.status import MAX_STATUS_BYTES, Outcome, read_claim, read_status
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.merge import merge_observation
from tests.fakes.records import job_record

NONCE = "n" * 32
NOW = datetime(2026, 3, 1, 12, 5, tzinfo=timezone.utc)
WRAPPER: dict[str, Any] = {
    "nonce": NONCE,
    "native_id": "7",
    "attempt": 1,
    "host": "node1",
    "pid": 12,
    "started_at": "2026-03-01T12:00:00Z",
    "ended_at": "2026-03-01T12:05:00Z",
    "exit_code": 0,
    "outcome": None,
}
RUNNER: dict[str, Any] = {
    "nonce": NONCE,
    "done": 2,
    "total": 5,
    "text": "fit()",
    "cell": 3,
    "heartbeat_at": "2026-03-01T12:04:00Z",
    "outcome": {"kind": "cell_error", "ename": "ValueError", "evalue": "no", "cell": 3},
}


def write(directory: Path, name: str, content: dict[str, Any], **changes: Any) -> Path:
    path = directory / f"{name}.json"
    path.write_bytes(msgspec.json.encode({**content, **changes}))
    return path


def test_both_files_make_one_status(tmp_path: Path) -> None:
    assert read_status(tmp_path, NONCE) is None
    write(tmp_path, "wrapper", WRAPPER)
    status = read_status(tmp_path, NONCE)
    assert status is not None
    assert (status.native_id, status.exit_code, status.progress) == ("7", 0, None)
    write(tmp_path, "progress", RUNNER, text="x" * 300)
    status = read_status(tmp_path, NONCE)
    assert status is not None
    assert status.progress is not None
    assert (status.progress.done, status.progress.total) == (2, 5)
    assert len(status.progress.text) == 200
    assert status.outcome == Outcome(kind="cell_error", ename="ValueError", evalue="no", cell=3)


def test_a_field_that_a_newer_wrapper_adds_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "wrapper", WRAPPER, colour="blue")
    assert read_status(tmp_path, NONCE) is not None


def by_link(path: Path) -> None:
    real = path.with_name("real")
    path.rename(real)
    path.symlink_to(real)


def by_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def by_size(path: Path) -> None:
    path.write_bytes(path.read_bytes().ljust(MAX_STATUS_BYTES + 1))


def by_nonce(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(NONCE.encode(), b"o" * 32))


def by_owner(path: Path) -> None:
    os.chown(path, 65534, 65534)


def content(text: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_bytes(text)

    return change


FORGERIES: dict[str, Callable[[Path], None]] = {
    "symbolic link": by_link,
    "FIFO": by_fifo,
    "folder": by_folder,
    "too large": by_size,
    "foreign nonce": by_nonce,
    "empty": content(b""),
    "half": content(b'{"nonce": "nnnn'),
    "no JSON": content(b"\xff\xfe\0"),
    "no object": content(b"[]"),
    "deep": content(b"[" * 60_000),
    "wrong types": content(msgspec.json.encode({**WRAPPER, **RUNNER, "pid": "1", "done": "1"})),
    "number too large": content(b'{"nonce": "' + NONCE.encode() + b'", "pid": 1e999}'),
}
if os.getuid() == 0:  # only root can give a file away
    FORGERIES["foreign owner"] = by_owner


@pytest.mark.parametrize("how", FORGERIES)
def test_a_file_that_is_not_ours_is_ignored(tmp_path: Path, how: str) -> None:
    FORGERIES[how](write(tmp_path, "wrapper", WRAPPER))
    assert read_status(tmp_path, NONCE) is None
    claim = {"nonce": NONCE, "key": "k", "native_id": "7", "restart_count": 0}
    FORGERIES[how](write(tmp_path, "claim", claim).rename(tmp_path / "claim"))
    assert read_claim(tmp_path, NONCE) is None


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_progress_does_not_hide_how_it_ended(tmp_path: Path, how: str) -> None:
    write(tmp_path, "wrapper", WRAPPER)
    FORGERIES[how](write(tmp_path, "progress", RUNNER))
    status = read_status(tmp_path, NONCE)
    assert status is not None
    assert (status.exit_code, status.progress, status.outcome) == (0, None, None)


def test_a_file_as_large_as_allowed_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "wrapper", WRAPPER)
    path.write_bytes(path.read_bytes().ljust(MAX_STATUS_BYTES))
    assert read_status(tmp_path, NONCE) is not None


@pytest.mark.parametrize(("done", "total"), [(-1, 5), (6, 5)])
def test_progress_that_cannot_be_is_not_shown(tmp_path: Path, done: int, total: int) -> None:
    write(tmp_path, "wrapper", WRAPPER)
    write(tmp_path, "progress", RUNNER, done=done, total=total)
    status = read_status(tmp_path, NONCE)
    assert status is not None
    assert status.progress is None
    assert status.outcome is not None


def verdict(tmp_path: Path, seen: Observation) -> tuple[str, str | None]:
    record = job_record(phase="EXECUTING", native_id="7", nonce=NONCE)
    changes = merge_observation(record, seen, read_status(tmp_path, NONCE), now=NOW)
    return changes["phase"], changes["reason"]


def test_a_status_file_makes_a_failure_of_a_success_never_the_reverse(tmp_path: Path) -> None:
    completed = Observation(native_id="7", phase="COMPLETED", exit_code=0)
    failed = Observation(native_id="7", phase="ERROR", exit_code=1)
    walltime = Observation(native_id="7", phase="ERROR", reason="walltime")
    cancelled = Observation(native_id="7", phase="ABORTED", reason="cancelled_by_user")
    write(tmp_path, "wrapper", WRAPPER)
    assert verdict(tmp_path, completed) == ("COMPLETED", None)
    write(tmp_path, "progress", RUNNER)
    assert verdict(tmp_path, completed) == ("ERROR", "cell_error")
    assert verdict(tmp_path, failed) == ("ERROR", "cell_error")
    assert verdict(tmp_path, walltime) == ("ERROR", "walltime")
    assert verdict(tmp_path, cancelled) == ("ABORTED", "cancelled_by_user")
    write(tmp_path, "progress", RUNNER, outcome={"kind": "ok"})
    assert verdict(tmp_path, completed) == ("COMPLETED", None)
    assert verdict(tmp_path, failed) == ("ERROR", "exit_nonzero")
    assert verdict(tmp_path, walltime) == ("ERROR", "walltime")
    assert verdict(tmp_path, cancelled) == ("ABORTED", "cancelled_by_user")


def test_a_launch_that_failed_is_no_exit_code(tmp_path: Path) -> None:
    outcome = {"kind": "launch_failed", "evalue": "There is no program."}
    write(tmp_path, "wrapper", WRAPPER, exit_code=127, outcome=outcome)
    failed = Observation(native_id="7", phase="ERROR", reason="exit_nonzero", exit_code=127)
    assert verdict(tmp_path, failed) == ("ERROR", "launch_failed")


def test_a_status_of_another_native_id_says_nothing(tmp_path: Path) -> None:
    write(tmp_path, "wrapper", WRAPPER, native_id="8", exit_code=3)
    write(tmp_path, "progress", RUNNER)
    completed = Observation(native_id="7", phase="COMPLETED", exit_code=0)
    assert verdict(tmp_path, completed) == ("COMPLETED", None)
