"""The run directory of a job: planned without touching the disk, then written durably."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import CommandTask, JobSpec, Submission
from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.engine.cancelmark import CANCEL_NAME
from jupyterlab_batch.engine.jobfile import CODE_NAME, JobFile
from jupyterlab_batch.engine.outputs import (
    named_logs,
    named_outputs,
    notebooks_of,
    resolve_path,
)
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.engine.runfiles import NewFiles, sync_directory, write_parameters
from jupyterlab_batch.engine.runscript import RunContext, RunPlaces, script_of
from jupyterlab_batch.engine.status import STARTED_AGAIN
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


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The job that ran the same before."""

    job_id: str
    directory: Path
    source: Path | None
    """Its copy of the notebook or script: it is copied in place of the file that the spec names."""


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
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
            logs=named_logs(self.spec, self.working_directory),
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
    working_directory = working_directory_of(spec, context.root_dir)
    places = RunPlaces(directory=directory, copy=copy, working_directory=working_directory)
    return RunPlan(
        job_id=job_id,
        key=key,
        tag=TAG_PREFIX + job_id,
        nonce=nonce,
        gateway_id=gateway_id,
        spec=spec,
        directory=directory,
        node_directory=context.node_path(directory),
        created_at=created_at,
        script_text=script_of(spec, places, context, job_id=job_id, key=key, nonce=nonce),
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
    """Create one run directory as `write_runs` does, or raise why it cannot be."""
    (error,) = write_runs([plan])
    if error is not None:
        raise error


def write_runs(plans: Sequence[RunPlan]) -> list[Exception | None]:
    """Create run directories with all that belongs in them, durably, or leave nothing behind.

    All is written before the disk is waited for. What fails at one stops no other.

    Returns
    -------
    Why each could not be created, in the order of the plans; ``None`` if it is there.
    ``FileNotFoundError``: the notebook or script is not there any more. Another ``OSError``: it
    cannot be read, is no regular file, or the run directory cannot be written.
    """
    with ExitStack() as open_files:
        runs = [(plan, open_files.enter_context(NewFiles())) for plan in plans]
        errors = [_error_of(_write, *run) for run in runs]
        return [error or _error_of(_sync, *run) for error, run in zip(errors, runs, strict=True)]


def _error_of(
    step: Callable[[RunPlan, NewFiles], None], plan: RunPlan, files: NewFiles
) -> Exception | None:
    try:
        step(plan, files)
    except Exception as error:  # whatever it is, it is told for this plan alone
        return error
    return None


def _write(plan: RunPlan, files: NewFiles) -> None:
    _make_directory(plan.directory)
    with _whole_or_nothing(plan.directory):
        if plan.source is not None and plan.source_copy is not None:
            files.copy(plan.source, plan.source_copy)
        submission = Submission(gateway_id=plan.gateway_id, spec=plan.spec)
        files.write_json(plan.directory / "spec.json", submission)
        files.write_json(plan.directory / "job.json", plan.job_file)
        write_parameters(files, plan.directory, plan.spec)
        script = plan.script_text.encode("utf-8", "surrogateescape")
        files.write(plan.script_path, script, 0o700)


def _sync(plan: RunPlan, files: NewFiles) -> None:
    with _whole_or_nothing(plan.directory):
        files.sync()


@contextmanager
def _whole_or_nothing(directory: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
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


def working_directory_of(spec: JobSpec, root_dir: Path) -> Path:
    """Return the folder in which a job starts."""
    if not isinstance(spec.files, msgspec.UnsetType) and spec.files.working_directory:
        return resolve_path(spec.files.working_directory, root_dir)
    if isinstance(spec.task, CommandTask):
        return root_dir
    return resolve_path(spec.task.path, root_dir).parent
