"""What the wrapper of a job starts, by the kind of its task."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import JobSpec, NotebookTask, ScriptTask
from jupyterlab_batch.engine.wrapper import Command, Template

RUNNER_MODULE: Final = "jupyterlab_batch.engine.notebook_runner"


def command_of(
    spec: JobSpec,
    directory: Path,
    copy: Path | None,
    output_path: str,
    working_directory: Path,
    *,
    python: str,
    kernel: Sequence[str] = (),
) -> Command:
    """Return what is started.

    Parameters
    ----------
    directory
        The run directory, of an array that of the job.
    copy
        Of the notebook or script.
    output_path
        Where the executed notebook goes.
    python
        Runs the runner of a notebook, or a script that ends in ``.py``.
    kernel
        What the runner starts a notebook's kernel by, if that is not an installed one.

    Raises
    ------
    ValueError
        It names no program.
    """
    task = spec.task
    if isinstance(task, NotebookTask):
        words = [str(directory), str(copy), Template(output_path), str(working_directory)]
        named = [task.kernel_name or ""] if task.kernel_name or kernel else []
        return Command(argv=[python, "-m", RUNNER_MODULE, *words, *named, *kernel], is_runner=True)
    if isinstance(task, ScriptTask):
        given = () if isinstance(task.arguments, msgspec.UnsetType) else task.arguments
        arguments = list(map(Template, given))
        if task.interpreter:
            return Command(argv=[task.interpreter, str(copy), *arguments])
        default = python if Path(task.path).suffix == ".py" else "/bin/sh"
        return Command(argv=[default], script=copy, arguments=arguments)
    if not task.argv or not task.argv[0]:
        raise ValueError("A command needs a program.")
    return Command(argv=list(map(Template, task.argv)))
