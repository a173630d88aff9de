"""Bytes of a job's log; never anything else, whatever the job put in its place."""

from __future__ import annotations

import asyncio
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import LogNotReadable, NotFound
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_NAMES: Final[dict[LogStream, str]] = {"stdout": "stdout.log", "stderr": "stderr.log"}
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_REMEMBERED: Final = 1000


@dataclass(frozen=True, kw_only=True)
class LogSlice:
    """Some bytes of a log."""

    content: bytes
    offset: int
    """Where the first byte stands in the file."""
    size: int
    """Of the file now."""
    etag: str
    """Changes when the file is another one or was truncated, not when it grows."""


@dataclass(kw_only=True)
class _Known:
    inode: tuple[int, int]
    size: int
    generation: int


class LogReader:
    """Reads logs by byte range, only from the jobs' own run directories."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[Path, _Known] = OrderedDict()

    async def read(
        self, job_id: str, stream: LogStream, *, offset: int, limit: int, task: int | None = None
    ) -> LogSlice:
        """Return at most ``limit`` bytes; a negative offset counts from the end.

        Parameters
        ----------
        task
            Index of a task; needed for an array, and only there.

        Raises
        ------
        UnknownJob
        NotFound
        LogNotReadable
            There is something else in the log's place, or it may not be read.
        """
        record = await self._store.get(job_id)
        if record is None:
            raise unknown_job()
        path = Path(record.run_directory, *_folder_of_task(record, task), _NAMES[stream])
        try:
            found = await asyncio.to_thread(_read, Path(record.run_directory), path, offset, limit)
        except OSError as error:
            raise LogNotReadable(f"The log cannot be read: {error.strerror or error}.") from error
        if found is None:
            return LogSlice(content=b"", offset=0, size=0, etag='"none"')
        content, start, status = found
        etag = self._etag(path, status)
        return LogSlice(content=content, offset=start, size=status.st_size, etag=etag)

    def _etag(self, key: Path, status: os.stat_result) -> str:
        inode = (status.st_dev, status.st_ino)
        known = self._known.pop(key, None)
        if known is None or known.inode != inode:
            known = _Known(inode=inode, size=0, generation=0)
        if status.st_size < known.size:
            known.generation += 1
        known.size = status.st_size
        self._known[key] = known
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return f'"{inode[0]:x}-{inode[1]:x}-{known.generation}"'


def _folder_of_task(record: JobRecord, task: int | None) -> tuple[str, ...]:
    array = array_of(record.spec)
    if array is None and task is None:
        return ()
    if array is None:
        raise NotFound("This job is no array: it has no tasks.", field="task")
    if task is None:
        raise NotFound("This job is an array: say of which task.", field="task")
    if task not in task_indices(array):
        raise NotFound("This array has no such task.", field="task")
    return ("tasks", str(task))


def _read(
    directory: Path, path: Path, offset: int, limit: int
) -> tuple[bytes, int, os.stat_result] | None:
    """Open step by step, following no link, and look at what was opened rather than at a name."""
    try:
        folder = _open_folder(directory, path.relative_to(directory).parts[:-1])
    except FileNotFoundError:
        return None
    try:
        descriptor = os.open(path.name, _OPEN, dir_fd=folder)
        try:
            status = os.fstat(descriptor)
            _check(status, os.stat(path.name, dir_fd=folder, follow_symlinks=False))
            size = status.st_size
            start = max(0, size + offset) if offset < 0 else min(offset, size)
            return os.pread(descriptor, min(limit, size - start), start), start, status
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    finally:
        os.close(folder)


def _open_folder(directory: Path, parts: tuple[str, ...]) -> int:
    """Open a folder of the user's own below another, each step from the one before it."""
    folder = os.open(directory, _OPEN | os.O_DIRECTORY)
    try:
        _check_owner(os.fstat(folder))
        for part in parts:
            above, folder = folder, os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=folder)
            os.close(above)
            _check_owner(os.fstat(folder))
    except BaseException:
        os.close(folder)
        raise
    return folder


def _check(opened: os.stat_result, named: os.stat_result) -> None:
    """Refuse what is no regular file of the run directory's own.

    A file that was opened by a second name has one name again when that was removed: so the name
    must lead to it still, and be its only one.
    """
    _check_owner(opened)
    is_own = named.st_nlink == 1 and os.path.samestat(opened, named)
    if not stat.S_ISREG(opened.st_mode) or not is_own:
        raise OSError("it is no regular file of its own")


def _check_owner(status: os.stat_result) -> None:
    if status.st_uid != os.getuid():
        raise OSError("it belongs to somebody else")
