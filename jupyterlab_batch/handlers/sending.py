"""Whole files, sent piece by piece."""

from __future__ import annotations

from urllib.parse import quote

from tornado.iostream import StreamClosedError

from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.service.download import OpenFile


class FileSender(ProblemAPIHandler):
    """A handler that sends files."""

    async def send_file(self, file: OpenFile) -> None:
        """Send the bytes of a file, which no browser is to show or run, and close it."""
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
