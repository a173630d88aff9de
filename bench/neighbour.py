"""The neighbours, each in the environment that ``bench/run.sh`` makes for it."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TITLE = "jupyter-scheduler"
SLURM_TITLE = "jupyterlab-slurm"
DASK_TITLE = "dask-labextension 7.0.0"


def python() -> Path:
    """Return the interpreter of jupyter-scheduler."""
    return PROJECT / ".venv-bench/bin/python"


@functools.cache
def version() -> str:
    """Return which jupyter-scheduler is installed."""
    return _version(python(), "jupyter_scheduler")


@functools.cache
def slurm_version() -> str:
    """Return which jupyterlab-slurm is installed."""
    return _version(PROJECT / ".venv-bench-slurm/bin/python", "jupyterlab_slurm")


def _version(interpreter: Path, package: str) -> str:
    script = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.check_output([interpreter, "-c", script], text=True).strip()
