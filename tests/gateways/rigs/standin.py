"""Answers in place of a slurmrestd that cannot be started here, with what one once answered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

RECORDINGS = Path(__file__).parents[1] / "recordings"

Answer = tuple[int, Any]


def recorded(name: str) -> Any:
    """Return what a real slurmrestd answered."""
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


def openapi(*versions: int, database: bool = True) -> dict[str, Any]:
    """Return the recorded list of paths as a slurmrestd of other versions would have it."""
    paths = recorded("openapi-v0.0.38")["paths"]
    kept = {path: how for path, how in paths.items() if database or "/slurmdb/" not in path}
    return {
        "paths": {
            path.replace("v0.0.38", f"v0.0.{version}"): how
            for path, how in kept.items()
            for version in versions
        }
    }


class StandIn:
    """A context manager; ``answer`` says what is answered to a method and a path."""

    def __init__(self, answer: Callable[[str, str], Answer]) -> None:
        self.paths: list[str] = []
        self.cookies: list[str | None] = []
        """What each request said that it was told to keep; every answer tells it to."""
        paths, cookies = self.paths, self.cookies

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                paths.append(self.path)
                cookies.append(self.headers.get("Cookie"))
                status, body = answer(self.command, self.path)
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                if status in {301, 302, 307}:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Set-Cookie", "session=somebody-else; Path=/")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> StandIn:
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
