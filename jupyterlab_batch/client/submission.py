"""From what the user asks for, in his units and paths, to the submission of the contract."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from jupyterlab_batch.client.errors import not_valid
from jupyterlab_batch.client.generated import (
    CommandTask,
    Dependency,
    Environment,
    Files,
    JobSpec,
    NotebookTask,
    Placement,
    Resources,
    ScriptTask,
    Variable,
)
from jupyterlab_batch.client.resources import to_cores, to_memory, to_scratch, to_walltime
from jupyterlab_batch.client.sweeps import to_array

_OF_SCRIPTS = ("arguments", "interpreter")
_OF_NOTEBOOKS = ("parameters", "kernel_name", "output_path")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The arguments of `Batch.submit` that describe the job."""

    script: str | PathLike[str] | None = None
    notebook: str | PathLike[str] | None = None
    command: str | Sequence[str] | None = None
    name: str | None = None
    gateway: str | None = None
    cores: int = 1
    memory: str = "1GB"
    time: str | int | timedelta = "1h"
    queue: str | None = None
    account: str | None = None
    qos: str | None = None
    reservation: str | None = None
    begin_at: datetime | None = None
    features: Sequence[str] | None = None
    nodes: int | None = None
    processes: int | None = None
    scratch: str | None = None
    native: Mapping[str, str | None] | None = None
    modules: Sequence[str] | None = None
    conda: str | PathLike[str] | None = None
    python: str | PathLike[str] | None = None
    image: str | PathLike[str] | None = None
    working_directory: str | PathLike[str] | None = None
    outputs: str | Sequence[str] | None = None
    stdout_path: str | PathLike[str] | None = None
    stderr_path: str | PathLike[str] | None = None
    parameters: Mapping[str, Any] | None = None
    variables: Mapping[str, str] | None = None
    variables_from_files: Mapping[str, str | PathLike[str]] | None = None
    interpreter: str | None = None
    arguments: Sequence[str] | None = None
    kernel_name: str | None = None
    output_path: str | PathLike[str] | None = None
    gpus: int = 0
    array: str | Iterable[int] | None = None
    vary: Mapping[str, Iterable[Any]] | None = None
    together: bool = False
    max_running: int | None = None
    tags: Mapping[str, str] | Iterable[str] | None = None


def to_spec(asked: Asked, depends_on: list[Dependency] | None = None) -> JobSpec:
    """Make the description of the job; paths become absolute from here.

    Raises
    ------
    BatchError
        It cannot be sent (``not_valid``, with its field). What can be sent is judged by the
        server.
    """
    task = _to_task(asked)
    here = Path.cwd() if isinstance(task, CommandTask) else None
    directory = absolute(asked.working_directory) if asked.working_directory else here
    return JobSpec(
        name=_default_name(task) if asked.name is None else asked.name,
        task=task,
        resources=Resources(
            cores=to_cores(asked.cores),
            memory_bytes=to_memory(asked.memory),
            walltime_seconds=to_walltime(asked.time),
            gpus=asked.gpus or None,
            nodes=asked.nodes,
            processes=asked.processes,
            scratch_bytes=None if asked.scratch is None else to_scratch(asked.scratch),
        ),
        array=to_array(
            asked.array, asked.vary, is_zip=asked.together, max_running=asked.max_running
        ),
        depends_on=depends_on or None,
        environment=_to_environment(asked),
        placement=_to_placement(asked),
        native=dict(asked.native) if asked.native else None,
        files=_to_files(directory, asked),
        tags=_to_tags(asked.tags) or None,
    )


def _to_files(directory: Path | None, asked: Asked) -> Files:
    outputs = asked.outputs
    names = [outputs] if isinstance(outputs, str) else list(outputs or ())
    return Files(
        working_directory=str(directory) if directory else None,
        stdout_path=fspath(asked.stdout_path) if asked.stdout_path else None,
        stderr_path=fspath(asked.stderr_path) if asked.stderr_path else None,
        outputs=names or None,
    )


def to_patch(
    *,
    name: str | None,
    cores: int | None,
    memory: str | None,
    time: str | int | timedelta | None,
    queue: str | None,
    account: str | None,
    tasks: Sequence[int] | None,
) -> dict[str, Any]:
    """Make the patch of a resubmission of what is not None.

    Raises
    ------
    BatchError
        A quantity cannot be read; ``field`` says which.
    """
    resources = {
        "cores": None if cores is None else to_cores(cores),
        "memory_bytes": None if memory is None else to_memory(memory),
        "walltime_seconds": None if time is None else to_walltime(time),
    }
    parts = {
        "name": name,
        "task_indices": None if tasks is None else list(tasks),
        "resources": {field: value for field, value in resources.items() if value is not None},
        "placement": {
            field: value
            for field, value in {"queue": queue, "account": account}.items()
            if value is not None
        },
    }
    return {field: part for field, part in parts.items() if part}


