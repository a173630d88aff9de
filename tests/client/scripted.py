"""A server that does what a test tells it, for the faults that a real one cannot show at will."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyterlab_batch.client.server import Server

SECRET = "s3cret"  # noqa: S105 -- of a server that lives for one test


@dataclass
class Reply:
    """One answer: JSON, or bytes as they are."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Lost:
    """The call is taken, and the connection closed without an answer."""


class Cut:
    """The answer ends in its middle."""


class Silent:
    """The call is taken and never answered."""


Step = Reply | Lost | Cut | Silent


@dataclass
class Call:
    """One call that arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Listener

    def handle_call(self) -> None:
        script = self.server.script
        size = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(size)
        body = json.loads(content) if content else None
        script.calls.append(Call(self.command, self.path, dict(self.headers), body))
        step = script.steps.popleft() if script.steps else Reply({"message": "unplanned"}, 500)
        if isinstance(step, Silent):
            script.is_closing.wait()
        elif isinstance(step, Cut):
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id":')
        elif isinstance(step, Reply):
            self._answer(step)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_call

    def _answer(self, reply: Reply) -> None:
        raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(raw)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the calls are recorded."""

    def address_string(self) -> str:
        return "test"


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    script: ScriptedServer


class _UnixListener(_Listener):
    address_family = 1  # AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)


class ScriptedServer:
    """Answers calls with planned steps, one after the other."""

    def __init__(self, sock: Path | None = None) -> None:
        self.steps: deque[Step] = deque()
        self.calls: list[Call] = []
        self.is_closing = threading.Event()
        address: Any = str(sock) if sock else ("127.0.0.1", 0)
        self._listener = (_UnixListener if sock else _Listener)(address, _Handler)
        self._listener.script = self
        port = "" if sock else self._listener.server_address[1]
        self.server = Server(
            url="http+unix://sock/lab/" if sock else f"http://127.0.0.1:{port}/lab/",
            authorization=f"Batch {SECRET}",
            sock=str(sock or ""),
        )
        self._thread = threading.Thread(target=self._listener.serve_forever, args=[0.01])
        self._thread.start()

    def plan(self, *steps: Step) -> None:
        self.steps.extend(steps)

    def close(self) -> None:
        self.is_closing.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()
