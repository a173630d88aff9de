"""The real Slurm of ``slurm.sh``, for tests in Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.ports import free_ports

SCRIPT = Path(__file__).with_name("slurm.sh")
_PORT_COUNT = 6


def missing() -> str | None:
    """Say why there can be no Slurm here; ``None`` if there can."""
    if os.geteuid() != 0:
        return "Slurm needs root: its daemons run jobs as other users"
    if shutil.which("slurmctld", path=_path()) is None:
        return "Slurm is not installed (on Debian, scripts/debian-packages.sh slurm installs it)"
    return None


class SlurmCluster:
    """Its own base folder, its own ports; all users are known to it as `root`, alice and bob.

    Parameters
    ----------
    profile
        ``ours``, or ``stock``: nothing is set up for us there, see ``slurm.sh``.
    has_database
        It has a slurmdbd, and so accounts and a history.
    min_job_age_seconds
        How long slurmctld remembers a job that is over. Short, so that some tests can meet a job
        that only slurmdbd knows.
    """

    def __init__(
        self,
        *,
        profile: Literal["ours", "stock"] = "ours",
        has_database: bool = True,
        min_job_age_seconds: int = 10,
    ) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="jlb-slurm-"))
        self._environment = {
            **os.environ,
            "PATH": _path(),
            "SLURM_BASE": str(self.base),
            "SLURM_SKIP_APT": "1",
            "SLURM_PROFILE": profile,
            "SLURM_WITHOUT_DBD": "0" if has_database else "1",
            "SLURM_MIN_JOB_AGE": str(min_job_age_seconds),
        }

    @property
    def conf(self) -> str:
        return str(self.base / "etc" / "slurm.conf")

    @property
    def url(self) -> str:
        ports = (self.base / "etc" / "ports").read_text().split()
        return f"http://127.0.0.1:{ports[3]}"

    def up(self) -> None:
        is_new = not (self.base / "etc" / "ports").exists()
        ports = {"SLURM_PORTS": " ".join(map(str, free_ports(_PORT_COUNT)))} if is_new else {}
        self._run("up", **ports)

    def close(self) -> None:
        """Stop every daemon and forget all that it wrote."""
        self._run("down")
        shutil.rmtree(self.base)

    def wipe(self) -> None:
        """Stop every daemon and forget all jobs."""
        self._run("wipe")

    def token(self, user: str = "root", seconds: int = 3600) -> str:
        return self._run("token", user, str(seconds)).strip()

    def start(self, daemon: str) -> None:
        self._run("start", daemon)

    def stop(self, daemon: str) -> None:
        self._run("stop", daemon)

    @contextmanager
    def without(self, daemon: str) -> Iterator[None]:
        """Be without one daemon for a while."""
        self.stop(daemon)
        try:
            yield
        finally:
            self.start(daemon)

    def pid(self, daemon: str) -> int:
        return int((self.base / "run" / f"{daemon}.pid").read_text())

    def tool(self, *argv: str) -> str:
        """Run one of Slurm's tools as root, who may do anything to any job."""
        return subprocess.run(
            argv,
            env={"PATH": _path(), "SLURM_CONF": self.conf},
            cwd="/",
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def _run(self, *argv: str, **environment: str) -> str:
        done = subprocess.run(
            [str(SCRIPT), *argv],
            env={**self._environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"slurm.sh {argv[0]}: {done.stderr}"
        return done.stdout


def _path() -> str:
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
