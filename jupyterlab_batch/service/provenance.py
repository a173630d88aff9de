"""The record of a job: what ran, in which version, in which environment, and what came of it."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path

import msgspec

from jupyterlab_batch.domain.generated import (
    CodeVersion,
    JobEvents,
    PythonEnvironment,
    Record,
)
from jupyterlab_batch.engine.jobfile import CODE_NAME
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.codeversion import read_kept
from jupyterlab_batch.service.listing import Listing
from jupyterlab_batch.store.store import Store


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Puts records together from the store and the run directory."""

    listing: Listing
    store: Store

    async def events(self, job_id: str) -> JobEvents:
        """Return when a job came into which phase.

        Raises
        ------
        UnknownJob
        """
        events = await self.store.events(job_id)
        if not events:
            raise unknown_job()
        return JobEvents(events=events)

    async def record(self, job_id: str) -> Record:
        """Return the record of a job; no secret is in it.

        Raises
        ------
        UnknownJob
        """
        job = await self.listing.job(job_id)
        directory = Path(job.run_directory)
        return Record(
            version=await asyncio.to_thread(version, "jupyterlab_batch"),
            job=job,
            events=await self.store.events(job_id),
            code=await asyncio.to_thread(read_kept, directory, CODE_NAME, CodeVersion),
            environment=await asyncio.to_thread(
                read_kept, directory, PACKAGES_NAME, PythonEnvironment
            ),
        )
