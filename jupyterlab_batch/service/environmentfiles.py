"""What is wrong with the place of an environment. Blocks: call it in a thread.

The machine that runs the job may see more than this server does. Only below the user's own
folders, which both see, something that is not here is not there: a warning, rather than a job that
waits for hours and then cannot start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from jupyterlab_batch.domain.asked import environment_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.engine.environments import environment_path, has_own_kernel

_FIELDS: Final = {"python": "path", "conda": "name", "image": "name"}
_WHAT: Final = {"python": "Python", "conda": "conda environment", "image": "image"}
_OTHERWISE: Final = {
    "python": "name another interpreter or virtual environment",
    "conda": "name another one: conda env list tells which there are",
    "image": "name another image",
}
_KIND: Final = "spec.environment.kind"


def has_place(spec: JobSpec, root_dir: Path) -> bool:
    """Tell whether an environment is asked for by its path. Touches no disk."""
    return environment_path(spec, root_dir, _same) is not None


def place_issues(spec: JobSpec, root_dir: Path) -> Iterator[Issue]:
    """Yield what is wrong with an environment that lies where this server would see it."""
    path = environment_path(spec, root_dir, _same)
    if path is None or not any(path.is_relative_to(one) for one in (root_dir, Path.home())):
        return
    kind = environment_of(spec).kind
    field = f"spec.environment.{_FIELDS[kind]}"
    if not os.path.exists(path):  # noqa: PTH110 -- raises for no path, unlike Path.exists
        message = (
            f"There is no {_WHAT[kind]} at {path}. Nothing was submitted yet; a job would end "
            f"before its program starts. Make it there, or {_OTHERWISE[kind]}."
        )
        yield issue(field, "not_found", message, warning=True)
    elif kind != "image" and has_own_kernel(spec) and _lacks_kernel(path):
        message = (
            "There is no ipykernel in this environment, which a notebook needs. Install it there: "
            "python -m pip install ipykernel."
        )
        yield issue(field, "never_starts", message, warning=True)


def kernel_issues(metadata: object) -> Iterator[Issue]:
    """Yield what keeps a notebook from running in the Python of an environment."""
    language = _language_of(metadata)
    if language.lower() not in ("", "python", "ipython"):
        message = f"This notebook is written in {language[:100]}. Choose its kernel instead."
        yield issue(_KIND, "not_allowed", message)


def _same(path: Path) -> Path:
    return path


def _lacks_kernel(path: Path) -> bool:
    """Tell whether a virtual or conda environment certainly has none."""
    prefix = path if path.is_dir() else path.parent.parent
    mark = prefix / "pyvenv.cfg"
    if not mark.exists() and not (prefix / "conda-meta").is_dir():
        return False
    try:
        inherits = "include-system-site-packages = true" in mark.read_text(errors="replace")
    except OSError:
        inherits = False
    return not inherits and not any(prefix.glob("lib/python3*/site-packages/ipykernel"))


def _language_of(metadata: object) -> str:
    parts: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    for part, name in (("language_info", "name"), ("kernelspec", "language")):
        told = parts.get(part)
        language = told.get(name) if isinstance(told, dict) else None
        if isinstance(language, str) and language:
            return language
    return ""
