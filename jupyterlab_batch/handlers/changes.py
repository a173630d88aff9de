"""What changed."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.problems import BadRequest
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class ChangesHandler(ProblemAPIHandler):
    """The change log."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return what changed after a sequence number."""
        store_id = self.given("store_id", longest=64)
        if store_id is None:
            raise BadRequest("store_id is needed.", field="store_id")
        since = self.number("since", None, least=0, most=MAX_INTEGER)
        day_start = self.moment("day_start")
        self.answer(await self.service.listing.changes(since, store_id, day_start=day_start))
