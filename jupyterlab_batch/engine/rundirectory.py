"""The run directory of a job: planned without touching the disk, then written durably."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, parameter_names
from jupyterlab_batch.domain.asked import variables_of
from jupyterlab_batch.domain.generated import CommandTask, JobSpec, NotebookTask, Submission
from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.engine.cancelmark import CANCEL_NAME
from jupyterlab_batch.engine.command import command_of
from jupyterlab_batch.engine.environments import (
    MODULES_FILE,
    environment_path,
    loader_of,
    python_of,
)
from jupyterlab_batch.engine.jobfile import CODE_NAME, JobFile
from jupyterlab_batch.engine.outputs import (
    named_outputs,
    notebook_path,
    notebooks_of,
    resolve_path,
)
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.engine.runfiles import NewFiles, sync_directory, write_parameters
from jupyterlab_batch.engine.status import STARTED_AGAIN
from jupyterlab_batch.engine.wrapper import ArrayPlan, WrapperPlan, compose_wrapper
from jupyterlab_batch.engine.wrapper_text import PARAMETERS_JSONL, PARAMETERS_SH

_OUR_FILES: Final = frozenset(
    {
        "spec.json",
        "job.json",
        "parameters.json",
        PARAMETERS_JSONL,
        PARAMETERS_SH,
        "tasks",
        "run.sh",
        "stdout.log",
        "stderr.log",
        "claim",
        "wrapper.json",
        "wrapper.json.tmp",
        "progress.json",
        "progress.json.tmp",
        "environment.failed",
        STARTED_AGAIN,
        "source",
        CANCEL_NAME,
        CODE_NAME,
        PACKAGES_NAME,
    }
)


def _same(path: Path) -> Path:
    return path


@dataclass(frozen=True, kw_only=True)
class RunContext:
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
    node_path: Callable[[Path], Path] = _same
    """Under which path the machine that runs the job sees what the server sees under this one."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The job that ran the same before."""

    job_id: str
    directory: Path
    source: Path | None
    """Its copy of the notebook or script: it is copied in place of the file that the spec names."""


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """What will be in a run directory, and what will run there."""

    job_id: str
    key: str
    tag: str
    nonce: str
    gateway_id: str
    spec: JobSpec
    directory: Path
    node_directory: Path
    """The same as the machine sees it that runs the job."""
    created_at: datetime
    script_text: str
    source: Path | None
    """The notebook or script that is copied at submission: the user's, or an earlier job's copy."""
    source_copy: Path | None
    notebooks: tuple[Path, ...]
    named_outputs: tuple[str, ...]
    working_directory: Path
    resubmitted_from: str | None
    digest: str = ""
    """Tells submissions under one key apart; a store that was lost gets it back from here."""

    @property
    def job_file(self) -> JobFile:
        """What the run directory remembers of the submission."""
        return JobFile(
            job_id=self.job_id,
            key=self.key,
            tag=self.tag,
            nonce=self.nonce,
            gateway_id=self.gateway_id,
            created_at=self.created_at.astimezone(timezone.utc),
            resubmitted_from=self.resubmitted_from,
            source_path=None if self.source is None else str(self.source),
            digest=self.digest,
            outputs=(*map(str, self.notebooks), *self.named_outputs),
        )

    @property
    def script_path(self) -> Path:
        """Where the wrapper will lie."""
        return self.directory / "run.sh"


