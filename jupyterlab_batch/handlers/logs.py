"""Logs."""

from __future__ import annotations

from typing import cast, get_args

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import BadRequest
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class LogHandler(ProblemAPIHandler):
    """One log of one job."""

    auth_resource = "jupyterlab-batch:logs"

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return bytes of a log, as they are."""
        given = self.given("stream")
        stream = "stdout" if given is None else given
        if stream not in get_args(LogStream):
            raise BadRequest("stream is stdout or stderr.", field="stream")
        task: int | None = None
        if self.given("task") is not None:
            task = self.number("task", None, least=0, most=MAX_INTEGER)
        log = await self.service.logs.read(
            job_id,
            cast("LogStream", stream),
            task=task,
            offset=self.number("offset", 0, least=-MAX_INTEGER, most=MAX_INTEGER),
            limit=self.number("limit", 65_536, least=1, most=1_048_576),
        )
        self.set_header("Batch-Log-Offset", str(log.offset))
        self.set_header("Batch-Log-Size", str(log.size))
        self.set_header("ETag", log.etag)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(log.content, set_content_type="application/octet-stream")

    def check_etag_header(self) -> bool:
        """Never answer 304: our ETag stays the same while the log grows."""
        return False

    def set_etag_header(self) -> None:
        """Leave our own ETag alone."""
