"""The run directories of jobs: list them, remove them."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.generated import RemovalInput, RemovalResults
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class RunDirectoriesHandler(ProblemAPIHandler):
    """All of them."""

    auth_resource = "jupyterlab-batch:run-directories"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return a window of run directories, newest first."""
        limit = self.number("limit", 50, least=1, most=500)
        directories = self.service.run_directories
        self.answer(await directories.window(cursor=self.text("cursor"), limit=limit))


class RemovalHandler(ProblemAPIHandler):
    """Some of them, to be removed."""

    auth_resource = "jupyterlab-batch:run-directories"

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Remove those of jobs that are over, and tell of each what came of it."""
        given = self.decode_body(RemovalInput)
        results = await self.service.run_directories.remove(given.job_ids)
        self.answer(RemovalResults(results=results))
