"""Files of run directories."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.iostream import StreamClosedError

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.problems import NotFound
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.service.download import OpenFile

_LONGEST_PATH: Final = 4096


class FilesHandler(ProblemAPIHandler):
    """What lies in a run directory."""

    auth_resource = "jupyterlab-batch:files"

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Return a window of a folder."""
        self.answer(
            await self.service.job_files.window(
                job_id,
                self.given("folder", longest=_LONGEST_PATH) or "",
                offset=self.number("offset", 0, least=0, most=MAX_INTEGER),
                limit=self.number("limit", 50, least=1, most=500),
            )
        )


class FileContentHandler(ProblemAPIHandler):
    """One file, to be downloaded."""

    auth_resource = "jupyterlab-batch:files"

    @web.authenticated
    @authorized
    async def get(self, job_id: str) -> None:
        """Send the bytes of a file, which no browser is to show or run."""
        path = self.given("path", longest=_LONGEST_PATH)
        if not path:
            raise NotFound("Say which file: path.", field="path")
        file = await self.service.downloads.open(job_id, path)
        try:
            name = quote(file.name, safe="", errors="surrogateescape")
            self.set_header("Content-Type", "application/octet-stream")
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
            self.set_header("Content-Length", str(file.size))
            self.set_header("Cache-Control", "no-store")
            self.set_header("X-Content-Type-Options", "nosniff")
            sent = await self._send(file)
        except StreamClosedError:
            return  # nobody waits for the rest
        finally:
            file.close()
        if sent < file.size:
            # It was truncated meanwhile; only a broken connection says that something is missing.
            self.detach().close()
            return
        await self.finish(set_content_type="application/octet-stream")

    async def _send(self, file: OpenFile) -> int:
        sent = 0
        async for piece in file.pieces():
            self.write(piece)
            await self.flush()
            sent += len(piece)
        return sent
