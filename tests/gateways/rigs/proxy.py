"""Stands between a gateway and slurmrestd: passes everything on, and remembers what was asked."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


Spoil = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Sends something in place of an answer."""


class RecordingProxy:
    """A context manager; ``calls`` grows with each request that came in, ``answered`` by its bytes.

    Parameters
    ----------
    spoil
        What becomes of the answers to what was posted; the target has done what it was told.
    """

    def __init__(self, target: str, *, spoil: Spoil | None = None) -> None:
        self.calls: list[Call] = []
        self.answered = 0
        proxy = self
        address = urlsplit(target)
        calls, host, port = self.calls, address.hostname or "", address.port

        class Handler(BaseHTTPRequestHandler):
            def pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                calls.append(Call(self.command, self.path, body, dict(self.headers)))
                upstream = http.client.HTTPConnection(host, port, timeout=60)
                try:
                    upstream.request(self.command, self.path, body or None, dict(self.headers))
                    answer = upstream.getresponse()
                    content = answer.read()
                    proxy.answered += len(content)
                    if spoil is not None and self.command == "POST":
                        with suppress(OSError):  # whom it is for has had enough
                            spoil(self, content)
                        self.close_connection = True
                        return
                    self.send_response(answer.status)
                    self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                finally:
                    upstream.close()

            do_GET = do_POST = do_DELETE = pass_on

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def count(self, part: str = "") -> int:
        """Count the calls whose path holds a text."""
        return sum(part in call.path for call in self.calls)

    def __enter__(self) -> RecordingProxy:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _say(handler: BaseHTTPRequestHandler, size: int, content: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(size))
    handler.end_headers()
    handler.wfile.write(content)


def _gigabyte(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    _say(handler, 2**30, content)
    for _ in range(2**10):
        handler.wfile.write(b" " * 2**20)


SPOILT: Final[Mapping[str, Spoil]] = {
    "half a body": lambda handler, content: _say(handler, len(content), content[:20]),
    "garbage": lambda handler, _: _say(handler, 9, b"\x00\xff{[7,]}\n\n"[:9]),
    "markup": lambda handler, _: _say(handler, 21, b"<html>Welcome!</html>"),
    "a gigabyte": _gigabyte,
    "nothing, for long": lambda handler, _: time.sleep(4.0),
    "no answer": lambda handler, _: None,
}
"""What can become of an answer on its way."""
