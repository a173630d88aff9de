"""What the run directories take up, and their removal: when the user asks, never otherwise."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import RemovalResult, RunDirectory, RunDirectoryList
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.engine.jobfile import RunOrigin, read_origin
from jupyterlab_batch.engine.removal import NotOurs, remove_run
from jupyterlab_batch.service.rebuild import Rebuilder
from jupyterlab_batch.store.store import Store

_SIZES_SECONDS: Final = 2.0
"""So long one request measures; what is not measured then is measured by the next."""
_KEPT_SIZES: Final = 10_000
_NOT_OVER: Final = "Its job is not over. Nothing was removed. Cancel it first, or wait for it."
_NOT_FOUND: Final = "There is no run directory of this job below the run root of this server."
_Stamp = tuple[str, int]


class RunDirectories(msgspec.Struct, kw_only=True):
    """Lists and removes what lies below the run roots."""

    store: Store
    rebuilder: Rebuilder
    run_roots: Sequence[Path]
    _sizes: dict[_Stamp, int] = msgspec.field(default_factory=dict)
    """Of directories whose jobs are over, by path and time of change."""

    async def window(self, *, cursor: str | None, limit: int) -> RunDirectoryList:
        """Return the run directories after a cursor, newest first.

        Raises
        ------
        StoreUnavailable
        """
        # A store that was lost knows nothing of jobs that run still.
        await self.rebuilder.ensure()
        try:
            origins = await asyncio.to_thread(self._origins, cursor, limit + 1)
        except OSError as error:
            raise StoreUnavailable(
                f"{error.filename} cannot be read ({error.strerror}). Jobs go on, and nothing was "
                "changed. Make it readable, then try again."
            ) from error
        shown = origins[:limit]
        over = await self._over([origin.job.job_id for origin in shown])
        sizes = await asyncio.to_thread(self._measure, shown, over)
        return RunDirectoryList(
            rows=[_row(origin, over[origin.job.job_id], sizes) for origin in shown],
            cursor=shown[-1].directory.name if len(origins) > limit else None,
        )

    async def remove(self, job_ids: Sequence[str]) -> list[RemovalResult]:
        """Remove the run directories of jobs that are over, each by itself.

        Raises
        ------
        StoreUnavailable
            Nothing was removed.
        """
        await self.rebuilder.ensure()
        wanted = list(dict.fromkeys(job_ids))
        try:
            found = await asyncio.to_thread(self._find, wanted)
        except OSError as error:
            raise StoreUnavailable(
                f"{error.filename} cannot be read ({error.strerror}). Nothing was removed."
            ) from error
        return [await self._remove(job_id, found.get(job_id)) for job_id in wanted]

    async def _remove(self, job_id: str, directory: Path | None) -> RemovalResult:
        if directory is None:
            return _result(job_id, "not_found", _NOT_FOUND)
        is_over, _ = (await self._over([job_id]))[job_id]
        if not is_over:
            return _result(job_id, "denied", _NOT_OVER)
        try:
            await asyncio.to_thread(remove_run, directory, job_id)
        except NotOurs:
            return _result(job_id, "not_found", _NOT_FOUND)
        except OSError as error:
            message = f"Not all of {directory} could be removed ({error.strerror}). Try again."
            return _result(job_id, "error", message)
        return _result(job_id, "ok", None)

    async def _over(self, job_ids: Sequence[str]) -> dict[str, tuple[bool, bool]]:
        """Return whether jobs are over, and whether they are forgotten: only what is over is."""
        phases = await self.store.phases(job_ids)
        return {
            job_id: (is_final(phases[job_id]), False) if job_id in phases else (True, True)
            for job_id in job_ids
        }

    def _origins(self, cursor: str | None, limit: int) -> list[RunOrigin]:
        found: list[RunOrigin] = []
        for path in sorted(self._paths(), key=lambda path: path.name, reverse=True):
            if cursor is None or path.name < cursor:
                origin = read_origin(path)
                if origin is not None:
                    found.append(origin)
                if len(found) == limit:
                    break
        return found

    def _find(self, job_ids: Sequence[str]) -> dict[str, Path]:
        ends = {job_id[-6:] for job_id in job_ids}
        found = {}
        for path in self._paths():
            if path.name[-6:] in ends:
                origin = read_origin(path)
                if origin is not None:
                    found[origin.job.job_id] = origin.directory
        return found

    def _paths(self) -> list[Path]:
        found: list[Path] = []
        for run_root in self.run_roots:
            with suppress(FileNotFoundError):
                found += run_root.iterdir()
        return found

    def _measure(
        self, origins: Sequence[RunOrigin], over: dict[str, tuple[bool, bool]]
    ) -> dict[Path, int]:
        until = time.monotonic() + _SIZES_SECONDS
        sizes = {}
        for origin in origins:
            stamp = _stamp(origin.directory)
            size = self._sizes.get(stamp) if stamp else None
            if size is None:
                size = _size(origin.directory, until)
                if size is not None and stamp and over[origin.job.job_id][0]:
                    self._sizes[stamp] = size
            if size is not None:
                sizes[origin.directory] = size
        while len(self._sizes) > _KEPT_SIZES:
            self._sizes.pop(next(iter(self._sizes)))
        return sizes


def _size(directory: Path, until: float) -> int | None:
    """Return the sum of all files in a directory; ``None`` if that takes too long."""
    total = 0
    for _, _, files, descriptor in os.fwalk(directory, follow_symlinks=False):
        for name in files:
            if time.monotonic() > until:
                return None
            try:
                total += os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_size
            except FileNotFoundError:
                continue
    return total


def _stamp(directory: Path) -> _Stamp | None:
    try:
        return str(directory), directory.lstat().st_mtime_ns
    except OSError:
        return None


def _row(origin: RunOrigin, over: tuple[bool, bool], sizes: dict[Path, int]) -> RunDirectory:
    is_over, is_forgotten = over
    return RunDirectory(
        path=str(origin.directory),
        job_id=origin.job.job_id,
        name=origin.submission.spec.name,
        size_bytes=sizes.get(origin.directory),
        created_at=origin.job.created_at,
        is_over=is_over,
        is_forgotten=is_forgotten,
    )


def _result(job_id: str, outcome: Any, message: str | None) -> RemovalResult:  # noqa: ANN401 -- a literal
    return RemovalResult(job_id=job_id, outcome=outcome, message=message)
