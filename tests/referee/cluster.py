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

from tests.referee import processes

_SCRIPT = Path(__file__).parents[1] / "slurm_cluster" / "slurm.sh"
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
DAEMONS = ("slurmctld", "slurmrestd")


def no_slurm() -> str | None:
    """Say why there can be no Slurm here; ``None`` if there can."""
    if os.geteuid() != 0:
        return "Slurm needs root: its daemons run jobs as other users"
    return None if shutil.which("slurmctld", path=_PATH) else "Slurm is not installed"


class Cluster:
    """On ports and in a folder of its own."""

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="referee-slurm-"))
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket.socket()) for _ in range(6)]
            for one in sockets:
                one.bind(("127.0.0.1", 0))
            ports = [str(one.getsockname()[1]) for one in sockets]
        self.rest_port = int(ports[3])
        self._run("up", SLURM_PORTS=" ".join(ports))

    @property
    def conf(self) -> str:
        return str(self.base / "etc" / "slurm.conf")

    def token(self) -> str:
        return self._run("token", "root", "86400").strip()

    def pid(self, daemon: str) -> int:
        return int((self.base / "run" / f"{daemon}.pid").read_text())

    def send(self, daemon: str, number: signal.Signals) -> bool:
        return processes.send([self.pid(daemon)], number)

    def kill(self, daemon: str) -> bool:
        """End a daemon as a crash does; tell whether it ran."""
        was_there = self.send(daemon, signal.SIGKILL)
        # On a busy machine it may take its time, and would be thought to be up.
        processes.wait_for(lambda: not self._is_up(daemon), f"end of {daemon}", 30)
        return was_there

    def _is_up(self, daemon: str) -> bool:
        return self.pid(daemon) in processes.with_argument(daemon)

    def bring_back(self) -> None:
        for daemon in DAEMONS:
            self.send(daemon, signal.SIGCONT)
            if not self._is_up(daemon):
                self._run("start", daemon)

    def mend(self) -> None:
        """Do what an administrator does after a slurmctld that lost its memory.

        It gives ids a second time; a node that knows one already refuses the job and is drained,
        and the job is held, or waits two minutes for another try.
        """
        for line in self._tool("sinfo", "--noheader", "--Node", "--format=%N %T").splitlines():
            node, state = line.split()
            if state.rstrip("*").startswith(("down", "drain")):
                self._tool("scontrol", "update", f"nodename={node}", "state=resume")
        held = self._tool("squeue", "--noheader", "--states=PENDING", "--format=%i %r")
        for line in held.splitlines():
            job, _, why = line.partition(" ")
            if why.startswith("launch failed"):
                self._tool("scontrol", "release", job)
            elif why == "BeginTime":
                self._tool("scontrol", "update", f"jobid={job}", "starttime=now")

    def _tool(self, *argv: str) -> str:
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
