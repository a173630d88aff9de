"""Where a user's own token or password for a batch system comes from."""

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path
from typing import Final

from jupyterlab_batch.domain.problems import NotSignedIn
from jupyterlab_batch.engine.regularfile import NotRegular, open_regular
from jupyterlab_batch.gateways.running import Killed, run_to_end

MAX_BYTES: Final = 65536
COMMAND_DEADLINE_SECONDS: Final = 20.0


class SecretSource:
    """Gives a secret afresh for every call, so that a renewed one is used at once.

    Parameters
    ----------
    what, owner
        What it is and for whom, as users are told: ``token``, ``Slurm``.
    file
        Read each time; empty for none.
    command
        Run when there is no file and nothing that it printed before is kept; empty for none.
    variable
        Of the environment, looked at if there is neither.
    """

    def __init__(self, *, what: str, owner: str, file: str, command: str, variable: str) -> None:
        self._what = what
        self._owner = owner
        self._file = file
        self._command = shlex.split(command)
        self._variable = variable
        self._made: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the next `read` returns what a command printed before."""
        return not self._file and self._made is not None

    def forget(self) -> None:
        """Run the command again next time."""
        self._made = None

    async def read(self) -> str:
        """Return the secret; empty if there is none.

        Raises
        ------
        NotSignedIn
            What should give it does not.
        """
        if self._file:
            # It may lie on a file system that hangs.
            return await asyncio.to_thread(self._read_file)
        if self._command:
            if self._made is None:
                self._made = await self._run()
            return self._made
        return os.environ.get(self._variable, "")

    def _read_file(self) -> str:
        try:
            path = Path(self._file).expanduser()
            with open_regular(path, follow_links=True) as file:
                return (file.read(MAX_BYTES) or b"").decode(errors="replace")
        except NotRegular as error:
            name = f"The {self._what} file for {self._owner}"
            raise NotSignedIn(f"{name} is no file: {self._file}.") from error
        except OSError as error:
            name = f"The {self._what} file for {self._owner}"
            why = f"{error.strerror}: {self._file}"
            raise NotSignedIn(f"{name} cannot be read ({why}).") from error

    async def _run(self) -> str:
        command = f"The {self._what} command for {self._owner}"
        try:
            code, stdout, _ = await run_to_end(
                self._command, deadline_seconds=COMMAND_DEADLINE_SECONDS
            )
        except OSError as error:
            raise NotSignedIn(f"{command} does not run ({error.strerror}).") from error
        except Killed as killed:
            raise NotSignedIn(f"{command} {killed}.") from None
        if code != 0:
            raise NotSignedIn(f"{command} failed with exit code {code}.")
        return stdout.decode(errors="replace")
