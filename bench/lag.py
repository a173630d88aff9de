"""A server extension that tells how late the event loop was: ``GET /bench/lag``."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

INTERVAL_SECONDS = 0.005
_delays: list[float] = []


class LagHandler(JupyterHandler):
    """The delays since the last question, in seconds."""

    @web.authenticated
    async def get(self) -> None:
        """Return them, and begin anew."""
        self.finish(json.dumps(_delays))
        _delays.clear()


async def _watch() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + INTERVAL_SECONDS
        await asyncio.sleep(INTERVAL_SECONDS)
        _delays.append(loop.time() - due)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "bench.lag"}]


def _load_jupyter_server_extension(app: Any) -> None:  # noqa: ANN401 -- as jupyter_server has it
    app.web_app.add_handlers(".*$", [("/bench/lag", LagHandler)])
    app.io_loop.call_later(0, lambda: asyncio.ensure_future(_watch()))
