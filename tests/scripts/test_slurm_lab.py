"""`make slurm`: JupyterLab with Slurm as second gateway, by either way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.slurm_cluster.cluster import SlurmCluster

SCRIPT = Path(__file__).parents[2] / "scripts" / "slurm-lab.sh"
TOKEN = "of-one-test"  # noqa: S105 -- of a server that lives for one test


class Lab:
    """A Lab that the script has started."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._url = f"http://127.0.0.1:{port}/jupyterlab-batch/v1/"
        self._log = folder / "log"
        places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
        self._process = subprocess.Popen(
            [
                *(str(SCRIPT), "--no-browser", "--ip=127.0.0.1", f"--port={port}"),
                *("--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"),
            ],
            env={
                **os.environ,
                **environment,
                **{f"JUPYTER_{place}": str(folder / place) for place in places},
                "LAB_WORKSPACE": str(folder / "work"),
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log.open("wb"),
            stderr=subprocess.STDOUT,
        )

    def ask(self, path: str, body: object = None, **headers: str) -> Any:
        request = urllib.request.Request(  # noqa: S310 -- to the server of this test
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", **headers},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- likewise
            return json.load(answer)

    def wait_until_up(self) -> None:
        give_up_at = time.monotonic() + 60
        while True:
            try:
                self.ask("gateways")
            except urllib.error.URLError:
                assert self._process.poll() is None, self._log.read_text()
                assert time.monotonic() < give_up_at, self._log.read_text()
                time.sleep(0.1)
            else:
                return

    def end(self) -> int:
        """Stop it as a user does, by its process id."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)


@pytest.mark.slurm
@pytest.mark.parametrize(
    ("transport", "request_begins"), [("rest", "POST http://"), ("cli", "env ")]
)
def test_lab_has_slurm_as_second_gateway(
    slurm: SlurmCluster, tmp_path: Path, transport: str, request_begins: str
) -> None:
    lab = Lab(tmp_path, {"SLURM_BASE": str(slurm.base), "SLURM_TRANSPORT": transport})
    try:
        lab.wait_until_up()
        local, second = lab.ask("gateways")["gateways"]
        assert (local["kind"], local["health"]["ok"]) == ("local", True)
        assert (second["id"], second["health"]["ok"]) == ("slurm", True)
        assert [queue["name"] for queue in second["queues"]] == ["debug", "batch"]
        spec = {
            "name": "count",
            "task": {"kind": "script", "path": "examples/count-cores.sh"},
            "resources": {"cores": 1, "memory_bytes": 2**26, "walltime_seconds": 60},
        }
        submission = {"gateway_id": "slurm", "spec": spec}
        checked = lab.ask("jobs/check", submission)
        assert checked["issues"] == []
        assert checked["preview"]["request"].startswith(request_begins)
        job = lab.ask("jobs", submission, **{"Idempotency-Key": "key-of-this-one-test"})
        assert slurm.tool("squeue", "--noheader", "--states=all", f"--jobs={job['native_id']}")
    finally:
        status = lab.end()
    assert status == 128 + signal.SIGTERM
    assert slurm.tool("scontrol", "ping")  # what ran before the script still runs
