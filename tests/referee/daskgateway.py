"""A real Dask Gateway; its clusters write into the ledger when they start."""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tests.ports import free_ports
from tests.referee import processes
from tests.referee.ledger import Ledger
from tests.referee.processes import MARK

USER: Final = "referee"
_PASSWORD: Final = "of-one-campaign"  # noqa: S105 -- of a gateway that lives for one campaign
_UP_SECONDS: Final = 120.0
_CONFIG: Final = """\
from dask_gateway_server.options import Integer, Options, String

c.DaskGateway.address = "127.0.0.1:{private}"
c.Proxy.address = "127.0.0.1:{public}"
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.SimpleAuthenticator.password = {password!r}
c.DBBackendBase.db_url = "sqlite:///{folder}/gateway.sqlite"
c.DBBackendBase.stop_clusters_on_shutdown = False
c.DBBackendBase.cluster_status_period = c.DBBackendBase.worker_status_period = 2
c.DBBackendBase.cluster_heartbeat_period = 2
c.DBBackendBase.cluster_start_timeout = 300
c.LocalBackend.clusters_directory = {folder!r} + "/clusters"
c.ClusterConfig.scheduler_cmd = [{scheduler!r}]
c.ClusterConfig.worker_cmd = [{python!r}, "-m", "distributed.cli.dask_worker"]
c.ClusterConfig.worker_memory = c.ClusterConfig.scheduler_memory = "256 M"

def chosen(options):
    return {{"environment": {{{mark!r}: options.key}}, "idle_timeout": options.idle_seconds}}

c.Backend.cluster_options = Options(
    String("key", ""), String("name", ""), Integer("idle_seconds", 600), handler=chosen
)
"""
_SCHEDULER: Final = """\
#!/bin/sh
# Starts the scheduler of one cluster, and writes down whenever it does.
printf '%s %s 1 %s\\n' "${mark}" "$DASK_GATEWAY_CLUSTER_NAME" "$$" >>{ledger}/started
exec {python} -m distributed.cli.dask_scheduler "$@"
"""


def no_dask_gateway() -> str | None:
    """Say why there can be no Dask Gateway here; ``None`` if there can."""
    needed = ("dask_gateway", "dask_gateway_server", "sqlalchemy")
    absent = [name for name in needed if find_spec(name) is None]
    return f"{', '.join(absent)} not installed" if absent else None


class DaskGateway:
    """Keeps its clusters in a file; can be killed and started again on the same ports."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        folder.mkdir()
        self.folder = folder
        self.private, self.port = free_ports(2)
        self.password_file = folder / "password"
        self.password_file.write_text(_PASSWORD)
        self._keys = base64.b64encode(secrets.token_bytes(32)).decode()
        self._process: subprocess.Popen[bytes] | None = None
        scheduler = folder / "scheduler"
        python = shlex.quote(sys.executable)
        where = shlex.quote(str(ledger.folder))
        scheduler.write_text(_SCHEDULER.format(mark=MARK, ledger=where, python=python))
        scheduler.chmod(0o755)
        self._config = folder / "gateway_config.py"
        self._config.write_text(
            _CONFIG.format(
                private=self.private,
                public=self.port,
                password=_PASSWORD,
                folder=str(folder),
                scheduler=str(scheduler),
                python=sys.executable,
                mark=MARK,
            )
        )

    def up(self) -> None:
        """Start it unless it runs, let it go on if it was stopped, wait until it answers."""
        self.send(signal.SIGCONT)
        if not self._runs():
            with (self.folder / "gateway.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [Path(sys.executable).with_name("dask-gateway-server"), "-f", self._config],
                    cwd=self.folder,
                    env={**os.environ, "DASK_GATEWAY_ENCRYPT_KEYS": self._keys},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        processes.wait_for(self._answers, "answer of the Dask Gateway", _UP_SECONDS)

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self._ask("GET", "/api/health")[0] == 200
        return False

    def send(self, number: signal.Signals) -> bool:
        """Send a signal to it; tell whether it ran."""
        return (
            self._process is not None
            and self._runs()
            and processes.send([self._process.pid], number)
        )

    def kill(self) -> bool:
        """End it as a crash does; its proxy goes with it, its clusters stay."""
        if self._process is None or not self._runs():
            return False
        gateway = self._process.pid
        proxies = processes.with_argument("dask-gateway-proxy")
        mine = {pid for pid in proxies if processes.parent(pid) == gateway}
        self._process.kill()
        self._process.wait(30)
        processes.wait_for(
            lambda: not mine & set(processes.with_argument("dask-gateway-proxy")),
            "end of its proxy",
            30,
        )
        return True

    def living(self) -> list[str]:
        """Return what it says, and what the machine shows, of clusters that are not over."""
        states = "PENDING,RUNNING,STOPPING"
        listed = json.loads(self._ask("GET", f"/api/v1/clusters/?status={states}")[1])
        found = processes.with_variable("DASK_GATEWAY_API_URL", self._api_url())
        return [*(f"cluster {name}" for name in listed), *(f"process {pid}" for pid in found)]

    def _api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def _ask(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            basic = base64.b64encode(f"{USER}:{_PASSWORD}".encode()).decode()
            connection.request(method, path, headers={"Authorization": f"Basic {basic}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def configuration(self, port: int) -> dict[str, Any]:
        """Return it as one of the gateways of a Jupyter server.

        Parameters
        ----------
        port
            Of what stands in front of it.
        """
        return {
            "kind": "dask-gateway",
            "id": "dask",
            "url": f"http://127.0.0.1:{port}",
            "auth": "basic",
            "user_name": USER,
            "secret_file": str(self.password_file),
            "looking_interval_seconds": 0.5,
            "unseen_interval_seconds": 0.5,
            "calls_per_minute": 600,
            "start_deadline_seconds": 10.0,
        }

    def close(self) -> None:
        """Leave nothing behind."""
        self.send(signal.SIGCONT)
        self.kill()
        found = processes.with_variable("DASK_GATEWAY_API_URL", self._api_url())
        processes.send(found, signal.SIGKILL)
