"""Bytes of a job's log; never anything else, whatever the job put in its place."""

from __future__ import annotations

import asyncio
from functools import partial

from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import LogNotReadable
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import log_place, open_log
from jupyterlab_batch.service.logslices import NO_LOG, LogSlice, LogSlices
from jupyterlab_batch.service.sight import Sight
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
            why = f"The log cannot be read: {error.strerror or error}."
            unseen = await asyncio.to_thread(self._sight.why_unseen, record, *place.parts)
            raise LogNotReadable(unseen or why) from error
        if found is NO_LOG:
            unseen = await asyncio.to_thread(self._sight.why_unseen, record, *place.parts)
            if unseen is not None:
                raise LogNotReadable(unseen)
        return found