def plan_run(
    spec: JobSpec,
    *,
    gateway_id: str,
    job_id: str,
    key: str,
    nonce: str,
    created_at: datetime,
    context: RunContext,
    origin: Origin | None = None,
) -> RunPlan:
    """Plan the run directory of one job. Touches no disk.

    Raises
    ------
    ValueError
        What is asked for cannot be passed to a program: a NUL character, an empty ``argv``, a
        variable's name that is no identifier.
    """
    directory = context.run_root / _directory_name(spec.name, job_id, created_at)
    original, copy = _source(spec, directory, context)
    working_directory = _working_directory(spec, original, context)
    there = context.node_path
    prefix = environment_path(spec, context.root_dir, there)
    command = command_of(
        spec,
        there(directory),
        None if copy is None else there(copy),
        notebook_path(spec, context.root_dir, there),
        there(working_directory),
        python=python_of(spec, prefix) or str(there(Path(context.python))),
    )
    is_notebook = isinstance(spec.task, NotebookTask)
    wrapper = WrapperPlan(
        run_directory=there(directory),
        job_id=job_id,
        key=key,
        nonce=nonce,
        environment=_environment(context),
        variables={
            name: variable.value
            for name, variable in variables_of(spec).items()
            if isinstance(variable.value, str)
        },
        variables_from={
            name: there(resolve_path(variable.from_file, context.root_dir))
            for name, variable in variables_of(spec).items()
            if isinstance(variable.from_file, str)
        },
        # A module of the user's that is named like one of ours must not be imported by the runner.
        working_directory=there(directory if is_notebook else working_directory),
        command=command,
        array=_array_plan(spec),
        loader=loader_of(spec, path=prefix, modules_file=context.modules_file),
    )
    return RunPlan(
        job_id=job_id,
        key=key,
        tag=TAG_PREFIX + job_id,
        nonce=nonce,
        gateway_id=gateway_id,
        spec=spec,
        directory=directory,
        node_directory=there(directory),
        created_at=created_at,
        script_text=compose_wrapper(wrapper),
        source=(None if origin is None else origin.source) or original,
        source_copy=copy,
        notebooks=notebooks_of(spec, directory, context.root_dir),
        named_outputs=named_outputs(spec, working_directory),
        working_directory=working_directory,
        resubmitted_from=None if origin is None else origin.job_id,
    )


def copy_of_source(spec: JobSpec, directory: Path, context: RunContext) -> Path | None:
    """Return where the notebook or script of a job lies in its run directory, if it has one."""
    return _source(spec, directory, context)[1]


def write_run(plan: RunPlan) -> None:
    """Create the run directory with all that belongs in it, durably, or leave nothing behind.

    Raises
    ------
    FileNotFoundError
        The notebook or script is not there any more.
    OSError
        It cannot be read, is no regular file, or the run directory cannot be written.
    """
    _make_directory(plan.directory)
    try:
        with NewFiles() as files:
            if plan.source is not None and plan.source_copy is not None:
                files.copy(plan.source, plan.source_copy)
            submission = Submission(gateway_id=plan.gateway_id, spec=plan.spec)
            files.write_json(plan.directory / "spec.json", submission)
            files.write_json(plan.directory / "job.json", plan.job_file)
            write_parameters(files, plan.directory, plan.spec)
            script = plan.script_text.encode("utf-8", "surrogateescape")
            files.write(plan.script_path, script, 0o700)
            files.sync()
    except BaseException:
        shutil.rmtree(plan.directory, ignore_errors=True)
        raise


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(mode=0o700)
    except FileNotFoundError:  # it is the first one in the folder of all
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_directory(path.parent.parent)
        path.mkdir(mode=0o700)


def _directory_name(name: str, job_id: str, created_at: datetime) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:40].strip(".-") or "job"
    return f"{created_at.astimezone(timezone.utc):%Y%m%d-%H%M%S}-{safe}-{job_id[-6:]}"


def _source(spec: JobSpec, directory: Path, context: RunContext) -> tuple[Path | None, Path | None]:
    if isinstance(spec.task, CommandTask):
        return None, None
    source = resolve_path(spec.task.path, context.root_dir)
    if source.name in _OUR_FILES:
        return source, directory / "source" / source.name
    return source, directory / source.name


def _working_directory(spec: JobSpec, source: Path | None, context: RunContext) -> Path:
    if not isinstance(spec.files, msgspec.UnsetType) and spec.files.working_directory:
        return resolve_path(spec.files.working_directory, context.root_dir)
    return context.root_dir if source is None else source.parent


def _array_plan(spec: JobSpec) -> ArrayPlan | None:
    array = array_of(spec)
    if array is None:
        return None
    is_notebook = isinstance(spec.task, NotebookTask)
    return ArrayPlan(parameters=parameter_names(array), has_fixed_parameters=is_notebook)


def _environment(context: RunContext) -> dict[str, str]:
    environment = dict(context.environment)
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    own = str(context.node_path(Path(context.python)).parent)
    if own not in folders:
        folders.insert(0, own)
    environment["PATH"] = os.pathsep.join(folders)
    environment["PYTHONUNBUFFERED"] = "1"
    return environment
