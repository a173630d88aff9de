"""A real Jupyter server with our extension, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

import psutil

from jupyterlab_batch.client import Batch
from jupyterlab_batch.client.server import SERVER_FILE_VARIABLE, find_server

TOKEN = "of-one-test"  # noqa: S105 -- of a server that lives for one test
_PASSED = ("PATH", "LANG", "PYTHONPATH")
"""Where a checkout is tested by its path, the server must import that checkout too."""
_T = TypeVar("_T")


def wait_for(look: Callable[[], _T | None], what: str, seconds: float = 60) -> _T:
    """Look until there is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    message = f"no {what} within {seconds} s"
    raise AssertionError(message)


class RealServer:
    """Starts with an empty home below one folder; `close` leaves no process behind.

    Parameters
    ----------
    environment
        Of the server, beside what it needs to start.
    """

    def __init__(
        self,
        folder: Path,
        gateways: list[dict[str, Any]],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        folder.joinpath("config").mkdir()
        folder.joinpath("run").mkdir(mode=0o700)
        self._config_path = folder.joinpath("config", "jupyter_server_config.json")
        self.configure(gateways)
        self._runtime = folder / "runtime"
        self._folder = folder
        self.log_path = folder / "server.log"
        self._log = self.log_path.open("wb")
        self._environment = {
            **{name: os.environ[name] for name in _PASSED if name in os.environ},
            "HOME": str(folder),
            # The engine is this server's own, whoever else runs these tests at the same time.
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_TOKEN": TOKEN,
            **(environment or {}),
        }
        self._hide_grammar(folder / "hidden")
        self.token = self._environment["JUPYTER_TOKEN"]
        self._arguments = [
            *(sys.executable, "-m", "jupyter_server"),
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            "--ServerApp.open_browser=False",
            f"--ServerApp.root_dir={self.work}",
        ]
        self.start()

    def _hide_grammar(self, folder: Path) -> None:
        """Spare the server what a third of its start goes into.

        It is a grammar of addresses; without it jsonschema leaves out one format.
        """
        folder.mkdir()
        (folder / "rfc3987_syntax.py").write_text("raise ImportError\n")
        others = self._environment.get("PYTHONPATH")
        self._environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), others]))

    def configure(self, gateways: list[dict[str, Any]]) -> None:
        """Say which gateways there are from the next start on."""
        config = {
            "ServerApp": {"jpserver_extensions": {"jupyterlab_batch": True}},
            "BatchExtension": {"gateways": gateways},
        }
        self._config_path.write_text(json.dumps(config))

    def beside(self) -> RealServer:
        """Start another server of the same user, on the same store and engine."""
        other = copy(self)
        other.start()
        return other

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._arguments,
            cwd=self.work,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.file = self._runtime / f"jupyterlab-batch-{self._process.pid}.json"
        try:
            wait_for(self.file.is_file, "file of the server", 180)
        except AssertionError:
            self.close()
            raise
        self.url = find_server({SERVER_FILE_VARIABLE: str(self.file)}).url

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def batch(self) -> Batch:
        """A client as a kernel of this server would have it."""
        return Batch(find_server({SERVER_FILE_VARIABLE: str(self.file)}))

    def post(self, path: str, body: object = None) -> bytes:
        """Ask Jupyter itself."""
        request = urllib.request.Request(  # noqa: S310 -- to the server of this test
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            method="POST",
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- likewise
            content: bytes = answer.read()
        return content

    def connection_file(self, kernel_id: str) -> str:
        return str(self._runtime / f"kernel-{kernel_id}.json")

    def kill(self) -> None:
        """End the server as a crash does."""
        self._process.kill()
        self._process.wait(30)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)
        self._log.close()
        for process in self._left_behind():
            with suppress(psutil.NoSuchProcess):  # it may end with one before it
                process.kill()
                process.wait(30)

    def _left_behind(self) -> list[Any]:
        """Return what lives on by design, such as the supervisor of the local engine."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("HOME") == str(self._folder)
        except psutil.Error:
            return False
