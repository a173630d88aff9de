"""A real Slurm, by the script that any developer runs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Literal

from tests.referee import processes

_SCRIPT = Path(__file__).parents[1] / "slurm_cluster" / "slurm.sh"
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
Profile = Literal["ours", "stock"]


def no_slurm() -> str | None:
    """Say why there can be no Slurm here; ``None`` if there can."""
    if os.geteuid() != 0:
        return "Slurm needs root: its daemons run jobs as other users"
    return None if shutil.which("slurmctld", path=_PATH) else "Slurm is not installed"


class Cluster:
    """On ports and in a folder of its own.

    Parameters
    ----------
    profile
        ``ours``, or ``stock``: nothing is set up for us there, see ``slurm.sh``.
    min_job_age_seconds
        So long a job that is over is remembered, and counts among those that there may be.
    """

    def __init__(
        self,
        profile: Profile = "ours",
        *,
        has_database: bool = True,
        min_job_age_seconds: int = 300,
    ) -> None:
        self.min_job_age_seconds = min_job_age_seconds
        self.base = Path(tempfile.mkdtemp(prefix="referee-slurm-"))
        databases = ("mariadbd", "slurmdbd") if has_database else ()
        self.daemons = (*databases, "slurmctld", "slurmrestd")
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in range(6)]
            for one in sockets:
                one.bind(("127.0.0.1", 0))
            ports = [str(one.getsockname()[1]) for one in sockets]
        self.rest_port = int(ports[3])
        self._run(
            "up",
            SLURM_PORTS=" ".join(ports),
            SLURM_PROFILE=profile,
            SLURM_WITHOUT_DBD="0" if has_database else "1",
            SLURM_MIN_JOB_AGE=str(min_job_age_seconds),
        )

    @property
    def conf(self) -> str:
        return str(self.base / "etc" / "slurm.conf")

    def token(self, seconds: int = 86400) -> str:
        return self._run("token", "root", str(seconds)).strip()

    def pid(self, daemon: str) -> int:
        return int((self.base / "run" / f"{daemon}.pid").read_text())

    def send(self, daemon: str, number: signal.Signals) -> bool:
        with suppress(FileNotFoundError):  # what ended by itself took it along
            return processes.send([self.pid(daemon)], number)
        return False

    def kill(self, daemon: str) -> bool:
        """End a daemon as a crash does; tell whether it ran."""
        was_there = self.send(daemon, signal.SIGKILL)
        # On a busy machine it may take its time, and would be thought to be up.
        processes.wait_for(lambda: not self._is_up(daemon), f"end of {daemon}", 30)
        return was_there

    def _is_up(self, daemon: str) -> bool:
        with suppress(FileNotFoundError):
            return self.pid(daemon) in processes.with_argument(daemon)
        return False

    def bring_back(self) -> None:
        for daemon in self.daemons:
            self.send(daemon, signal.SIGCONT)
            if not self._is_up(daemon):
                self.start(daemon)

    def start(self, daemon: str) -> None:
        self._run("start", daemon)

    def forget_all(self) -> None:
        """Let slurmctld lose its memory, and begin to count from 1."""
        self.kill("slurmctld")
        for path in (self.base / "state").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.start("slurmctld")

    def remember_for(self, seconds: int) -> None:
        """Set how long a job that is over is remembered."""
        conf = Path(self.conf)
        lines = conf.read_text().splitlines(keepends=True)
        mine = f"MinJobAge={seconds}\n"
        conf.write_text("".join(mine if line.startswith("MinJobAge=") else line for line in lines))
        self.tool("scontrol", "reconfigure")

    def knows(self, native_id: str) -> bool:
        # A tool that is too slow says nothing either, hardly twice.
        return any(self.tool("scontrol", "show", "job", native_id) for _ in range(2))

    def set_nodes(self, state: str) -> None:
        change = ("nodename=n1,n2", f"state={state}", "reason=referee")
        self.tool("scontrol", "update", *(change if state == "down" else change[:2]))

    def mend(self) -> None:
        """Do what an administrator does after a slurmctld that lost its memory.

        It gives ids a second time; a node that knows one already refuses the job and is drained,
        and the job is held, or waits two minutes for another try.
        """
        for line in self.tool("sinfo", "--noheader", "--Node", "--format=%N %T").splitlines():
            node, state = line.split()
            if state.rstrip("*").startswith(("down", "drain")):
                self.tool("scontrol", "update", f"nodename={node}", "state=resume")
        held = self.tool("squeue", "--noheader", "--states=PENDING", "--format=%i %r")
        for line in held.splitlines():
            job, _, why = line.partition(" ")
            if why.startswith("launch failed"):
                self.tool("scontrol", "release", job)
            elif why == "BeginTime":
                self.tool("scontrol", "update", f"jobid={job}", "starttime=now")

    def tool(self, *argv: str) -> str:
        own = {"PATH": _PATH, "SLURM_CONF": self.conf}
        # What cannot be done now is done by the next look.
        with suppress(subprocess.TimeoutExpired):
            return subprocess.run(
                argv, env=own, cwd="/", capture_output=True, text=True, check=False, timeout=3
            ).stdout
        return ""

    def close(self) -> None:
        self._run("down")
        shutil.rmtree(self.base)

    def _run(self, *argv: str, **variables: str) -> str:
        own = {"PATH": _PATH, "SLURM_BASE": str(self.base), "SLURM_SKIP_APT": "1"}
        done = subprocess.run(
            [str(_SCRIPT), *argv],
            env={**os.environ, **own, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            message = f"slurm.sh {argv[0]}: {done.stderr}"
            raise RuntimeError(message)
        return done.stdout
