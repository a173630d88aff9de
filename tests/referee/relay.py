"""Stands between the server and a batch system; can hold or spoil an order or its answer."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import quote, unquote

from tests.referee.evidence import Crossings
from tests.referee.shift import shift_json, shift_text

_HELD_SECONDS = 20.0
_KEPT = "/?&=,"
_ORDERS: Final = ("/job/submit", "/api/v1/clusters/")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        name = _name_of(content) if self.path.endswith(_ORDERS) else None
        self._step(name, "asked")
        with suppress(OSError, http.client.HTTPException):
            clock = self.server.crossings.clock_seconds()
            path = quote(shift_text(unquote(self.path), -clock), _KEPT) if clock else self.path
            onward = http.client.HTTPConnection("127.0.0.1", self.server.onward, timeout=60)
            onward.request(self.command, path, content, dict(self.headers.items()))
            answer = onward.getresponse()
            body = shift_json(answer.read(), clock) if clock else answer.read()
            if answer.status in {200, 201}:
                self._step(name, "answered")
            how = self.server.crossings.spoilt()
            if how is not None:
                self.close_connection = True
                _SPOILT[how](self, body)
                return
            self.send_response_only(answer.status)
            for header, value in answer.getheaders():
                if header.lower() not in {"connection", "content-length", "transfer-encoding"}:
                    self.send_header(header, value)
            self.say(len(body), body)
            onward.close()
            return
        self.close_connection = True

    do_GET = do_POST = do_DELETE = _pass

    def say(self, size: int, content: bytes) -> None:
        """Send what stands after the status, and call it so long."""
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(content)

    def _step(self, name: str | None, step: str) -> None:
        if name is None:
            return
        crossings = self.server.crossings
        crossings.note(name, step)
        end = time.monotonic() + _HELD_SECONDS
        while crossings.is_held(name, step) and time.monotonic() < end:
            time.sleep(0.005)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _say_instead(handler: _Handler, content: bytes, size: int | None = None) -> None:
    handler.send_response_only(200)
    handler.say(len(content) if size is None else size, content)


def _say_a_gigabyte(handler: _Handler, _: bytes) -> None:
    _say_instead(handler, b"", 2**30)
    for _megabyte in range(2**10):
        handler.wfile.write(b" " * 2**20)


def _wait(handler: _Handler, _: bytes) -> None:
    while handler.server.crossings.spoilt() is not None:
        time.sleep(0.05)


_SPOILT: Final[dict[str, Callable[[_Handler, bytes], None]]] = {
    "garbage": lambda handler, _: _say_instead(handler, b"\x00\xff{[7,]}\n\n"),
    "HTML": lambda handler, _: _say_instead(handler, b"<html>Welcome!</html>"),
    "a gigabyte": _say_a_gigabyte,
    "half": lambda handler, body: _say_instead(handler, body[: len(body) // 2], len(body)),
    "nothing": lambda *_: None,
    "late": _wait,
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, onward: int, crossings: Crossings) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.onward = onward
        self.crossings = crossings

    def handle_error(self, *_: object) -> None:
        """A connection that was cut is what we are here for."""


class Relay:
    """A proxy in front of slurmrestd or of a Dask Gateway."""

    def __init__(self, onward: int, crossings: Crossings) -> None:
        self._server = _Server(onward, crossings)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _name_of(content: bytes) -> str | None:
    try:
        body = json.loads(content)
        return str((body.get("job") or body["cluster_options"])["name"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
