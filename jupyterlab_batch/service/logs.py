"""Bytes of a job's log; never anything else, whatever the job put in its place."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import LogNotReadable
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import LogPlace, log_place, open_log
from jupyterlab_batch.service.sight import Sight
from jupyterlab_batch.store.store import Store

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
    """Reads logs by byte range: those in run directories, and those that their users name."""

    def __init__(self, store: Store, sight: Sight) -> None:
        self._store = store
        self._sight = sight
        self._known: OrderedDict[LogPlace, _Known] = OrderedDict()

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
            There is something else in the log's place, or it may not be read, or this server does
            not see what the job writes.
        """
        record = await self._store.get(job_id)
        if record is None:
            raise unknown_job()
        place = log_place(record, stream, task)
        try:
            found = await asyncio.to_thread(_read, place, offset, limit)
        except OSError as error:
            why = f"The log cannot be read: {error.strerror or error}."
            unseen = await asyncio.to_thread(self._sight.why_unseen, record, *place.parts)
            raise LogNotReadable(unseen or why) from error
        if found is None:
            unseen = await asyncio.to_thread(self._sight.why_unseen, record, *place.parts)
            if unseen is not None:
                raise LogNotReadable(unseen)
            return LogSlice(content=b"", offset=0, size=0, etag='"none"')
        content, start, status = found
        etag = self._etag(place, status)
        return LogSlice(content=content, offset=start, size=status.st_size, etag=etag)

    def _etag(self, key: LogPlace, status: os.stat_result) -> str:
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


def _read(place: LogPlace, offset: int, limit: int) -> tuple[bytes, int, os.stat_result] | None:
    try:
        with open_log(place) as (_, descriptor, status):
            size = status.st_size
            start = max(0, size + offset) if offset < 0 else min(offset, size)
            return os.pread(descriptor, min(limit, size - start), start), start, status
    except FileNotFoundError:
        return None
