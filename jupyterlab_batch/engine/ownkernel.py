"""A kernel in the Python of an environment or image, whatever kernels are installed here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

START_SECONDS: Final = 300
"""So long may a Python take to start on a file system that is slow, or an image to be unpacked."""
_HAS_KERNEL: Final = "import importlib.util as u, sys; sys.exit(u.find_spec('ipykernel') is None)"
_NO_KERNEL: Final = (
    "The Python of the chosen environment has no ipykernel, which a notebook needs. Install it "
    "there (python -m pip install ipykernel), or choose the kernel instead of the environment."
)
_FAILS: Final = "The Python of the chosen environment cannot be started: it ended with {code}."


class OwnKernel:
    """How such a kernel is started.

    Parameters
    ----------
    loader
        Sets the environment up and becomes what it is given (`environments.loader_of`).
    program
        The Python, as it is found then.
    names
        Variables that the user asks for, which win over those of the environment.
    """

    def __init__(self, loader: str, program: str, names: Sequence[str]) -> None:
        shell = shutil.which("bash") or "/bin/sh"
        wins = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
        # `env` would take a path that holds a = for one more variable.
        setting = ["env", *wins, "/bin/sh", "-c", 'exec "$@"', "sh"] if wins else []
        self.command: Final = [shell, "-c", loader, program, *setting, program]

    def why_not(self, directory: Path) -> str | None:
        """Start that Python once and return why no kernel can run in it, if so.

        Parameters
        ----------
        directory
            The run directory, where a loader that fails says why.
        """
        code = subprocess.run(
            [*self.command, "-c", _HAS_KERNEL], stdin=subprocess.DEVNULL, check=False
        ).returncode
        if code == 0:
            return None
        failed = directory / "environment.failed"
        said = failed.read_text(errors="replace") if failed.exists() else ""
        return said or (_NO_KERNEL if code == 1 else _FAILS.format(code=code))

    def manager(self, directory: Path) -> type[AsyncKernelManager]:
        """Return what starts it in place of a kernel that is installed.

        Its connection file lies in the run directory, which an image sees.
        """
        from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 -- slow to import
        from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415 -- likewise

        os.environ["JUPYTER_RUNTIME_DIR"] = str(directory)
        command = self.command

        class Manager(AsyncKernelManager):
            @property
            def kernel_spec(self) -> KernelSpec:
                return KernelSpec(argv=command, display_name="Python", language="python")

            def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
                more = ["-m", "ipykernel_launcher", "-f", self.connection_file]
                return [*command, *more, *(extra_arguments or [])]

        return Manager
