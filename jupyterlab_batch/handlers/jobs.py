"""Jobs: check, submit, list, look at, change."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from jupyter_server.auth.decorator import authorized
from msgspec import Meta
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER, parse_object
from jupyterlab_batch.domain.generated import JobPatch, SeenInput, SubmissionResults
from jupyterlab_batch.domain.phases import JOB_GROUPS, PHASES
from jupyterlab_batch.domain.problems import BadRequest
from jupyterlab_batch.domain.structs import Input
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.store.finding import ORDERS, JobFilter, Order

_MOST_SUBMISSIONS: Final = 1000


class JobsHandler(ProblemAPIHandler):
    """All jobs."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return a window of jobs."""
        limit = self.number("limit", 50, least=1, most=500)
        chosen, order, day_start = self._filter(), self._order(), self.moment("day_start")
        self.answer(
            await self.service.listing.jobs(chosen, order, limit=limit, day_start=day_start)
        )

    def _filter(self) -> JobFilter:
        return JobFilter(
            group=self.word("group", JOB_GROUPS),
            phases=tuple(self.words("phase", PHASES)),
            gateway_ids=tuple(self.several("gateway_id")),
            q=self.text("q"),
            tags=tuple(self.several("tag")),
        )

    def _order(self) -> Order:
        order = Order(
            sort=self.word("sort", list(ORDERS)) or "created",
            descending=self.flag("descending", default=True),
            cursor=self.text("cursor"),
            offset=self.number("offset", 0, least=0, most=MAX_INTEGER),
        )
        if order.cursor is not None and not order.has_cursor:
            raise BadRequest("cursor goes on from a list of the newest first.", field="cursor")
        return order

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Submit a job, once per key."""
        taken = await self.service.submitter.submit(
            parse_object(self.body),
            key=self.request.headers.get("Idempotency-Key"),
            anyway=self.flag("anyway"),
        )
        status = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
        self.answer(await self.service.listing.detail(taken.record), status=status)


class SubmissionsHandler(ProblemAPIHandler):
    """Many jobs at once."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Submit jobs, each once per key of its own, and tell of each what came of it."""
        asked = _keyed(parse_object(self.body))
        results = await self.service.many_submitter.submit(asked, anyway=self.flag("anyway"))
        self.answer(SubmissionResults(results=results))


class _KeyedRaw(Input, frozen=True):
    key: str
    submission: dict[str, Any]
    """Decoded where a single one is: what is wrong with it is the matter of this one alone."""


class _SubmissionsRaw(Input, frozen=True):
    submissions: Annotated[list[_KeyedRaw], Meta(min_length=1, max_length=_MOST_SUBMISSIONS)]


def _keyed(raw: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return submissions by their keys.

    Raises
    ------
    BadRequest
    """
    try:
        given = msgspec.convert(raw, _SubmissionsRaw).submissions
    except (msgspec.ValidationError, UnicodeError) as error:
        words = str(error).encode(errors="replace").decode()
        raise BadRequest(f"The request is not as it should be: {words}.") from error
    asked = {one.key: one.submission for one in given}
    if len(asked) < len(given):
        raise BadRequest("Each submission needs a key of its own. Nothing was submitted.")
    return asked


class CheckHandler(ProblemAPIHandler):
    """What would happen."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Return what is wrong with a submission, and what would be sent."""
        self.answer(await self.service.checker.check(parse_object(self.body)))


class SeenHandler(ProblemAPIHandler):
    """What the user has looked at."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Mark what was over by a change as seen."""
        given = self.decode_body(SeenInput)
        self.answer(await self.service.listing.mark_seen(given.through_seq))


class JobHandler(ProblemAPIHandler):
    """One job."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return all that is known of a job."""
        self.answer(await self.service.listing.job(job_id))

    @web.authenticated
    @authorized
    async def patch(self, job_id: str) -> None:
        """Change its terms, where the gateway can, or its tags."""
        given = self.decode_body(JobPatch)
        self.answer(await self.service.orderer.patch(job_id, given))

    @web.authenticated
    @authorized
    async def delete(self, job_id: str) -> None:
        """Forget the record of a job that is over."""
        await self.service.retention.forget(job_id)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()
