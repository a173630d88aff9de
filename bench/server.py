"""A Jupyter server of its own for one measure, with token, store and engine of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Answer:
    """What the server said, and how long that took."""

    status: int
    body: bytes
    elapsed_seconds: float

    def json(self) -> Any:  # noqa: ANN401 -- any JSON
        """Return the body, decoded."""
        return json.loads(self.body)


class Server:
    """A running server; calls go over one connection, as a browser's do."""

    def __init__(self, folder: Path, port: int, token: str) -> None:
        self.folder = folder
        self._token = token
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    @property
    def store_path(self) -> Path:
        """Where its store is."""
        return self.folder / "data/jupyterlab_batch/store.db"

    def call(
        self, method: str, endpoint: str, body: object = None, key: str | None = None
    ) -> Answer:
        """Call an endpoint of ours."""
        headers = {"Authorization": f"token {self._token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        began = time.perf_counter()
        self._connection.request(
            method,
            f"/jupyterlab-batch/v1/{endpoint}",
            None if body is None else json.dumps(body),
            headers,
        )
        response = self._connection.getresponse()
        text = response.read()
        return Answer(response.status, text, time.perf_counter() - began)


@contextlib.contextmanager
def running_server(
    config: str = "", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="jupyterlab-batch-bench-"))
    for name in ("home", "config", "data", "runtime"):
        (folder / name).mkdir(mode=0o700)
    (folder / "config/jupyter_server_config.py").write_text(f"c = get_config()\n{config}\n")
    port, token = _free_port(), secrets.token_hex(16)
    variables = {
        **os.environ,
        **(environment or {}),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
    }
    argv = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root",
        f"--port={port}", f"--ServerApp.root_dir={folder / 'home'}",
        f"--IdentityProvider.token={token}",
    ]  # fmt: skip
    child = subprocess.Popen(argv, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        _await_answer(child)
        yield Server(folder, port, token)
    finally:
        child.terminate()
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _await_answer(child: subprocess.Popen[str]) -> None:
    said: list[str] = []
    for line in child.stderr or ():
        said.append(line)
        if "is running at" in line:
            return
    raise RuntimeError("".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
