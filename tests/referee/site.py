"""What one campaign runs on: a Jupyter server, its engine, perhaps Slurm, Dask Gateway, a disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.referee import processes
from tests.referee.browser import Browser
from tests.referee.cluster import Cluster
from tests.referee.daskgateway import DaskGateway
from tests.referee.evidence import Crossings, Evidence
from tests.referee.jupyter import Jupyter
from tests.referee.ledger import Ledger
from tests.referee.relay import Relay
from tests.referee.tools import write_tools

SUBMIT_DEADLINE_SECONDS = 10.0
_QUICK = {
    "moving_interval_seconds": 0.5,
    "looking_interval_seconds": 0.5,
    "unseen_interval_seconds": 0.5,
    "calls_per_minute": 600,
    "submit_deadline_seconds": SUBMIT_DEADLINE_SECONDS,
}
_RUN_ROOT = "100% of %j, it's %x \u2606"
"""Where the jobs of Slurm have their folders and logs; Slurm fills in some of such patterns."""
_SMALL_DISK_BYTES = 64 * 1024 * 1024
"""More than what some hundred rounds leave there: 8 MB were full by themselves after 75."""


def no_small_disk() -> str | None:
    """Say why no disk can be filled here; ``None`` if one can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "a small disk can be mounted by root only"
    done = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        check=False,
    )
    return None if done.returncode == 0 else "nothing can be mounted here"


@dataclass
class Options:
    """What a site is to have."""

    cluster: Cluster | None = None
    small_disk: bool = False
    has_dask_gateway: bool = False
    has_lab: bool = False
    """With JupyterLab and our front end, for a browser."""
    extensions: tuple[str, ...] = ()
    variables: dict[str, str] | None = None


class Site:
    """Started at once; `close` leaves neither process nor mount behind."""

    def __init__(self, folder: Path, options: Options | None = None) -> None:
        options = options or Options()
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.cluster = options.cluster
        self.ledger = Ledger(folder / "ledger")
        self.crossings = Crossings(folder / "crossings")
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.scratch = folder / "scratch"
        """Where Dask clusters put what does not fit into their memory."""
        self.scratch.mkdir()
        self.has_small_disk = options.small_disk
        if options.small_disk:
            size = f"size={_SMALL_DISK_BYTES}"
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.disk)], check=True
            )
        self.relays: list[Relay] = []
        self.dask: DaskGateway | None = None
        if options.has_dask_gateway:
            self.dask = DaskGateway(folder / "dask-gateway", self.ledger)
            self.dask.up()
        self.token_file = folder / "token"
        self.browser: Browser | None = None
        """Who is in front of the page in this round, if anybody."""
        gateways = [self._local(), *self._slurm(), *self._dask()]
        self.gateway_ids = [str(gateway["id"]) for gateway in gateways]
        self.jupyter = Jupyter(folder, self.disk, gateways, options.extensions, options.variables)
        if options.has_lab:
            self.jupyter.add_lab()
        self.evidence = Evidence(
            store=self.jupyter.store,
            engine=self.jupyter.state / "jobs.sqlite",
            ledger=self.ledger,
            crossings=self.crossings,
        )
        try:
            self.jupyter.up()
        except TimeoutError:
            self.close()
            raise

    def _local(self) -> dict[str, Any]:
        return {
            "kind": "local",
            "id": "local",
            "max_cores": 4,
            "grace_seconds": 1.0,
            "dask_scratch_directory": str(self.scratch),
        }

    def _slurm(self) -> list[dict[str, Any]]:
        if self.cluster is None:
            return []
        port = self._relay(self.cluster.rest_port)
        self.renew_token()
        tools = write_tools(self.folder / "tools", self.crossings)
        common = {"kind": "slurm", "run_root": str(self.disk / "work" / _RUN_ROOT), **_QUICK}
        url = f"http://127.0.0.1:{port}"
        return [
            {"id": "rest", "url": url, "token_file": str(self.token_file), **common},
            {
                "id": "cli",
                "bin_directory": str(tools),
                "slurm_conf": self.cluster.conf,
                **common,
            },
        ]

    def _dask(self) -> list[dict[str, Any]]:
        return [] if self.dask is None else [self.dask.configuration(self._relay(self.dask.port))]

    def _relay(self, port: int) -> int:
        """Stand in front of a port, and return where."""
        self.relays.append(Relay(port, self.crossings))
        return self.relays[-1].port

    def renew_token(self, seconds: int = 86400) -> None:
        """Sign in to slurmrestd for some time."""
        if self.cluster is not None:
            new = self.token_file.with_suffix(".new")
            new.write_text(self.cluster.token(seconds))
            new.rename(self.token_file)  # who reads it finds it whole

    def bring_back(self) -> None:
        """Let everything run again, whatever was done to it."""
        (self.disk / "filler").unlink(missing_ok=True)
        self.crossings.mend()
        server = self.jupyter.pid
        processes.send([] if server is None else [server], signal.SIGCONT)
        processes.send(self.jupyter.supervisors(), signal.SIGCONT)
        if self.cluster is not None:
            self.cluster.bring_back()
        if self.dask is not None:
            self.dask.up()
        self.jupyter.up()

    @contextmanager
    def watched_by(self, browser: Browser) -> Iterator[None]:
        """Let somebody be in front of the page for a while."""
        self.browser = browser
        try:
            yield
        finally:
            browser.close()
            self.browser = None

    def close(self) -> None:
        if self.browser is not None:
            self.browser.close()
        self.jupyter.close()
        processes.send(processes.with_argument(str(self.ledger.folder)), signal.SIGKILL)
        if self.dask is not None:
            self.dask.close()
        for relay in self.relays:
            relay.close()
        if self.has_small_disk:
            subprocess.run(["umount", "--lazy", str(self.disk)], check=True)
