"""Bytes of a log; never anything else, whatever was put in its place."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

import msgspec

_REMEMBERED: Final = 1000
Open: TypeAlias = Callable[[], AbstractContextManager[tuple[str, int, os.stat_result]]]
"""Opens a log: its name, its descriptor, and what it is."""


class LogSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Some bytes of a log."""

    content: bytes
    offset: int
    """Where the first byte stands in the file."""
    size: int
    """Of the file now."""
    etag: str
    """Changes when the file is another one or was truncated, not when it grows."""


NO_LOG: Final = LogSlice(content=b"", offset=0, size=0, etag='"none"')
"""Of a log that does not exist (yet)."""


class _Known(msgspec.Struct, kw_only=True):
    inode: tuple[int, int]
    size: int
    generation: int


class LogSlices(msgspec.Struct):
    """Reads logs by byte range, and knows each of them again."""

    _known: OrderedDict[Hashable, _Known] = msgspec.field(default_factory=OrderedDict)

    async def read(self, key: Hashable, open_log: Open, *, offset: int, limit: int) -> LogSlice:
        """Return at most ``limit`` bytes of a log; `NO_LOG` if it is not there.

        A negative offset counts from the end.

        Raises
        ------
        OSError
        """
        found = await asyncio.to_thread(_read, open_log, offset, limit)
        if found is None:
            return NO_LOG
        content, start, status = found
        etag = self._etag(key, status)
        return LogSlice(content=content, offset=start, size=status.st_size, etag=etag)

    def _etag(self, key: Hashable, status: os.stat_result) -> str:
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


def _read(open_log: Open, offset: int, limit: int) -> tuple[bytes, int, os.stat_result] | None:
    try:
        with open_log() as (_, descriptor, status):
            size = status.st_size
            start = max(0, size + offset) if offset < 0 else min(offset, size)
            return os.pread(descriptor, min(limit, size - start), start), start, status
    except FileNotFoundError:
        return None
