"""Logs."""

from __future__ import annotations

from typing import cast, get_args

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import BadRequest
from jupyterlab_batch.handlers.sending import FileSender
from jupyterlab_batch.service.finding import Direction
from jupyterlab_batch.service.logslices import LogSlice


class LogBytesHandler(FileSender):
    """Sends bytes of a log, as they are."""

    auth_resource = "jupyterlab-batch:logs"

    def send(self, log: LogSlice) -> None:
        """Send some, and where they stand."""
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


class _OneLogHandler(LogBytesHandler):
    def _stream(self) -> LogStream:
        given = self.given("stream")
        stream = "stdout" if given is None else given
        if stream not in get_args(LogStream):
            raise BadRequest("stream is stdout or stderr.", field="stream")
        return cast("LogStream", stream)

    def _task(self) -> int | None:
        if self.given("task") is None:
            return None
        return self.number("task", None, least=0, most=MAX_INTEGER)


class LogHandler(_OneLogHandler):
    """One log of one job."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return bytes of a log, as they are."""
        log = await self.service.logs.read(
            job_id,
            self._stream(),
            task=self._task(),
            offset=self.number("offset", 0, least=-MAX_INTEGER, most=MAX_INTEGER),
            limit=self.number("limit", 65_536, least=1, most=1_048_576),
        )
        self.send(log)


class LogContentHandler(_OneLogHandler):
    """One log, to be downloaded."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Send all of a log, as it is."""
        stream, task = self._stream(), self._task()
        await self.send_file(await self.service.downloads.open_log(job_id, stream, task))


class LogFindHandler(_OneLogHandler):
    """A search in one log."""

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return where a text stands, or what tells of an error."""
        text = self.given("q")
        if text == "":
            raise BadRequest("q is a text.", field="q")
        given = self.given("direction")
        direction = "next" if given is None else given
        if direction not in get_args(Direction):
            raise BadRequest("direction is next or previous.", field="direction")
        offset: int | None = None
        if self.given("offset") is not None:
            offset = self.number("offset", None, least=0, most=MAX_INTEGER)
        self.answer(
            await self.service.log_finder.find(
                job_id,
                self._stream(),
                task=self._task(),
                text=text,
                direction=cast("Direction", direction),
                offset=offset,
                limit=self.number("limit", 1, least=1, most=1000),
            )
        )
