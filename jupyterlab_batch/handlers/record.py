"""The record of a job, and what happened to it."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.handlers.base import ProblemAPIHandler


class EventsHandler(ProblemAPIHandler):
    """What happened to one job."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return when it came into which phase."""
        self.answer(await self.service.provenance.events(job_id))


class RecordHandler(ProblemAPIHandler):
    """The provenance of one job."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return all that is to be kept of a job."""
        self.answer(await self.service.provenance.record(job_id))
