"""A real Dask Gateway on this machine, with its Go proxy, schedulers and workers."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from jupyterlab_batch.gateways.daskgateway import DaskGateway
from tests.ports import free_ports

PASSWORD: Final = "c4nary-of-dask-gateway"  # noqa: S105 -- of a gateway that lives for one test
ALICE: Final = "alice"
START_SECONDS: Final = 90.0
_CONFIG: Final = """\
from dask_gateway_server.options import Bool, Float, Integer, Mapping, Options, Select, String

c.DaskGateway.address = "127.0.0.1:{private}"
c.Proxy.address = "127.0.0.1:{public}"
c.DaskGateway.backend_class = "dask_gateway_server.backends.{backend}"
{auth}
{database}
c.LocalBackend.clusters_directory = {root!r} + "/clusters"
c.DBBackendBase.cluster_heartbeat_timeout = {patience_seconds}
c.ClusterConfig.idle_timeout = {idle_seconds}
c.ClusterConfig.cluster_max_workers = 3
c.ClusterConfig.cluster_max_cores = 4
c.ClusterConfig.scheduler_cmd = ["dask", "scheduler"]
c.ClusterConfig.worker_cmd = ["dask", "worker"]
c.ClusterConfig.worker_memory = "256 M"
c.ClusterConfig.scheduler_memory = "256 M"

def handler(options):
    broken = {{"scheduler_cmd": ["no-such-program"]}} if options.note == "broken" else {{}}
    return {{
        **broken,
        "worker_cores": options.worker_cores,
        "worker_memory": int(options.worker_memory * 2**30),
        "environment": dict(options.environment),
    }}

c.Backend.cluster_options = Options(
    Integer("worker_cores", 1, min=1, max=4, label="Cores per worker"),
    Float("worker_memory", 0.25, min=0.125, max=2, label="Memory per worker (GiB)"),
    Select("image", [("Stable", "w_40"), ("Weekly", "w_46")], default="Stable", label="Image"),
    Mapping("environment", {{}}, label="Environment variables"),
    String("note", "", label="Note"),
    Bool("gpu", False, label="Use a GPU"),
    handler=handler,
)
"""
_SIMPLE: Final = """\
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.SimpleAuthenticator.password = {password!r}"""
_HUB: Final = """\
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.JupyterHubAuthenticator"
c.JupyterHubAuthenticator.jupyterhub_api_url = {hub!r}
c.JupyterHubAuthenticator.jupyterhub_api_token = "token-of-the-service\""""


def missing() -> str | None:
    """Return why no Dask Gateway can be started here."""
    needed = ("dask_gateway", "dask_gateway_server", "sqlalchemy")
    absent = [name for name in needed if find_spec(name) is None]
    return f"{', '.join(absent)} not installed" if absent else None


class DaskGatewayServer:
    """One gateway, which can be killed and started again.

    Parameters
    ----------
    is_durable
        It keeps its clusters in a file; else in memory.
    hub
        Address of the JupyterHub that it asks who somebody is; by default a password is enough.
    patience_seconds
        It ends clusters that it has not heard of for so long, also because it hung itself.
    """

    def __init__(
        self,
        root: Path,
        *,
        is_durable: bool = True,
        hub: str | None = None,
        idle_seconds: float = 0,
        patience_seconds: float = 30,
        backend: str = "local.UnsafeLocalBackend",
    ) -> None:
        self.root = root
        self.private, self.public = free_ports(2)
        self.url = f"http://127.0.0.1:{self.public}"
        self._key = base64.b64encode(secrets.token_bytes(32)).decode()
        self._process: subprocess.Popen[bytes] | None = None
        self.log = root / "gateway.log"
        root.mkdir(parents=True, exist_ok=True)
        database = (
            f'c.DBBackendBase.db_url = "sqlite:///{root}/gateway.sqlite"\n'
            "c.DBBackendBase.stop_clusters_on_shutdown = False"
        )
        self.secret_file = root / "password"
        self.secret_file.write_text(PASSWORD + "\n")
        auth = _HUB.format(hub=hub) if hub else _SIMPLE.format(password=PASSWORD)
        self._config = root / "gateway_config.py"
        self.configure(
            _CONFIG.format(
                private=self.private,
                public=self.public,
                backend=backend,
                auth=auth,
                database=database if is_durable else "",
                root=str(root),
                idle_seconds=idle_seconds,
                patience_seconds=patience_seconds,
            )
        )

    @property
    def configuration(self) -> str:
        """What it starts with."""
        return self._config.read_text()

    def configure(self, text: str) -> None:
        """Start it with this from now on."""
        self._config.write_text(text)

    def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers."""
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DASK_GATEWAY_ENCRYPT_KEYS": self._key,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [Path(sys.executable).with_name("dask-gateway-server"), "-f", self._config],
                cwd=self.root,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise AssertionError(f"No Dask Gateway: {self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """End it as a crash does; its proxy, a child, goes with it, its clusters stay."""
        if self._process is not None:
            children = psutil.Process(self._process.pid).children()
            proxies = [one for one in children if "proxy" in one.name()]
            self._process.kill()
            self._process.wait()
            for one in proxies:
                one.wait(30)

    def pause(self, *, is_paused: bool) -> None:
        """Let it hang, or go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if is_paused else signal.SIGCONT)

    def close(self) -> None:
        """End it and all that it started."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self.kill()
        for process in self.processes():
            process.kill()
        psutil.wait_procs(list(self.processes()), 30)
        shutil.rmtree(self.root, ignore_errors=True)

    def processes(self, cluster: str | None = None) -> Iterator[psutil.Process]:
        """Yield the processes of one cluster, or of all."""
        for process in psutil.process_iter():
            try:
                variables = process.environ()
                is_dead = process.status() == psutil.STATUS_ZOMBIE
            except psutil.Error:
                continue
            is_ours = variables.get("DASK_GATEWAY_API_URL", "").endswith(f":{self.public}/api")
            is_meant = cluster in {None, variables.get("DASK_GATEWAY_CLUSTER_NAME")}
            if is_ours and is_meant and not is_dead:
                yield process

    def gateway(self, user_name: str = ALICE, **traits: Any) -> DaskGateway:
        """Return a gateway to it, as a Jupyter server of a user has it."""
        usual = {"user_name": user_name, "secret_file": str(self.secret_file)}
        return self.gateway_at(self.url, **{**usual, **traits})

    @staticmethod
    def gateway_at(url: str, **traits: Any) -> DaskGateway:
        """Return a gateway to an address, which looks often."""
        usual = {
            "gateway_id": "dask-gateway",
            "title": "Dask Gateway",
            "url": url,
            "auth": "basic",
            "looking_interval_seconds": 0.5,
            "unseen_interval_seconds": 0.5,
            "calls_per_minute": 600,
        }
        return DaskGateway(**{**usual, **traits})
