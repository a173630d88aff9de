"""The bytes of a file of a run directory, piece by piece."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import FileNotReadable, LogNotReadable, NotFound
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import LogPlace, log_place, open_log
from jupyterlab_batch.service.ownfiles import open_own, parts_of
from jupyterlab_batch.store.store import Store

_PIECE_BYTES: Final = 2**20


class OpenFile(msgspec.Struct, kw_only=True):
    """A file that is read from its beginning to the end that it had when it was opened."""

    name: str
    size: int
    _descriptor: int

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield its bytes; fewer than ``size`` if it was truncated meanwhile."""
        offset = 0
        while offset < self.size:
            wanted = min(_PIECE_BYTES, self.size - offset)
            piece = await asyncio.to_thread(os.pread, self._descriptor, wanted, offset)
            if not piece:
                return
            offset += len(piece)
            yield piece

    def close(self) -> None:
        """Read no more."""
        os.close(self._descriptor)


class Downloads(msgspec.Struct, frozen=True, kw_only=True):
    """Opens logs, and files of run directories, whatever a job put there: regular ones, or none."""

    store: Store

    async def open(self, job_id: str, path: str) -> OpenFile:
        """Open a file below the run directory of a job; to be closed.

        Raises
        ------
        UnknownJob
        NotFound
        FileNotReadable
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        parts = parts_of(path)
        if parts is None:
            raise NotFound("There is no such file in the run directory.", field="path")
        try:
            return await asyncio.to_thread(_open, Path(record.run_directory), parts)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound("There is no such file in the run directory.", field="path") from error
        except OSError as error:
            message = f"The file cannot be read: {error.strerror or error}."
            raise FileNotReadable(message, field="path") from error

    async def open_log(self, job_id: str, stream: LogStream, task: int | None) -> OpenFile:
        """Open a whole log, wherever it is, or nothing while it is not there; to be closed.

        Raises
        ------
        UnknownJob
        NotFound
        LogNotReadable
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        place = log_place(record, stream, task)
        try:
            return await asyncio.to_thread(_open_log, place)
        except OSError as error:
            why = f"The log cannot be read: {error.strerror or error}."
            raise LogNotReadable(why) from error


def _open_log(place: LogPlace) -> OpenFile:
    try:
        with open_log(place) as (name, descriptor, status):
            return OpenFile(name=name, size=status.st_size, _descriptor=os.dup(descriptor))
    except FileNotFoundError:
        nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        return OpenFile(name=place.parts[-1], size=0, _descriptor=nothing)


def _open(directory: Path, parts: list[str]) -> OpenFile:
    with open_own(directory, parts) as (descriptor, status):
        return OpenFile(name=parts[-1], size=status.st_size, _descriptor=os.dup(descriptor))
