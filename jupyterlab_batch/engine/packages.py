"""Which packages a job's Python sees, told by that Python itself when the job starts."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

PACKAGES_NAME: Final = "environment.json"
"""In the run directory of the job; of an array, what the first of its tasks saw."""
PROGRAM: Final = """\
import sys
sys.path = [folder for folder in sys.path if folder]
import datetime, importlib.metadata, json
found = importlib.metadata.distributions()
print(json.dumps({
    "prefix": sys.prefix,
    "python_version": sys.version.split()[0],
    "packages": sorted({"%s==%s" % (d.metadata["Name"], d.version) for d in found}),
    "captured_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
}))
"""
_PYTHON: Final = re.compile(r"python[0-9.]*", re.ASCII)
_SECONDS: Final = 60.0


class PackageList:
    """The list that the runner of a notebook writes, beside the rest that it does."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / PACKAGES_NAME
        self._thread: threading.Thread | None = None

    def begin(self, *command: str) -> None:
        """Ask the program of a kernel, if it is a Python and no task before did.

        Parameters
        ----------
        command
            What starts it, and itself at the end.
        """
        *start, program = command
        name = os.path.basename(program)  # noqa: PTH119 -- of any text
        if _PYTHON.fullmatch(name) is None or self._path.exists():
            return
        # As the kernel's own starter does it: one without a folder is the Python that starts it.
        python = sys.executable if name == program and not start else program
        self._thread = threading.Thread(target=self._ask, args=[[*start, python]], daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait until it is written, as it long is most often."""
        if self._thread is not None:
            self._thread.join(timeout=_SECONDS)

    def _ask(self, command: list[str]) -> None:
        own = self._path.with_name(f"{PACKAGES_NAME}.{os.getpid()}")
        # Nothing of the job depends on it.
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            told = subprocess.run(
                [*command, "-c", PROGRAM],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=True,
            ).stdout
            own.write_bytes(told)
            own.replace(self._path)
