"""A Jupyter server of its own for one measure, with token, store and engine of its own."""

from __future__ import annotations

import atexit
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
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.ports import free_port

_STOP_SECONDS = 30.0
_PATIENCE_SECONDS = 240.0


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
        self._port, self._token = port, token
        self._child: subprocess.Popen[str] | None = None
        self.url = f"http://127.0.0.1:{port}/jupyterlab-batch/v1/"
        self.headers = {"Authorization": f"token {token}"}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    @property
    def store_path(self) -> Path:
        """Where its store is."""
        return self.folder / "data/jupyterlab_batch/store.db"

    @property
    def root(self) -> Path:
        """The folder that JupyterLab would show."""
        return self.folder / "home"

    @property
    def engine_directory(self) -> Path:
        """Where its engine keeps its state."""
        return self.folder / "engine"

    def configure(self, *gateways: Mapping[str, object], config: str = "") -> None:
        """Let it have other gateways beside its engine from its next start on."""
        local = {"kind": "local", "state_directory": str(self.engine_directory), "max_cores": 1}
        lines = f"c = get_config()\nc.BatchExtension.gateways = {[local, *gateways]!r}\n{config}\n"
        (self.folder / "config/jupyter_server_config.py").write_text(lines)

    @property
    def kernel_headers(self) -> dict[str, str]:
        """What a kernel of this server sends with each request."""
        file = self.folder / f"runtime/jupyterlab-batch-{self.process.pid}.json"
        end = time.monotonic() + _STOP_SECONDS
        while not file.exists() and time.monotonic() < end:  # it comes when all else has begun
            time.sleep(0.002)
        return {"Authorization": f"Batch {json.loads(file.read_text())['secret']}"}

    @property
    def process(self) -> psutil.Process:
        """The server itself."""
        if self._child is None:
            raise RuntimeError("The server was not started.")
        return psutil.Process(self._child.pid)

    def start(self, environment: Mapping[str, str] | None = None) -> float:
        """Start it, and return after how many seconds it answers."""
        began = time.perf_counter()
        self._child = _start(self, self._port, self._token, environment or {})
        _await_port(self._port)
        return time.perf_counter() - began

    def kill(self) -> None:
        """End it as a crash does; engine and jobs go on."""
        self._connection.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def stop(self) -> None:
        """End it in order."""
        if self._child is not None:
            _stop(self._child)

    def get(self, endpoint: str) -> Answer:
        """Read an endpoint of ours."""
        return self.read(f"jupyterlab-batch/v1/{endpoint}")

    def until(self, *, queued: int, finished: int) -> float:
        """Return after how many seconds it tells so many jobs of each."""
        began = time.perf_counter()
        while True:
            counts = self.get("jobs?limit=1").json()["counts"]
            seconds = time.perf_counter() - began
            if (counts["queued"], counts["finished"]) == (queued, finished):
                return seconds
            if seconds > _PATIENCE_SECONDS:
                raise RuntimeError(f"not {queued} queued and {finished} finished but {counts}")
            time.sleep(0.01)

    def post(self, endpoint: str, body: object, **headers: str) -> Answer:
        """Send JSON to an endpoint of ours."""
        return self._ask("POST", f"jupyterlab-batch/v1/{endpoint}", json.dumps(body), headers)

    def read(self, path: str) -> Answer:
        """Read any address of the server."""
        return self._ask("GET", path, None, {})

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        began = time.perf_counter()
        self._connection.request(method, f"/{path}", body, {**self.headers, **headers})
        response = self._connection.getresponse()
        text = response.read()
        return Answer(response.status, text, time.perf_counter() - began)


@contextlib.contextmanager
def running_server(
    *gateways: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    config: str = "",
) -> Iterator[Server]:
    """Run a server until the block ends; then nothing that it started is left.

    Parameters
    ----------
    gateways
        Beside the engine of this machine, which runs one job at a time.
    config
        Further lines of Jupyter's configuration.
    """
    folder = Path(tempfile.mkdtemp(prefix="jupyterlab-batch-bench-"))
    # Not before the end: ext4 finds new inodes slowly for minutes after many were given up.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    port, token = free_port(), secrets.token_hex(16)
    server = Server(folder, port, token)
    for name in ("home", "config", "data", "runtime"):
        (folder / name).mkdir(mode=0o700)
    server.configure(*gateways, config=config)
    try:
        server.start(environment)
        yield server
    finally:
        server.stop()
        _stop_engine(server)


def _start(
    server: Server, port: int, token: str, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    folder = server.folder
    variables = {
        **os.environ,
        **environment,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    argv = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--ServerApp.root_dir={server.root}",
        f"--IdentityProvider.token={token}",
    ]  # fmt: skip
    if os.geteuid() == 0:
        argv.append("--allow-root")
    child = subprocess.Popen(argv, env=variables, stderr=subprocess.PIPE, text=True)
    _await_answer(child)
    return child


def _await_answer(child: subprocess.Popen[str]) -> None:
    said: list[str] = []
    for line in child.stderr or ():
        said.append(line)
        if "is running at" in line:
            # A server whose words nobody reads stops once the pipe is full.
            threading.Thread(target=_read_on, args=(child,), daemon=True).start()
            return
    raise RuntimeError("".join(said))


def _await_port(port: int) -> None:
    """Wait until connections are taken: a server says a little earlier that it runs."""
    end = time.monotonic() + _STOP_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.002)
        else:
            return


def _read_on(child: subprocess.Popen[str]) -> None:
    for _ in child.stderr or ():
        pass


def _stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _stop_engine(server: Server) -> None:
    """End supervisor and jobs, which outlive the server on purpose.

    The supervisor goes first: it would start the next job when one ends.
    """
    ended = []
    for is_ours in (_is_supervisor, _is_job):
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):  # it ended by itself, or is another user's
                if is_ours(process, server):
                    process.kill()
                    ended.append(process)
    psutil.wait_procs(ended, timeout=_STOP_SECONDS)


def _is_supervisor(process: psutil.Process, server: Server) -> bool:
    return str(server.engine_directory) in process.cmdline()


def _is_job(process: psutil.Process, server: Server) -> bool:
    directory = process.environ().get("BATCH_RUN_DIRECTORY", "")
    return directory.startswith(f"{server.folder}/")
