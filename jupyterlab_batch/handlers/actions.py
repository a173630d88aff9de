"""What a user does to jobs that are there, beside what every batch system can."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.generated import ActionInput, ActionResults, ResubmitInput
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class ActionsHandler(ProblemAPIHandler):
    """One action on many jobs."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Do the same to many jobs, and tell of each what came of it."""
        given = self.decode_body(ActionInput)
        key = self.request.headers.get("Idempotency-Key")
        results = await self.service.many.act(given, key=key, anyway=self.flag("anyway"))
        self.answer(ActionResults(results=results))


class ResubmitHandler(ProblemAPIHandler):
    """A job once more."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Submit what a job ran again, once per key."""
        given = self.decode_body(ResubmitInput)
        taken = await self.service.resubmitter.resubmit(
            job_id,
            given.patch,
            key=self.request.headers.get("Idempotency-Key"),
            anyway=self.flag("anyway"),
        )
        status = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
        self.answer(await self.service.listing.detail(taken.record), status=status)


class DeclareLostHandler(ProblemAPIHandler):
    """A job that nobody can find."""

    @web.authenticated
    @authorized
    async def post(self, job_id: str) -> None:
        """Take the user's word that an unknown job does not exist."""
        self.answer(await self.service.decider.declare_lost(job_id))
