"""A Jupyter server with the extension, as a process of its own in folders of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.referee import processes
from tests.referee.api import Api
from tests.referee.processes import wait_for

TOKEN = "of-one-campaign"  # noqa: S105 -- of a server that lives for one campaign
_PROJECT = Path(__file__).parents[2]
_KEPT = ("PATH", "LANG", "PYTHONPATH")
_LAB = ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals", "notebook_shim")
"""Extensions that make a start slow, and that no round without a browser needs."""
_GRAMMAR = "rfc3987_syntax"
"""Takes three quarters of a start to be read; without it jsonschema leaves out one format."""
_UP_SECONDS = 300.0
"""Others may use the machine too; how fast a server starts is no matter of the referee's."""


class Jupyter:
    """Can be killed and started again on the same port.

    Parameters
    ----------
    folder
        For home, configuration and logs.
    disk
        For what a round may fill: store, run directories, queue of the engine.
    extensions
        Further server extensions, which are loaded before ours.
    """

    def __init__(
        self,
        folder: Path,
        disk: Path,
        gateways: list[dict[str, Any]],
        extensions: tuple[str, ...] = (),
        variables: dict[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.work = disk / "work"
        self.state = disk / "state"
        self.store = disk / "data" / "jupyterlab_batch" / "store.db"
        for path in (folder / "config", self.work, disk / "data", folder / "runtime"):
            path.mkdir(parents=True, mode=0o700)
        self.api = Api(free_port(), TOKEN)
        self._config = {
            "BatchExtension": {"gateways": gateways},
            "LocalGateway": {"state_directory": str(self.state)},
        }
        self._extensions = (*extensions, "jupyterlab_batch")
        self._configure(has_lab=False)
        self.environment = {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            "HOME": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(disk / "data"),
            "IPYTHONDIR": str(folder / "ipython"),
            **(variables or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._application = "jupyter_server"

    def add_lab(self) -> None:
        """Serve JupyterLab too, with our front end as this checkout has it; before it starts."""
        self._application = "jupyterlab"
        self._configure(has_lab=True)
        share = self.folder / "share" / "labextensions"
        share.mkdir(parents=True)
        (share / "jupyterlab-batch").symlink_to(_PROJECT / "jupyterlab_batch" / "labextension")
        self.environment["JUPYTER_PATH"] = str(share.parent)
        settings = self.folder / "config/lab/user-settings/@jupyterlab/apputils-extension"
        settings.mkdir(parents=True)
        no_news = {"fetchNews": "false", "checkForUpdates": False}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(no_news))

    def _configure(self, *, has_lab: bool) -> None:
        without = {} if has_lab else dict.fromkeys(_LAB, False)
        loaded = {**without, **dict.fromkeys(self._extensions, True)}
        config = {**self._config, "ServerApp": {"jpserver_extensions": loaded}}
        path = self.folder / "config" / "jupyter_server_config.json"
        path.write_text(json.dumps(config))
        # The server is started in this folder, and looks here first.
        hiding = self.folder / f"{_GRAMMAR}.py"
        hiding.unlink() if has_lab else hiding.write_text("raise ImportError\n")

    @property
    def pid(self) -> int | None:
        """Of the server; ``None`` while it is down."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    @property
    def clusters(self) -> Path:
        """Where each Dask cluster has a folder, until it is over."""
        return self.state / "clusters"

    @property
    def client_file(self) -> Path:
        """What tells kernels where the server is."""
        return self.folder / "runtime" / f"jupyterlab-batch-{self.pid}.json"

    def begin(self) -> None:
        """Start it, unless it runs."""
        if self.pid is not None:
            return
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", self._application, "--allow-root"),
                    "--ServerApp.ip=127.0.0.1",
                    f"--ServerApp.port={self.api.port}",
                    "--ServerApp.port_retries=0",
                    "--ServerApp.open_browser=False",
                    f"--ServerApp.root_dir={self.work}",
                    f"--IdentityProvider.token={TOKEN}",
                ],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def up(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        wait_for(self.api.is_up, "answer of the Jupyter server", _UP_SECONDS)

    def supervisors(self) -> list[int]:
        """Return the engine's process, which outlives the server by design."""
        found = processes.with_argument(f"--state-directory\0{self.state}\0")
        # Until it becomes the wrapper, a child has the command line of its parent.
        return [pid for pid in found if processes.parent(pid) not in found]

    def send(self, number: signal.Signals) -> bool:
        return self.pid is not None and processes.send([self.pid], number)

    def kill(self) -> bool:
        """End it as a crash does; tell whether it ran."""
        if self._process is None or self.pid is None:
            return False
        self._process.kill()
        self._process.wait(30)
        return True

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process is not None and self.pid is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        self.kill()
        processes.send(self.supervisors(), signal.SIGKILL)
        # Wrappers and whatever runs for a run directory of ours.
        processes.send(processes.with_argument(f"{self.work}/batch-jobs/"), signal.SIGKILL)
        processes.send(processes.with_argument(f"{self.clusters}/"), signal.SIGKILL)
