"""Frees the key of a submission that was refused, however long the store cannot."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 1.0


async def take_back(store: Store, tasks: BackgroundTasks, job_id: str) -> None:
    """Remove a job that was definitely refused, now or as soon as the store can be written.

    Until then its key is answered as in flight. There is nothing to look for: no job exists.
    """
    try:
        await store.take_back(job_id)
    except StoreUnavailable as problem:
        _log.error("%s", problem.message)
        tasks.start(_at_last(store, job_id), name=f"take back {job_id}")


async def _at_last(store: Store, job_id: str) -> None:
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            return await store.take_back(job_id)
        except StoreUnavailable as problem:
            _log.info("Job %s cannot be taken back yet: %s", job_id, problem.message)
