"""jupyter-scheduler, in the environment that ``bench/run.sh`` makes for it."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TITLE = "jupyter-scheduler"


def python() -> Path:
    """Return its interpreter."""
    return PROJECT / ".venv-bench/bin/python"


@functools.cache
def version() -> str:
    """Return what is installed."""
    script = "from importlib.metadata import version; print(version('jupyter_scheduler'))"
    return subprocess.check_output([python(), "-c", script], text=True).strip()
