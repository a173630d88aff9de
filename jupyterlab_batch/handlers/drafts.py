"""Forms that were not submitted."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.generated import DraftInput, DraftList
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class DraftsHandler(ProblemAPIHandler):
    """All drafts."""

    auth_resource = "jupyterlab-batch:drafts"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return the drafts, newest first."""
        self.answer(DraftList(drafts=await self.service.drafts.listed()))


class DraftHandler(ProblemAPIHandler):
    """One draft."""

    auth_resource = "jupyterlab-batch:drafts"

    @web.authenticated
    @authorized
    async def get(self, key: str) -> None:
        """Return a draft, with the job if its key was sent."""
        self.answer(await self.service.drafts.get(key))

    @web.authenticated
    @authorized
    async def put(self, key: str) -> None:
        """Keep a form."""
        self.answer(await self.service.drafts.put(key, self.decode_body(DraftInput)))

    @web.authenticated
    @authorized
    async def delete(self, key: str) -> None:
        """Throw a form away."""
        await self.service.drafts.delete(key)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()
