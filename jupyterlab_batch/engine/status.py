"""What the wrapper and the notebook runner say about a job in its run directory.

The files can be written by the job itself: nothing in them is believed before it was checked.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from jupyterlab_batch.domain.generated import Progress
from jupyterlab_batch.engine.regularfile import open_regular

MAX_STATUS_BYTES: Final = 64 * 1024
STARTED_AGAIN: Final = "started.again"
"""Holds the nonce; written instead of running a job again of which nothing says how it ended."""
_MAX_TEXT: Final = 200

OutcomeKind = Literal["ok", "cell_error", "terminated", "launch_failed"]


class Outcome(msgspec.Struct, kw_only=True, frozen=True):
    """How the notebook runner, or the wrapper before it, says that the job ended."""

    kind: OutcomeKind
    ename: str | None = None
    evalue: str | None = None
    cell: int | None = None
    """Number of the code cell, as a user counts: from 1."""


class Claim(msgspec.Struct, kw_only=True, frozen=True):
    """Which native id took the run directory."""

    nonce: str
    key: str
    native_id: str
    restart_count: int


class WrapperRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What ``wrapper.json`` holds."""

    nonce: str
    native_id: str
    attempt: int
    host: str
    pid: int
    started_at: datetime
    ended_at: datetime | None
    exit_code: int | None
    outcome: Outcome | None = None
    """Why the job could not be started, if it could not."""


class ProgressRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What ``progress.json`` holds; also what the runner writes."""

    nonce: str
    done: int
    total: int | None
    text: str
    cell: int | None
    heartbeat_at: datetime
    outcome: Outcome | None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a run directory proves when its job is said to be over, or gone."""

    status: RunStatus | None
    claim: Claim | None
    has_begun: bool | None
    """``None`` if nobody can tell: its file system is away."""


class RunStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a run directory says about its job. ``None`` is *not known (yet)*."""

    native_id: str
    attempt: int
    host: str
    pid: int
    started_at: datetime
    ended_at: datetime | None
    exit_code: int | None
    progress: Progress | None
    heartbeat_at: datetime | None
    outcome: Outcome | None
    was_started_again: bool = False
    """By a batch system that had forgotten it; the second run was refused."""


_Record = TypeVar("_Record", Claim, WrapperRecord, ProgressRecord)


def read_status(directory: Path, nonce: str) -> RunStatus | None:
    """Read the status of one job.

    Parameters
    ----------
    nonce
        A file that does not carry it is not ours.

    Returns
    -------
    ``None`` if the wrapper wrote nothing (yet), or nothing that can be believed. Never raises.
    """
    wrapper = _read(directory / "wrapper.json", nonce, WrapperRecord)
    if wrapper is None:
        return None
    runner = _read(directory / "progress.json", nonce, ProgressRecord)
    return RunStatus(
        native_id=wrapper.native_id,
        attempt=wrapper.attempt,
        host=wrapper.host,
        pid=wrapper.pid,
        started_at=wrapper.started_at,
        ended_at=wrapper.ended_at,
        exit_code=wrapper.exit_code,
        progress=None if runner is None else _progress(runner),
        heartbeat_at=None if runner is None else runner.heartbeat_at,
        outcome=_outcome(wrapper.outcome or (None if runner is None else runner.outcome)),
        was_started_again=read_own_file(directory / STARTED_AGAIN) == nonce.encode(),
    )


def read_evidence(directory: Path, nonce: str) -> Evidence:
    """Read what is in a run directory now, whatever was or was not there a moment ago.

    A directory that was removed proves that nothing can run in it. Never raises.
    """
    is_there = look_afresh(directory)
    status, claim = read_status(directory, nonce), read_claim(directory, nonce)
    has_begun = status is not None or (claim is not None and bool(claim.native_id))
    is_known = has_begun or is_there or directory.parent.is_dir()
    return Evidence(status=status, claim=claim, has_begun=has_begun if is_known else None)


def look_afresh(directory: Path) -> bool:
    """Tell whether a folder can be looked into, as it is now.

    A network file system remembers for up to a minute that a file was not there; it asks again
    when the folder of the file is opened.
    """
    try:
        os.close(os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def read_claim(directory: Path, nonce: str) -> Claim | None:
    """Read which native id took the run directory; ``None`` if none did, or none believable."""
    return _read(directory / "claim", nonce, Claim)


def read_own_file(path: Path, limit: int = MAX_STATUS_BYTES) -> bytes | None:
    """Read a small regular file of the user's own; ``None`` if it is anything else.

    Never blocks on a FIFO, follows no symbolic link, never raises.
    """
    try:
        with open_regular(path, follow_links=False) as file:
            if os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            content = file.read(limit + 1)
    except (OSError, ValueError):
        return None
    return content if len(content) <= limit else None


def _read(path: Path, nonce: str, kind: type[_Record]) -> _Record | None:
    content = read_own_file(path)
    if content is None:
        return None
    try:
        record = msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return record if record.nonce == nonce else None


def _progress(record: ProgressRecord) -> Progress | None:
    if record.done < 0 or (record.total is not None and record.total < record.done):
        return None
    return Progress(done=record.done, total=record.total, text=record.text[:_MAX_TEXT])


def _outcome(outcome: Outcome | None) -> Outcome | None:
    if outcome is None:
        return None
    return Outcome(
        kind=outcome.kind,
        ename=None if outcome.ename is None else outcome.ename[:_MAX_TEXT],
        evalue=None if outcome.evalue is None else outcome.evalue[:_MAX_TEXT],
        cell=outcome.cell,
    )
