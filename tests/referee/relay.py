"""Stands between the server and a Slurm, and can stop an order or its answer half-way."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.referee.evidence import Crossings

_HELD_SECONDS = 20.0
_TOOLS = ("sbatch", "squeue", "sacct", "scancel", "sinfo", "sacctmgr", "scontrol")
_SBATCH = """#!/bin/sh
# Notes that the order came by and that it was answered, and waits while it is held.
name=
for word in "$@"; do case $word in --job-name=*) name=${{word#--job-name=}} ;; esac; done
note={folder}/$name
pass() {{ # a step; a hold that is forgotten ends by itself
    [ -n "$name" ] || return
    : >"$note.$1"
    turns=0
    while [ -e "$note.$1.hold" ] && [ "$turns" -lt 1000 ]; do
        sleep 0.02
        turns=$((turns + 1))
    done
}}
pass asked
said=$({program} "$@")
code=$?
[ "$code" -ne 0 ] || pass answered
printf '%s\\n' "$said"
exit "$code"
"""


def write_tools(folder: Path, crossings: Crossings) -> Path:
    """Make a folder of Slurm's tools in which ``sbatch`` is a script of ours."""
    folder.mkdir()
    for name in _TOOLS:
        program = shutil.which(name)
        if program is None:
            raise RuntimeError(name)
        tool = folder / name
        if name == "sbatch":
            tool.write_text(_SBATCH.format(folder=crossings.folder, program=program))
            tool.chmod(0o755)
        else:
            tool.symlink_to(program)
    return folder


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        name = _name_of(content) if self.path.endswith("/job/submit") else None
        self._step(name, "asked")
        with suppress(OSError, http.client.HTTPException):
            onward = http.client.HTTPConnection("127.0.0.1", self.server.onward, timeout=60)
            onward.request(self.command, self.path, content, dict(self.headers.items()))
            answer = onward.getresponse()
            body = answer.read()
            if answer.status == 200:
                self._step(name, "answered")
            self.send_response_only(answer.status)
            for header, value in answer.getheaders():
                if header.lower() not in {"connection", "content-length", "transfer-encoding"}:
                    self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            onward.close()
            return
        self.close_connection = True

    do_GET = do_POST = do_DELETE = _pass

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


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, onward: int, crossings: Crossings) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.onward = onward
        self.crossings = crossings

    def handle_error(self, *_: object) -> None:
        """A connection that was cut is what we are here for."""


class Relay:
    """A proxy in front of slurmrestd."""

    def __init__(self, onward: int, crossings: Crossings) -> None:
        self._server = _Server(onward, crossings)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _name_of(content: bytes) -> str | None:
    try:
        return str(json.loads(content)["job"]["name"])
    except (ValueError, KeyError, TypeError):
        return None
