"""The wrapper of one job as the machine gets it that runs the job."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, parameter_names
from jupyterlab_batch.domain.asked import environment_of, gpus_of, variables_of
from jupyterlab_batch.domain.generated import JobSpec, NotebookTask
from jupyterlab_batch.engine.command import command_of
from jupyterlab_batch.engine.environments import (
    MODULES_FILE,
    environment_path,
    has_own_kernel,
    image_of,
    loader_of,
    python_of,
)
from jupyterlab_batch.engine.images import image_command
from jupyterlab_batch.engine.outputs import named_logs, notebook_path, resolve_path
from jupyterlab_batch.engine.wrapper import ArrayPlan, Command, WrapperPlan, compose_wrapper

THREAD_VARIABLES: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""What numerical libraries go by; without them each uses every core of the machine that it sees."""


def _same(path: Path) -> Path:
    return path


class RunContext(msgspec.Struct, frozen=True, kw_only=True):
    """What the server knows and a submission does not say."""

    root_dir: Path
    """The folder that JupyterLab shows."""
    run_root: Path
    python: str
    """The server's own Python; runs notebooks, and scripts that end in ``.py``."""
    environment: Mapping[str, str]
    """The server's variables that jobs may see, already filtered by the allow list."""
    modules_file: str = MODULES_FILE
    """Defines the function ``module`` on the machine that runs the job."""
    image_words: Callable[[], Sequence[str]] = tuple
    """Returns what starts a container image there, nothing if nothing does; may look for it."""
    node_path: Callable[[Path], Path] = _same
    """Under which path the machine that runs the job sees what the server sees under this one."""


class RunPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where a job lies and runs, as the server sees it."""

    directory: Path
    copy: Path | None
    """Of the notebook or script."""
    working_directory: Path


def script_of(
    spec: JobSpec, places: RunPlaces, context: RunContext, *, job_id: str, key: str, nonce: str
) -> str:
    """Return the text of ``run.sh``.

    Raises
    ------
    ValueError
        What is asked for cannot be passed to a program.
    """
    there = context.node_path
    prefix = environment_path(spec, context.root_dir, there)
    loader = _loader(spec, prefix, places, context)
    has_kernel = has_own_kernel(spec)
    is_notebook = isinstance(spec.task, NotebookTask)
    wrapper = WrapperPlan(
        run_directory=there(places.directory),
        job_id=job_id,
        key=key,
        nonce=nonce,
        environment=_environment(context, spec.resources.cores),
        variables=_values(spec),
        variables_from={
            name: there(resolve_path(variable.from_file, context.root_dir))
            for name, variable in variables_of(spec).items()
            if isinstance(variable.from_file, str)
        },
        # A module of the user's that is named like one of ours must not be imported by the runner.
        working_directory=there(places.directory if is_notebook else places.working_directory),
        command=_command(spec, prefix, loader if has_kernel else None, places, context),
        logs={
            stream: str(there(Path(path)))
            for stream, path in named_logs(spec, places.working_directory).items()
        },
        array=_array_plan(spec),
        loader=None if has_kernel else loader,
    )
    return compose_wrapper(wrapper)


def _command(
    spec: JobSpec,
    prefix: Path | None,
    kernel_loader: str | None,
    places: RunPlaces,
    context: RunContext,
) -> Command:
    there = context.node_path
    python = str(there(Path(context.python)))
    chosen = python_of(spec, prefix) or python
    return command_of(
        spec,
        there(places.directory),
        None if places.copy is None else there(places.copy),
        notebook_path(spec, context.root_dir, there),
        there(places.working_directory),
        python=chosen if kernel_loader is None else python,
        kernel=() if kernel_loader is None else (kernel_loader, chosen, *_values(spec)),
    )


def _loader(
    spec: JobSpec, prefix: Path | None, places: RunPlaces, context: RunContext
) -> str | None:
    words = context.image_words() if environment_of(spec).kind == "image" else ()
    words = words and image_command(
        words,
        image=image_of(spec, prefix),
        run_directory=context.node_path(places.directory),
        working_directory=context.node_path(places.working_directory),
        gpus=gpus_of(spec.resources),
    )
    return loader_of(spec, path=prefix, modules_file=context.modules_file, image_words=words)


def _values(spec: JobSpec) -> dict[str, str]:
    """Return the variables whose values the user says."""
    return {
        name: variable.value
        for name, variable in variables_of(spec).items()
        if isinstance(variable.value, str)
    }


def _array_plan(spec: JobSpec) -> ArrayPlan | None:
    array = array_of(spec)
    if array is None:
        return None
    is_notebook = isinstance(spec.task, NotebookTask)
    return ArrayPlan(parameters=parameter_names(array), has_fixed_parameters=is_notebook)


def _environment(context: RunContext, cores: int) -> dict[str, str]:
    environment = {**dict.fromkeys(THREAD_VARIABLES, str(cores)), **context.environment}
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    own = str(context.node_path(Path(context.python)).parent)
    if own not in folders:
        folders.insert(0, own)
    environment["PATH"] = os.pathsep.join(folders)
    environment["PYTHONUNBUFFERED"] = "1"
    return environment
