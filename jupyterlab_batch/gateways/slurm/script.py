"""A launch as Slurm wants it: batch script, arguments of ``sbatch``, JSON for slurmrestd."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, max_running, task_indices
from jupyterlab_batch.domain.asked import native_of, placement_of
from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.slurm.arraytext import array_text
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE, Choices, choices_of
from jupyterlab_batch.gateways.slurm.native import native_json, native_options

MAX_NAME_BYTES: Final = 200
"""slurmdbd keeps 255 bytes; a longer name could not be recorded."""

PATH: Final = "/usr/local/bin:/usr/bin:/bin"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@+%,-]+")
_AFTER: Final = {"succeeded": "afterok", "finished": "afterany", "failed": "afternotok"}
_IN_ITS_FOLDER: Final = (
    "# Slurm makes no folders: it writes its own messages into the logs of the array.",
    "task=tasks/$SLURM_ARRAY_TASK_ID",
    'mkdir -p "$task" || exit 73',
)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What Slurm is told of one job, by whichever way."""

    name: str
    comment: str
    cores: int
    memory_mebibytes: int
    walltime_minutes: int
    queue: str | None
    account: str | None
    choices: Choices
    native: Mapping[str, str | None]
    working_directory: str
    stdout_pattern: str
    stderr_pattern: str
    environment: dict[str, str]
    array: str | None
    """Its indices as Slurm writes them."""
    dependency: str | None
    """Which jobs are to be over, and how, before it starts."""
    script: str

    def options(self) -> list[str]:
        """Return the arguments of ``sbatch``; none of them passes a shell.

        A job that is requeued, or started twice, must not empty the log of its first start.
        """
        options = [
            f"--job-name={self.name}",
            f"--comment={self.comment}",
            f"--ntasks={self.choices.processes}",
            f"--cpus-per-task={self.cores}",
            f"--mem={self.memory_mebibytes}M",
            f"--time={self.walltime_minutes}",
            f"--chdir={self.working_directory}",
            f"--output={self.stdout_pattern}",
            f"--error={self.stderr_pattern}",
            "--open-mode=append",
        ]
        if self.queue is not None:
            options.append(f"--partition={self.queue}")
        if self.account is not None:
            options.append(f"--account={self.account}")
        if self.array is not None:
            options.append(f"--array={self.array}")
        if self.dependency is not None:
            options += [f"--dependency={self.dependency}", "--kill-on-invalid-dep=yes"]
        return [*options, *self.choices.options(), *native_options(self.native)]

    def json(self, version: int) -> dict[str, Any]:
        """Return the body for slurmrestd's ``job/submit``.

        Parameters
        ----------
        version
            38 for v0.0.38. It wants the environment as an object and the mode of opening logs as
            a word, later ones both as lists; since v0.0.41 the script belongs to the job (v0.0.38
            refuses it there).
        """
        job: dict[str, Any] = {
            "name": self.name,
            "comment": self.comment,
            "tasks": self.choices.processes,
            "cpus_per_task": self.cores,
            "memory_per_node": self.memory_mebibytes,
            "time_limit": self.walltime_minutes,
            "current_working_directory": self.working_directory,
            "standard_output": self.stdout_pattern,
            "standard_error": self.stderr_pattern,
            "open_mode": "append" if version <= 38 else ["APPEND"],
            "environment": dict(self.environment)
            if version <= 38
            else [f"{name}={value}" for name, value in self.environment.items()],
        }
        if self.queue is not None:
            job["partition"] = self.queue
        if self.account is not None:
            job["account"] = self.account
        if self.array is not None:
            job["array"] = self.array
        job |= self.choices.json(version) | native_json(self.native)
        if self.dependency is not None:
            job["dependency"] = self.dependency
            if version <= 38:
                job["kill_on_invalid_dependency"] = True
            else:
                job["flags"] = ["KILL_INVALID_DEPENDENCY"]
        if version >= 41:
            return {"job": {**job, "script": self.script}}
        return {"script": self.script, "job": job}


def request_of(launch: Launch) -> Request:
    """Return what Slurm is told of a launch: memory and time rounded up to its units."""
    resources = launch.spec.resources
    bare = Request(
        name=fit_name(launch.spec.name),
        comment=launch.tag,
        cores=resources.cores,
        memory_mebibytes=-(-resources.memory_bytes // MEBIBYTE),
        walltime_minutes=-(-resources.walltime_seconds // 60),
        queue=queue_of(launch.spec),
        account=account_of(launch.spec),
        choices=choices_of(launch.spec),
        native=native_of(launch.spec),
        working_directory=str(launch.run_directory),
        stdout_pattern=escape_pattern(launch.stdout_path),
        stderr_pattern=escape_pattern(launch.stderr_path),
        environment={"BATCH_JOB_ID": launch.job_id, "PATH": PATH},
        array=_array_of(launch.spec),
        dependency=_dependency_of(launch),
        script="",
    )
    return msgspec.structs.replace(bare, script=_script(bare, launch))


def _dependency_of(launch: Launch) -> str | None:
    awaited = [f"{_AFTER[other.when]}:{other.native_id}" for other in launch.awaited]
    return ",".join(awaited) or None


def _array_of(spec: JobSpec) -> str | None:
    array = array_of(spec)
    return None if array is None else array_text(task_indices(array), max_running(array))


def _script(request: Request, launch: Launch) -> str:
    """Return the batch script.

    Its ``#SBATCH`` lines make it one that a user can take to a terminal. They decide nothing,
    since every option is given beside the script too; values that would need Slurm's own quoting
    are left out of them.
    """
    lines = ["#!/bin/sh"]
    for option in request.options():
        name, _, value = option.partition("=")
        if _PLAIN.fullmatch(value):
            lines.append(f"#SBATCH {name}={value}")
    run = f"exec /bin/sh {shlex.quote(str(launch.script_path))}"
    if request.array is not None:
        lines += _IN_ITS_FOLDER
        run += ' >>"$task/stdout.log" 2>>"$task/stderr.log"'
    return "\n".join([*lines, run, ""])


def readable_script(request: Request, launch: Launch) -> str:
    """Return the batch script and, below it, what it runs."""
    return f"{request.script}\n# {launch.script_path}\n{launch.script_text}"


def fit_name(name: str) -> str:
    """Shorten a name to what Slurm's accounting keeps, at the end of a character."""
    return name.encode()[:MAX_NAME_BYTES].decode(errors="ignore")


def escape_pattern(path: Path) -> str:
    """Return a path that Slurm takes to the letter: it reads ``%j`` and the like in it.

    Raises
    ------
    GatewayRefused
        The path holds a backslash, which Slurm swallows.
    """
    text = str(path)
    if "\\" in text:
        raise GatewayRefused(
            f"Slurm cannot write a log below a folder with a backslash in its name ({text}). "
            "Nothing was submitted. Rename the folder."
        )
    return text.replace("%", "%%")


def queue_of(spec: JobSpec) -> str | None:
    """Return the queue that was asked for."""
    return placement_of(spec).queue or None


def account_of(spec: JobSpec) -> str | None:
    """Return the account that was asked for."""
    return placement_of(spec).account or None
