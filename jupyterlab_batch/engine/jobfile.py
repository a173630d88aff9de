"""What a run directory remembers of the submission that made it. All functions block."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import LogStream, Submission
from jupyterlab_batch.domain.identifiers import KEY_PATTERN, TAG_PREFIX, digest_of
from jupyterlab_batch.engine.status import read_own_file

CODE_NAME: Final = "code.json"
"""Which version of the code ran, as it was when the job was submitted."""
_MAX_SPEC_BYTES: Final = 16 * 1024 * 1024
_JOB_ID: Final = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")


class JobFile(msgspec.Struct, kw_only=True, frozen=True):
    """What ``job.json`` holds."""

    job_id: str
    key: str
    tag: str
    nonce: str
    gateway_id: str
    created_at: datetime
    resubmitted_from: str | None = None
    source_path: str | None = None
    digest: str = ""
    """Empty in run directories that an older version made."""
    outputs: tuple[str, ...] = ()
    logs: dict[LogStream, str] = msgspec.field(default_factory=dict)
    """Where those are that are not in the run directory, absolute; of tasks with ``{index}``."""


class RunOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """One run directory that can be believed."""

    directory: Path
    job: JobFile
    submission: Submission
    digest: str


def read_origins(run_root: Path) -> Iterator[RunOrigin]:
    """Yield what the run directories below a folder remember, oldest first.

    Passed over: what belongs to another user, is a symbolic link, or holds nonsense. A folder
    that is not there holds none.

    Raises
    ------
    OSError
        The folder cannot be read: nobody knows what is in it.
    """
    try:
        directories = sorted(run_root.iterdir())
    except FileNotFoundError:
        return
    for directory in directories:
        origin = read_origin(directory)
        if origin is not None:
            yield origin


def read_origin(directory: Path) -> RunOrigin | None:
    """Read one run directory; ``None`` if it is none of ours. Never raises."""
    try:
        status = os.lstat(directory)
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        return None
    content = read_own_file(directory / "job.json")
    spec = read_own_file(directory / "spec.json", _MAX_SPEC_BYTES)
    if content is None or spec is None:
        return None
    job = decode_job(content)
    try:
        submission = msgspec.json.decode(spec, type=Submission)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if job is None or not _is_sound(directory, job, submission):
        return None
    digest = job.digest or digest_of(submission)
    return RunOrigin(directory=directory, job=job, submission=submission, digest=digest)


def decode_job(content: bytes) -> JobFile | None:
    """Return what a ``job.json`` says; ``None`` if that is nonsense."""
    try:
        return msgspec.json.decode(content, type=JobFile)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _is_sound(directory: Path, job: JobFile, submission: Submission) -> bool:
    """Tell whether the parts agree; a copy under another name is not the job's run directory."""
    return (
        _JOB_ID.fullmatch(job.job_id) is not None
        and KEY_PATTERN.fullmatch(job.key) is not None
        and job.tag == TAG_PREFIX + job.job_id
        and bool(job.nonce)
        and job.created_at.tzinfo is not None
        and job.gateway_id == submission.gateway_id
        and directory.name.endswith("-" + job.job_id[-6:])
    )
