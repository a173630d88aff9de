"""Batch systems that take a job and then answer badly, each in its own way."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final

from tests.gateways.rigs.slurm import TOOLS
from tests.gateways.rigs.standin import openapi, recorded

MEBIBYTE: Final = 2**20
_OWN: Final = ("name", "current_working_directory")


class Ailing:
    """A slurmrestd; ``way`` says how it answers, but that it always takes jobs."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.asked: list[str] = []
        self.told: dict[str, str] = {}
        """What it was told of the job: by another folder under its id it would be another job."""
        self.is_over = threading.Event()
        ailing = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if self.path.endswith("/job/submit"):
                    job = json.loads(body)["job"]
                    ailing.told = {name: job[name] for name in _OWN}
                    self.say(200, {"job_id": 7, "errors": []})
                    return
                ailing.asked.append(self.path)
                if self.path == "/openapi/v3":
                    self.say(200, openapi(38, database=False))
                    return
                try:
                    ailing.answer(self)
                except OSError:
                    self.close_connection = True  # nobody waits for the rest

            do_GET = do_POST = do_DELETE = answer

            def say(self, status: int, body: object, **headers: str) -> None:
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.begin(status, len(content), **headers)
                self.wfile.write(content)

            def begin(self, status: int, length: int | None, **headers: str) -> None:
                self.send_response(status)
                if length is not None:
                    self.send_header("Content-Length", str(length))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if self.way == "well":
            _well(handler, self.told)
        else:
            WAYS[self.way](handler, self.is_over)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Ailing:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _hangs(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    is_over.wait()


def _trickles(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.begin(200, 10_000)  # type: ignore[attr-defined]  # ours
    while not is_over.wait(1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _garbage(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.say(200, os.urandom(10_000))  # type: ignore[attr-defined]  # ours


def _huge(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.begin(200, None)  # type: ignore[attr-defined]  # ours
    for _ in range(1024):
        handler.wfile.write(b" " * MEBIBYTE)


def _half(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.begin(200, 1000)  # type: ignore[attr-defined]  # ours
    handler.wfile.write(b'{"jobs": [')


def _html(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    page = b"<html><body>Maintenance until noon</body></html>"
    handler.say(200, page, **{"Content-Type": "text/html"})  # type: ignore[attr-defined]  # ours


def _redirects(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.say(302, b"", Location="/elsewhere")  # type: ignore[attr-defined]  # ours


def _resets(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _well(handler: BaseHTTPRequestHandler, told: dict[str, str]) -> None:
    if "/job/" in handler.path:
        (job,) = recorded("job-v0.0.38")["jobs"]
        seen = {**job, **told, "job_id": 7, "job_state": "RUNNING", "comment": None}
        seen["submit_time"] = int(time.time())
        handler.say(200, {"errors": [], "jobs": [seen]})  # type: ignore[attr-defined]  # ours
    else:
        nothing: dict[str, list[str]] = {"errors": [], "partitions": [], "nodes": []}
        handler.say(200, nothing)  # type: ignore[attr-defined]  # ours


WAYS: Final[dict[str, Callable[[BaseHTTPRequestHandler, threading.Event], None]]] = {
    "hangs": _hangs,
    "trickles": _trickles,
    "garbage": _garbage,
    "huge": _huge,
    "half": _half,
    "html": _html,
    "redirects": _redirects,
    "resets": _resets,
}

_TOOL = """#!/bin/sh
case $0 in */sbatch) cat >/dev/null; echo 7; exit ;; esac
echo "$0" >>"{folder}/calls"
{then}
"""
TOOL_WAYS: Final = {"tool hangs": "sleep 600 & wait", "tool prints": "exec yes 'no end'"}


def ailing_tools(folder: Path, way: str) -> Path:
    """Put tools of Slurm into a folder, of which only ``sbatch`` does its work."""
    folder.mkdir()
    (folder / "calls").touch()
    for name in TOOLS:
        path = folder / name
        path.write_text(_TOOL.format(folder=folder, then=TOOL_WAYS[way]))
        path.chmod(stat.S_IRWXU)
    return folder