def _to_tags(tags: Mapping[str, str] | Iterable[str] | None) -> dict[str, str]:
    if isinstance(tags, str):
        raise not_valid("spec.tags", "Tags are a list of names, or a value for each name.")
    if isinstance(tags, Mapping):
        return {str(name): str(value) for name, value in tags.items()}
    return dict.fromkeys(map(str, tags or ()), "")


def _to_placement(asked: Asked) -> Placement:
    if asked.begin_at is not None and asked.begin_at.tzinfo is None:
        message = "Say the time zone of begin_at, such as datetime.now().astimezone()."
        raise not_valid("spec.placement.begin_at", message)
    return Placement(
        queue=asked.queue,
        account=asked.account,
        qos=asked.qos,
        reservation=asked.reservation,
        begin_at=asked.begin_at,
        features=list(asked.features) if asked.features else None,
    )


def _to_environment(asked: Asked) -> Environment:
    variables = _to_variables(asked)
    given = [name for name in ("modules", "conda", "python", "image") if getattr(asked, name)]
    if len(given) > 1:
        message = f"Say one of {' and '.join(given)}."
        raise not_valid("spec.environment.kind", message)
    if asked.modules:
        if isinstance(asked.modules, str):
            raise not_valid("spec.environment.names", "Modules are a list of names.")
        return Environment(kind="modules", names=list(asked.modules), variables=variables)
    if asked.conda:
        name = fspath(asked.conda)
        prefix = str(absolute(name)) if "/" in name else name
        return Environment(kind="conda", name=prefix, variables=variables)
    if asked.python:
        path = str(absolute(asked.python))
        return Environment(kind="python", path=path, variables=variables)
    if asked.image:
        return Environment(kind="image", name=_to_image(asked.image), variables=variables)
    return Environment(kind="inherit", variables=variables)


def _to_image(image: str | PathLike[str]) -> str:
    """Return its path from here on, or its name as a registry knows it."""
    name = fspath(image)
    is_file = name.startswith(("/", "~", "./", "../")) or (
        "://" not in name and name.endswith((".sif", ".simg", ".sqsh", ".img"))
    )
    return str(absolute(name)) if is_file or not isinstance(image, str) else name


def _to_variables(asked: Asked) -> dict[str, Variable]:
    values, files = asked.variables or {}, asked.variables_from_files or {}
    for name in values:
        if name in files:
            field = f"spec.environment.variables.{name}"
            raise not_valid(field, f"{name} has a value and a file; give one of them.")
    return {
        **{name: Variable(value=value) for name, value in values.items()},
        **{name: Variable(from_file=str(absolute(path))) for name, path in files.items()},
    }


def _to_task(asked: Asked) -> CommandTask | ScriptTask | NotebookTask:
    given = [what for what in (asked.script, asked.notebook, asked.command) if what is not None]
    if len(given) != 1:
        raise not_valid("spec.task", "Say one of script, notebook or command.")
    if asked.command is not None:
        _refuse(asked, "A command", *_OF_SCRIPTS, *_OF_NOTEBOOKS)
        return CommandTask(kind="command", argv=_to_words(asked.command))
    path = absolute(given[0])
    if asked.notebook is not None or path.suffix == ".ipynb":
        _refuse(asked, "A notebook", *_OF_SCRIPTS)
        parameters = _to_parameters(asked.parameters or {})
        return NotebookTask(
            kind="notebook",
            path=str(path),
            parameters=parameters,
            kernel_name=asked.kernel_name,
            output_path=str(absolute(asked.output_path)) if asked.output_path else None,
        )
    _refuse(asked, "A script", *_OF_NOTEBOOKS)
    return ScriptTask(
        kind="script",
        path=str(path),
        arguments=[str(word) for word in asked.arguments or ()],
        interpreter=asked.interpreter,
    )


def _refuse(asked: Asked, what: str, *names: str) -> None:
    for name in names:
        if getattr(asked, name):
            raise not_valid(f"spec.task.{name}", f"{what} takes no {name}.")


def _to_words(command: str | Sequence[str]) -> list[str]:
    try:
        words = shlex.split(command) if isinstance(command, str) else command
    except ValueError:
        raise not_valid("spec.task.argv", "A quote in the command is not closed.") from None
    return [str(word) for word in words]


def _to_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in parameters.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            message = f"The parameter {name} cannot be sent: {error}."
            raise not_valid(f"spec.task.parameters.{name}", message) from None
    return dict(parameters)


def _default_name(task: CommandTask | ScriptTask | NotebookTask) -> str:
    if isinstance(task, CommandTask):
        return Path(task.argv[0]).name if task.argv else ""
    return Path(task.path).stem


def absolute(path: str | Sequence[str] | PathLike[str]) -> Path:
    """Return a path from the root on; a relative one starts here."""
    if not isinstance(path, (str, PathLike)):
        raise not_valid("spec.task.path", "A script or notebook is one path.")
    return Path(fspath(path)).expanduser().absolute()
