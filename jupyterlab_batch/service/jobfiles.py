"""What lies in a run directory, a window at a time; no link that a job put there is followed."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from jupyterlab_batch.domain.generated import JobFile, JobFiles
from jupyterlab_batch.domain.problems import FileNotReadable, NotFound
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.ownfiles import (
    is_own_file,
    is_own_folder,
    open_own_folder,
    parts_of,
)
from jupyterlab_batch.service.sight import Sight
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

MOST_ENTRIES: Final = 200_000
"""So many of one folder are counted and sorted."""
_Kind: TypeAlias = Literal["folder", "file", "other"]
_Entry: TypeAlias = tuple[bool, int, str]
# A query cannot carry them: the server takes them for blanks.
_NOT_SENT: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


class FileListing(msgspec.Struct, frozen=True, kw_only=True):
    """Lists folders of run directories."""

    store: Store
    sight: Sight
    root_dir: Path
    """The folder that JupyterLab shows."""

    async def window(self, job_id: str, folder: str, *, offset: int, limit: int) -> JobFiles:
        """Return some entries of a folder: folders first, numbers in their order, then by name.

        Parameters
        ----------
        folder
            Below the run directory; empty for the run directory itself.

        Raises
        ------
        UnknownJob
        NotFound
        FileNotReadable
            It is no folder of the user's own, a link leads to it, it may not be read, or this
            server does not see the run directory.
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        parts = parts_of(folder) if folder else []
        if parts is None:
            raise _not_there()
        directory = Path(record.run_directory)
        try:
            return await asyncio.to_thread(self._window, record, directory, parts, offset, limit)
        except OSError as error:
            unseen = await asyncio.to_thread(self.sight.why_unseen, record, *parts)
            if unseen is None and isinstance(error, FileNotFoundError):
                raise _not_there() from error
            message = unseen or f"The folder cannot be read: {error.strerror or error}."
            raise FileNotReadable(message, field="folder") from error

    def _window(
        self, record: JobRecord, directory: Path, parts: list[str], offset: int, limit: int
    ) -> JobFiles:
        opened = open_own_folder(directory, parts)
        try:
            entries, is_more = _entries(opened)
            names = [name for _, _, name in entries[offset : offset + limit]]
            shown = self._shown(directory, parts)
            files = [_file(opened, parts, name, shown) for name in names]
        finally:
            os.close(opened)
        return JobFiles(
            total=len(entries),
            is_more=is_more,
            is_nothing_seen=self.sight.is_nothing_seen(record),
            files=files,
        )

    def _shown(self, directory: Path, parts: Iterable[str]) -> str | None:
        """Return what the file browser calls a folder; ``None`` if it does not show it."""
        path = directory.joinpath(*parts)
        if not path.is_relative_to(self.root_dir):
            return None
        below = path.relative_to(self.root_dir)
        return None if any(part.startswith(".") for part in below.parts) else below.as_posix()


def _entries(folder: int) -> tuple[list[_Entry], bool]:
    with os.scandir(folder) as found:
        entries = [
            (not entry.is_dir(follow_symlinks=False), _number(entry.name), entry.name)
            for entry in islice(found, MOST_ENTRIES)
        ]
        is_more = next(found, None) is not None
    return sorted(entries), is_more


def _number(name: str) -> int:
    """Return that of a name that is one, as the folders of tasks are; else one behind them all."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else 10**16


def _file(folder: int, parts: list[str], name: str, shown: str | None) -> JobFile:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:  # it was removed meanwhile
        status = None
    kind = _kind_of(name, status)
    is_seen = kind != "other" and shown is not None and not name.startswith(".")
    return JobFile(
        name=_readable(name),
        path=_readable("/".join([*parts, name])),
        kind=kind,
        size_bytes=status.st_size if status and kind == "file" else None,
        modified_at=status and datetime.fromtimestamp(status.st_mtime, timezone.utc),
        contents_path=f"{shown}/{name}" if is_seen else None,
    )


def _kind_of(name: str, status: os.stat_result | None) -> _Kind:
    if status is None or _readable(name) != name or _NOT_SENT.search(name):
        return "other"
    if is_own_folder(status):
        return "folder"
    return "file" if is_own_file(status) else "other"


def _readable(name: str) -> str:
    """Write an escape for each byte of a name that is no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _not_there() -> NotFound:
    return NotFound("There is no such folder in the run directory.", field="folder")
