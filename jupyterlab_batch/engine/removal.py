"""Removing one run directory: by descriptor, following no link. All functions block."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final, NoReturn

from jupyterlab_batch.engine.jobfile import JobFile, decode_job
from jupyterlab_batch.engine.status import MAX_STATUS_BYTES

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_JOB: Final = "job.json"


class NotOurs(OSError):
    """It is not the run directory of that job, or not the user's own."""


def remove_run(directory: Path, job_id: str) -> None:
    """Remove the run directory of a job with all that is in it.

    ``job.json`` goes last: what could not be removed as a whole can be removed later.

    Raises
    ------
    NotOurs
        Nothing was removed.
    OSError
        Not all of it was removed.
    """
    root = os.open(directory.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        opened = _open_own(directory.name, job_id, root)
        try:
            _empty(opened)
            # Only the directory that was emptied, or another that is empty too, can go.
            os.rmdir(directory.name, dir_fd=root)
        finally:
            os.close(opened)
    finally:
        os.close(root)


def _open_own(name: str, job_id: str, root: int) -> int:
    try:
        opened = os.open(name, _DIRECTORY, dir_fd=root)
    except OSError as error:
        raise NotOurs(error.errno, error.strerror) from error
    job = _read_job(opened)
    if os.fstat(opened).st_uid != os.getuid() or job is None or job.job_id != job_id:
        os.close(opened)
        raise NotOurs
    return opened


def _read_job(directory: int) -> JobFile | None:
    try:
        descriptor = os.open(_JOB, _FILE, dir_fd=directory)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
            return None
        return decode_job(os.read(descriptor, MAX_STATUS_BYTES))
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _empty(directory: int) -> None:
    walk = os.fwalk(".", topdown=False, onerror=_fail, follow_symlinks=False, dir_fd=directory)
    for folder, folders, files, descriptor in walk:
        is_top = folder == "."
        for name in files:
            if not (is_top and name == _JOB):
                os.unlink(name, dir_fd=descriptor)
        for name in folders:
            _remove_folder(name, descriptor)
    os.unlink(_JOB, dir_fd=directory)


def _remove_folder(name: str, parent: int) -> None:
    # `fwalk` counts a link to a folder among the folders.
    if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=parent)
    else:
        os.rmdir(name, dir_fd=parent)


def _fail(error: OSError) -> NoReturn:
    raise error
