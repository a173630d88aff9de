"""Running Slurm's command-line tools: argv only, a clean environment, a deadline."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import msgspec

from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.running import Killed, run_to_end
from jupyterlab_batch.gateways.slurm.script import PATH

_PLAINLY = {"SLURM_TIME_FORMAT": "%s", "SLURM_BITSTR_LEN": "0"}
"""Times as numbers, and the indices of an array in full rather than 64 characters of them."""
_SIGN_IN_WORDS = ("authentication", "Munge", "munge", "Invalid user")


class Outcome(msgspec.Struct, frozen=True):
    """How a tool ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def complaint(self) -> str:
        """The last line of what it complains about, without the tool's own name."""
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        last = lines[-1] if lines else f"exit code {self.code}"
        return last.rpartition("error: ")[2]


class Tools:
    """Slurm's command-line tools.

    They inherit nothing from the server: a stray ``SLURM_*``, ``SBATCH_*`` or ``SALLOC_*`` would
    change what they do (a Jupyter server may itself be a Slurm job).

    Parameters
    ----------
    bin_directory
        Where they are; empty for the server's ``PATH``.
    slurm_conf
        For ``SLURM_CONF``; empty for the server's own, or Slurm's default.
    """

    def __init__(
        self,
        *,
        bin_directory: str,
        slurm_conf: str,
        deadline_seconds: float,
    ) -> None:
        self._bin_directory = bin_directory
        self._slurm_conf = slurm_conf or os.environ.get("SLURM_CONF", "")
        self._deadline_seconds = deadline_seconds

    @property
    def environment(self) -> dict[str, str]:
        """All that a tool is given: what it needs to find its cluster, and to speak plainly."""
        own = {"PATH": PATH, "LC_ALL": "C.UTF-8"}
        return {**own, "SLURM_CONF": self._slurm_conf} if self._slurm_conf else own

    def path_of(self, name: str) -> str | None:
        """Find a tool."""
        return shutil.which(name, path=self._bin_directory or None)

    async def run(
        self,
        name: str,
        *arguments: str,
        stdin: str = "",
        environment: Mapping[str, str] | None = None,
        deadline_seconds: float | None = None,
    ) -> Outcome:
        """Run a tool to its end.

        Raises
        ------
        GatewayUnreachable
            It is not there: nothing was started.
        Killed
            It took too long or printed too much.
        """
        program = self.path_of(name)
        if program is None:
            raise GatewayUnreachable(self._not_found(name))
        code, stdout, stderr = await run_to_end(
            [program, *arguments],
            stdin=stdin.encode(),
            env={**self.environment, **(environment or {})},
            cwd="/",
            deadline_seconds=deadline_seconds or self._deadline_seconds,
        )
        return Outcome(code, _text(stdout), _text(stderr))

    async def ask(self, name: str, *arguments: str) -> str:
        """Run a tool that only asks, and return what it printed.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
        """
        try:
            outcome = await self.run(name, *arguments, environment=_PLAINLY)
        except Killed as killed:
            raise GatewayUnreachable(f"Slurm's program {name} {killed}.") from None
        if outcome.code != 0:
            raise problem_of(name, outcome)
        return outcome.stdout

    def _not_found(self, name: str) -> str:
        where = self._bin_directory or "the folders of the Jupyter server's PATH"
        return (
            f"Slurm's program {name} is not in {where}. "
            "Load Slurm before Jupyter starts, or set SlurmGateway.bin_directory."
        )


def problem_of(name: str, outcome: Outcome) -> GatewayUnreachable | NotSignedIn:
    """Say why a tool could not ask."""
    if any(word in outcome.stderr for word in _SIGN_IN_WORDS):
        return NotSignedIn(f"Slurm does not know you ({name}: {outcome.complaint}).")
    return GatewayUnreachable(f"Slurm does not answer ({name}: {outcome.complaint}).")


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")
