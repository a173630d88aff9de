"""The dashboard of a Dask cluster, handed on to its owner: by HTTP and as WebSockets.

It goes to the address that the gateway itself named for the cluster, and only to what belongs to
its pages: never to the scheduler's own API or to its own proxy.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketHandler,
    websocket_connect,
)

from jupyterlab_batch.domain.generated import ClusterPlot, ClusterPlotList
from jupyterlab_batch.domain.problems import GatewayUnreachable, NotFound
from jupyterlab_batch.gateways.clusterviews import Dashboard
from jupyterlab_batch.handlers.clusters import ClusterAPIHandler

_PAGES: Final = (
    *("status", "workers", "tasks", "system", "profile"),
    *("graph", "groups", "hardware", "shuffle"),
)
_PAGE: Final = rf"(?:{'|'.join(_PAGES)}|individual-[a-z0-9-]+)"
_FILE: Final = r"(?:[A-Za-z0-9][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9_.-]*"
_LIST: Final = "individual-plots.json"
_BY_HTTP: Final = re.compile(
    rf"|{_PAGE}|{re.escape(_LIST)}|json/(?:counts|identity)\.json|statics?/{_FILE}"
)
_BY_WEBSOCKET: Final = re.compile(rf"{_PAGE}/ws|eventstream")
_UP: Final = ("Accept", "Accept-Language", "If-None-Match", "If-Modified-Since")
_DOWN: Final = ("ETag", "Last-Modified", "Vary")
"""No other header of either side reaches the other: no cookie, no credential."""
_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 30.0
_MOST_BYTES: Final = 32 * 2**20
_MOST_QUERY: Final = 2000
_MOST_PATH: Final = 200
_MOST_PLOTS: Final = 200
_MOST_FROM_PAGE_BYTES: Final = 4 * 2**20
_OURS: Final = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_SILENT: Final = "The dashboard of the cluster does not answer. The cluster may go on. Try again."


class ClusterDashboardHandler(ClusterAPIHandler, WebSocketHandler):
    """One page of a dashboard, or what it needs."""

    _upstream: WebSocketClientConnection | None = None
    _pump: asyncio.Future[None] | None = None

    @property
    def content_security_policy(self) -> str:
        """What the pages may do: show themselves in ours, and ask nobody else."""
        return _OURS

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str, _path: str) -> None:  # type: ignore[override]  # awaited as theirs
        """Hand on a page, or open its WebSocket."""
        is_socket = self.request.headers.get("Upgrade", "").lower() == "websocket"
        # As it was sent: nothing that is allowed has to be escaped.
        path = self.request.path.partition("/dashboard/")[2]
        allowed = _BY_WEBSOCKET if is_socket else _BY_HTTP
        if len(path) > _MOST_PATH or not allowed.fullmatch(path):
            raise NotFound("This is no page of a dashboard.")
        dashboard = await self.clusters.viewer.dashboard(cluster_id)
        if is_socket:
            await self._connect(dashboard, path)
        else:
            answer = await _fetch(dashboard, path, self._query(), self._sent())
            self._hand_on(dashboard, path, answer)

    def _query(self) -> str:
        """Return what was asked for, without what lets somebody into this server."""
        asked = parse_qsl(self.request.query[:_MOST_QUERY], keep_blank_values=True)
        return urlencode([(name, value) for name, value in asked if name != "token"])

    def _sent(self) -> dict[str, str]:
        headers = self.request.headers
        return {name: headers[name] for name in _UP if name in headers}

    def _hand_on(self, dashboard: Dashboard, path: str, answer: HTTPResponse) -> None:
        if answer.code in {301, 302, 307, 308}:
            place = _place_of(answer.headers.get("Location", ""), dashboard)
            self.set_status(HTTPStatus.FOUND)
            self.set_header("Location", "../" * path.count("/") + place)
            self.finish(b"")
            return
        if answer.code not in {200, 304}:
            raise NotFound("The dashboard of the cluster has no such page.")
        self.set_status(answer.code)
        is_fixed = path.startswith("static")
        self.set_header("Cache-Control", "private, max-age=0" if is_fixed else "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        for name in _DOWN:
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        kind = answer.headers.get("Content-Type", "application/octet-stream")
        self.finish(answer.body or None, set_content_type=kind)

    def check_etag_header(self) -> bool:
        """Leave it to the dashboard whether the browser has what is new."""
        return False

    def set_etag_header(self) -> None:
        """Leave its ETag alone."""

    # What follows is of WebSockets.

    @property
    def max_message_size(self) -> int:
        """So large is what a page sends at most."""
        return _MOST_FROM_PAGE_BYTES

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Take the one that the dashboard took."""
        chosen = None if self._upstream is None else self._upstream.selected_subprotocol
        return chosen if chosen in subprotocols else None

    async def _connect(self, dashboard: Dashboard, path: str) -> None:
        """Open it at the dashboard first: a page that is not there has no socket."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        address = dashboard.url.replace("http", "ws", 1)
        try:
            self._upstream = await websocket_connect(
                HTTPRequest(
                    f"{address}/{path}",
                    headers=dict(dashboard.headers),
                    connect_timeout=_CONNECT_SECONDS,
                    request_timeout=_ANSWER_SECONDS,
                    ssl_options=dashboard.trust,
                ),
                subprotocols=[one.strip() for one in offered if one.strip()],
                max_message_size=_MOST_BYTES,
            )
        except Exception as error:
            # Whatever is at the other end, it is not for the page to know.
            raise GatewayUnreachable(_SILENT) from error
        await super().get()
        if self.ws_connection is None:
            self._upstream.close()  # the browser did not want one after all

    def open(self, *_: str) -> None:
        """Hand on what the dashboard says, until one of both closes."""
        self.set_nodelay(True)
        self._pump = asyncio.ensure_future(self._down())

    async def _down(self) -> None:
        upstream = self._upstream
        try:
            while upstream is not None:
                message = await upstream.read_message()
                if message is None:
                    break
                await self.write_message(message, binary=isinstance(message, bytes))
        except WebSocketClosedError:
            pass  # the page is gone
        finally:
            self.close(1001, "The dashboard closed the connection.")

    async def on_message(self, message: str | bytes) -> None:
        """Hand on what the page says."""
        if self._upstream is not None:
            try:
                await self._upstream.write_message(message, binary=isinstance(message, bytes))
            except WebSocketClosedError:
                self.close(1001)

    def on_close(self) -> None:
        """Leave the dashboard too."""
        if self._pump is not None:
            self._pump.cancel()
        if self._upstream is not None:
            self._upstream.close()


async def plots_of(dashboard: Dashboard) -> ClusterPlotList:
    """Return what a dashboard can show: its pages, then its plots by their titles.

    Raises
    ------
    GatewayUnreachable
    """
    answer = await _fetch(dashboard, _LIST, "", {})
    try:
        told = msgspec.json.decode(answer.body or b"", type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise GatewayUnreachable(_SILENT) from error
    pages = [ClusterPlot(path=page, title=page.title(), kind="page") for page in _PAGES]
    plots = [
        ClusterPlot(
            path=path.removeprefix("/"), title=title.removeprefix("Individual "), kind="plot"
        )
        for title, path in sorted(told.items())
        if _BY_HTTP.fullmatch(path.removeprefix("/")) and len(title) <= _MOST_PATH
    ]
    return ClusterPlotList(plots=[*pages, *plots][:_MOST_PLOTS])


async def _fetch(
    dashboard: Dashboard, path: str, query: str, headers: dict[str, str]
) -> HTTPResponse:
    """Ask a dashboard, and no other: no redirect is followed, and nothing is kept for later.

    Raises
    ------
    GatewayUnreachable
    """
    client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=_MOST_BYTES)
    try:
        answer: HTTPResponse = await client.fetch(
            HTTPRequest(
                f"{dashboard.url}/{path}{'?' if query else ''}{query}",
                headers={**headers, **dashboard.headers},
                connect_timeout=_CONNECT_SECONDS,
                request_timeout=_ANSWER_SECONDS,
                ssl_options=dashboard.trust,
                follow_redirects=False,
                decompress_response=False,
            ),
            raise_error=False,
        )
    except (OSError, HTTPClientError) as error:
        raise GatewayUnreachable(_SILENT) from error
    finally:
        client.close()
    if answer.code >= 500:
        raise GatewayUnreachable(_SILENT)
    return answer


def _place_of(location: str, dashboard: Dashboard) -> str:
    """Return where below its root a dashboard leads to.

    Raises
    ------
    NotFound
        Somewhere else.
    """
    root = urlsplit(dashboard.url).path
    place = location.removeprefix(root + "/")
    if place == location or not _BY_HTTP.fullmatch(place):
        raise NotFound("The dashboard of the cluster leads away from itself.")
    return place
