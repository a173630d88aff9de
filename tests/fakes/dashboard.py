"""A dashboard of a cluster without Dask, which answers as no dashboard should."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from jupyterlab_batch.gateways.clusterviews import Dashboard

PLOTS = {
    "Individual Task Stream": "/individual-task-stream",
    "Cluster Map": "/statics/individual-cluster-map.html",
    "Individual Api": "/api/v1/retire_workers",
    "Individual Up": "/../individual-up",
}


class FakeDashboard:
    """Listens on loopback, and remembers what it was asked with."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Address and headers of each request."""
        self.sockets: list[Any] = []
        """Those that are open."""
        self.news = asyncio.Event()
        """Set when one was opened or closed."""
        self._server: HTTPServer | None = None
        self.port = 0

    def start(self, certificate: ssl.SSLContext | None = None) -> None:
        """Listen, with a certificate by TLS."""
        parts = {"dashboard": self}
        self._server = HTTPServer(
            Application([(r"/(.*/ws|eventstream)", _Socket, parts), (r"/(.*)", _Page, parts)]),
            ssl_options=certificate,
        )
        listening = bind_sockets(0, "127.0.0.1")
        self.port = listening[0].getsockname()[1]
        self._server.add_sockets(listening)

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.stop()
        for socket in list(self.sockets):
            socket.close()

    @property
    def place(self) -> Dashboard:
        """Where it is."""
        return Dashboard(url=f"http://127.0.0.1:{self.port}", headers={"X-Of-The-Gateway": "yes"})

    async def has(self, count: int) -> None:
        """Wait until so many sockets are open."""
        while len(self.sockets) != count:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 60)


class _Page(RequestHandler):
    def initialize(self, dashboard: FakeDashboard) -> None:
        self._dashboard = dashboard

    def get(self, path: str) -> None:
        self._dashboard.asked.append((self.request.uri or "", dict(self.request.headers)))
        self.set_header("Set-Cookie", "stolen=1; Path=/")
        self.set_header("X-Powered-By", "Fake")
        self.set_header("Content-Security-Policy", "default-src *")
        away = {"": "/status", "tasks": "http://evil.example/", "system": "//evil.example/status"}
        away |= {"profile": "/api/v1/get_workers", "statics/away.html": "/status"}
        if path in away:
            self.redirect(away[path], permanent=True)
        elif path == "individual-plots.json":
            self.write(PLOTS)
        elif path == "graph":
            self.send_error(500)
        elif path == "groups":
            self.send_error(404)
        else:
            self.write(f"<p>{path}</p>")


class _Socket(WebSocketHandler):
    def initialize(self, dashboard: FakeDashboard) -> None:
        self._dashboard = dashboard

    def check_origin(self, origin: str) -> bool:
        del origin
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return "bokeh" if "bokeh" in subprotocols else None

    def open(self, *_: str) -> None:
        self._dashboard.asked.append((self.request.uri or "", dict(self.request.headers)))
        self._dashboard.sockets.append(self)
        self._dashboard.news.set()

    async def on_message(self, message: str | bytes) -> None:
        if message == "close":
            self.close()
        elif message == "much":
            await self.write_message("x" * 3 * 2**20)
        else:
            await self.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        self._dashboard.sockets.remove(self)
        self._dashboard.news.set()
