"""Bytes of a job's log; never anything else, whatever the job put in its place."""

from __future__ import annotations

import asyncio
from functools import partial

from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import LogNotReadable
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import LogPlace, log_place, named_path, open_log
from jupyterlab_batch.service.logslices import NO_LOG, LogSlice, LogSlices
from jupyterlab_batch.service.sight import Sight
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store


class LogReader:
    """Reads logs by byte range: those in run directories, and those that their users name."""

    def __init__(self, store: Store, sight: Sight) -> None:
        self._store = store
        self._sight = sight
        self._slices = LogSlices()

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
            found = await self._slices.read(
                place, partial(open_log, place), offset=offset, limit=limit
            )
        except OSError as error:
            raise LogNotReadable(
                await asyncio.to_thread(self._why, record, place, error)
            ) from error
        if found is NO_LOG or (found.size == 0 and place.name is not None):
            unseen = await asyncio.to_thread(self._why_empty, record, place, found)
            if unseen is not None:
                raise LogNotReadable(unseen)
        return found

    def _why(self, record: JobRecord, place: LogPlace, error: OSError) -> str:
        path = named_path(place)
        unseen = None if path else self._sight.why_unseen(record, *place.parts)
        where = f" {self._sight.there(record, path)}" if path else ""
        return unseen or f"The log{where} cannot be read: {error.strerror or error}."

    def _why_empty(self, record: JobRecord, place: LogPlace, found: LogSlice) -> str | None:
        path = named_path(place)
        if path is not None:
            return self._sight.why_elsewhere(record, path)
        return self._sight.why_unseen(record, *place.parts) if found is NO_LOG else None
