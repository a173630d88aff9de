"""Jobs that scripts describe."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.generated import ImportInput
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class ImportHandler(ProblemAPIHandler):
    """A script that describes its own job."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Return the job that a script describes. Submits nothing."""
        self.answer(await self.service.importer.read(self.decode_body(ImportInput)))
