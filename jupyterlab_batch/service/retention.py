"""What is forgotten: jobs that the user no longer wants to see, jobs by age, keys by age.

Run directories are never touched by this.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec

from jupyterlab_batch.domain.problems import NotFinal
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.store.forgetting import AT_ONCE
from jupyterlab_batch.store.store import Store

KEY_LIFETIME: Final = timedelta(days=30)
"""A key is kept that long after it was sent, whatever becomes of its job."""
NOT_OVER: Final = "The job is not over yet. Nothing was changed. Cancel it first, or wait for it."
_INTERVAL_SECONDS: Final = 3600.0


class Retention(msgspec.Struct, kw_only=True):
    """Forgets records, never run directories."""

    store: Store
    keep_jobs_days: int
    """Jobs that ended longer ago are forgotten; 0: never."""
    clock: Callable[[], float] = time.monotonic
    _next_look: float = msgspec.field(default=0.0)

    async def forget(self, job_id: str) -> None:
        """Forget the record of a job that is over.

        Raises
        ------
        UnknownJob, NotFinal
        """
        (forgotten,) = await self.store.forget([job_id])
        if forgotten.outcome == "not_found":
            raise unknown_job()
        if forgotten.outcome == "not_final":
            raise NotFinal(NOT_OVER)

    async def look(self) -> None:
        """Forget what is too old, at most once an hour."""
        if self.clock() >= self._next_look:
            await self.clean(datetime.now(timezone.utc))
            self._next_look = self.clock() + _INTERVAL_SECONDS

    async def clean(self, now: datetime) -> None:
        """Forget jobs, Dask clusters and keys that are too old at some time."""
        ended_before = None
        if self.keep_jobs_days:
            ended_before = now - timedelta(days=self.keep_jobs_days)
            while await self.store.forget_before(ended_before) == AT_ONCE:
                continue
        await self.store.purge_keys(now - KEY_LIFETIME)
        await self.store.forget_clusters(ended_before, now - KEY_LIFETIME)
