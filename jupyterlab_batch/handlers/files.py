"""Files of run directories."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.problems import NotFound
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.handlers.sending import FileSender

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


class FileContentHandler(FileSender):
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
        await self.send_file(file)
