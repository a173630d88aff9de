"""What is wrong with the environment that a submission asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import UnsetType

from jupyterlab_batch.domain.asked import environment_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Environment, Issue, JobSpec, NotebookTask

_MODULE: Final = re.compile(r"[\w.+@:~=][\w.+@:~=/-]*")
_CONDA_NAME: Final = re.compile(r"[^\s/:#-][^\s/:#]*")
_FIELDS: Final = {"python": "path", "conda": "name", "modules": "names", "image": "name"}
_GO_WITH: Final = {"path": "python", "name": "conda or image", "names": "modules"}
_MISSING: Final = {
    "python": "Name an interpreter or the folder of a virtual environment.",
    "conda": "Name a conda environment, or its folder.",
    "modules": "Name the modules to be loaded.",
    "image": "Name a container image, or its file.",
}


def environment_issues(spec: JobSpec) -> Iterator[Issue]:
    """Yield what is wrong with what is asked for, whatever there is where the job runs."""
    environment = environment_of(spec)
    kind = environment.kind
    for name, kinds in _GO_WITH.items():
        given = getattr(environment, name)
        if _FIELDS.get(kind) != name and given and not isinstance(given, UnsetType):
            message = f"This goes with an environment of kind {kinds}."
            yield issue(f"spec.environment.{name}", "not_allowed", message)
    if kind == "inherit":
        return
    if isinstance(spec.task, NotebookTask) and spec.task.kernel_name and kind != "modules":
        message = "The kernel is that of the chosen environment. Leave one of them out."
        yield issue("spec.task.kernel_name", "not_allowed", message)
    yield from _values(environment)


def _values(environment: Environment) -> Iterator[Issue]:
    field = f"spec.environment.{_FIELDS[environment.kind]}"
    given = getattr(environment, _FIELDS[environment.kind])
    if not given or isinstance(given, UnsetType):
        yield issue(field, "required", _MISSING[environment.kind])
        return
    if environment.kind == "modules":
        for name in given:
            if not _MODULE.fullmatch(name):
                message = "The name of a module is such as gcc or python/3.11."
                yield issue(field, "not_allowed", message)
        return
    if not given.isprintable():
        yield issue(field, "control_character", "A path holds no control characters.")
    elif environment.kind == "image" and given.startswith("-"):
        yield issue(field, "not_allowed", "The name of an image does not begin with a minus.")
    elif environment.kind == "conda" and "/" not in given and not _CONDA_NAME.fullmatch(given):
        message = "The name of a conda environment holds no blanks and no : or #."
        yield issue(field, "not_allowed", message)
