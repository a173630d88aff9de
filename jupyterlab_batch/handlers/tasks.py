"""Tasks of arrays."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.phases import PHASES
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.store.taskorder import MEASURED, TaskQuery


class TasksHandler(ProblemAPIHandler):
    """All tasks of one array."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return a window of tasks."""
        asked = TaskQuery(
            phases=frozenset(self.words("phase", PHASES)),
            sort=self.word("sort", ("index", "phase", *MEASURED)) or "index",
            descending=self.flag("descending"),
            offset=self.number("offset", 0, least=0, most=MAX_INTEGER),
            limit=self.number("limit", 50, least=1, most=500),
        )
        self.answer(await self.service.task_listing.tasks(job_id, asked))


class TaskPhasesHandler(ProblemAPIHandler):
    """An array at a glance."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return the phases of all tasks, as runs of neighbours."""
        self.answer(await self.service.task_listing.phases(job_id))


class TaskCausesHandler(ProblemAPIHandler):
    """Why tasks of an array failed."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return the causes, the commonest first."""
        self.answer(await self.service.task_causes.causes(job_id))


class TaskUsageHandler(ProblemAPIHandler):
    """What the tasks of an array used."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return how what they used is spread."""
        self.answer(await self.service.task_usage.usage(job_id))
