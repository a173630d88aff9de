"""The wrapper of a job: one POSIX ``sh`` script, the same on every batch system.

It claims the run directory, starts the command in a clean environment and records how it ended.
It is what `RunPlan.script_text` holds and what the preview shows, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.engine.outputs import INDEX, NATIVE_ID
from jupyterlab_batch.engine.packages import PACKAGES_NAME, PROGRAM
from jupyterlab_batch.engine.status import STARTED_AGAIN
from jupyterlab_batch.engine.wrapper_text import (
    FIXED,
    HEAD,
    INTERPRETER,
    LOADED,
    LOGS,
    PACKAGES,
    PACKAGES_LOADED,
    READABLE,
    START,
    TAIL,
    TASK,
    VARYING,
)

_VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
MAX_VARIABLE_FILE_BYTES: Final = 65_536
"""So much is read of the file of a variable."""
_REDIRECTED: Final[Mapping[LogStream, str]] = {"stdout": ">>", "stderr": "2>>"}
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]+", re.ASCII)


class ArrayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a wrapper must know to be that of any task of an array."""

    parameters: Sequence[str] = ()
    """Names of what varies; the values are in `PARAMETERS_SH`, a line a task."""
    has_fixed_parameters: bool = False
    """``parameters.json`` of the job is that of each task."""


class Template(str):
    """A word of a command in which, for a task of an array, ``{name}`` is what varies."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What a wrapper starts."""

    argv: Sequence[str]
    """Program and arguments; for a ``script`` the interpreter alone."""
    script: Path | None = None
    """A script whose first line decides: what follows ``#!`` there wins over ``argv``."""
    arguments: Sequence[str] = ()
    is_runner: bool = False
    """It is our own, which tells itself which packages the job sees."""


class WrapperPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a wrapper needs to know."""

    run_directory: Path
    job_id: str
    key: str
    nonce: str
    environment: Mapping[str, str]
    """What the server hands down."""
    variables: Mapping[str, str]
    """What the user asked for; wins over ``environment`` and over the scheduler."""
    variables_from: Mapping[str, Path]
    """Variables whose value is in a file, read when the job starts."""
    working_directory: Path
    command: Command
    logs: Mapping[LogStream, str] = msgspec.field(default_factory=dict)
    """Files to whose ends the command writes, instead of where the batch system lets it."""
    array: ArrayPlan | None = None
    loader: str | None = None
    """A program for ``sh -c`` that sets the environment up and becomes what it is given."""


def quote(value: str) -> str:
    r"""Quote a value so that a POSIX shell takes it to the letter.

    Raises
    ------
    ValueError
        It holds a NUL character, which no argument and no variable can.
    """
    if "\0" in value:
        raise ValueError("A NUL character cannot be passed to a program.")
    return "'" + value.replace("'", "'\\''") + "'"


def compose_wrapper(plan: WrapperPlan) -> str:
    """Return the text of ``run.sh``.

    Raises
    ------
    ValueError
        A variable's name is no identifier, or a value holds a NUL character.
    """
    for word in (plan.job_id, plan.key, plan.nonce):
        if not _PLAIN_WORD.fullmatch(word):
            raise ValueError("Job id, key and nonce must be plain words.")
    head = HEAD.format(
        run=quote(str(plan.run_directory)),
        key=plan.key,
        nonce=plan.nonce,
        path=quote(plan.environment.get("PATH", "") + ":/usr/bin:/bin"),
    )
    start = START.format(directory=quote(str(plan.working_directory)), started_again=STARTED_AGAIN)
    return head + _task(plan.array) + start + _logs(plan) + _launch(plan) + TAIL


def parameter_variable(name: str) -> str:
    """Return the variable in which a task of an array finds a parameter."""
    return f"BATCH_PARAM_{name.upper()}"


def parameters_line(values: Mapping[str, str]) -> str:
    """Return assignments in one line, whatever the values hold: those of a task."""
    words = (
        f"{parameter_variable(name)}={quote(value)}".replace("\n", "'\"$nl\"'")
        for name, value in values.items()
    )
    return " ".join(words)


def _task(array: ArrayPlan | None) -> str:
    """Return the lines that make a task of the script, if it is that of an array."""
    if array is None:
        return ""
    if array.parameters:
        return TASK + VARYING
    return TASK + (FIXED if array.has_fixed_parameters else "")


def _logs(plan: WrapperPlan) -> str:
    """Return the lines that make the logs which the user names."""
    if not plan.logs:
        return ""
    names = [f"{stream}={_filled(path, plan.array)}\n" for stream, path in plan.logs.items()]
    files = " ".join(f'"${stream}"' for stream in plan.logs)
    return "".join(names) + LOGS.format(files=files)


def _filled(path: str, array: ArrayPlan | None) -> str:
    known = {NATIVE_ID: '"$native"'}
    if array is not None:
        known = {NATIVE_ID: '"${native%_*}"', INDEX: '"$index"'}
    parts = re.split(f"({'|'.join(map(re.escape, known))})", path)
    return "".join(known.get(part) or quote(part) for part in parts)


def _launch(plan: WrapperPlan) -> str:
    """Return the lines that start the command."""
    variables = [
        *_assignments(plan.environment),
        '"$@"',
        *_assignments(plan.variables),
        f"BATCH_JOB_ID={plan.job_id}",
        'BATCH_RUN_DIRECTORY="$run"',
        *_task_variables(plan.array),
    ]
    command = [_word(word, plan.array) for word in plan.command.argv]
    if plan.command.script is not None:
        script = quote(str(plan.command.script))
        arguments = [_word(word, plan.array) for word in plan.command.arguments]
        # Python reads any line end; a shell takes the CR for a part of each last word.
        windows = "*" if plan.command.argv[0] == "/bin/sh" else "'#!'*"
        before = INTERPRETER.format(script=script, default=command[0], windows=windows)
        command = ['"$interpreter"', '${argument:+"$argument"}', '"$script"', *arguments]
    else:
        before = f"program={command[0]}\n"
        if "=" in plan.command.argv[0] and not plan.variables_from:
            # `env` would take it for one more variable.
            command = ["/bin/sh", "-c", quote('exec "$@"'), "sh", *command]
    if plan.variables_from:
        # What is in them goes from shell to program: an argument can be seen by everybody.
        files = [quote(str(path)) for path in plan.variables_from.values()]
        before += READABLE.format(files=" ".join(files))
        command = ["/bin/sh", "-c", quote(_reading(plan.variables_from)), "sh", *command]
    if not plan.command.is_runner and plan.loader is None:
        of = "run" if plan.array is None else "job"
        before += PACKAGES.format(of=of, name=PACKAGES_NAME, program=quote(PROGRAM))
    after = ""
    if plan.loader is not None:
        # What the user asked for wins over what an environment sets.
        asked = ["env", *_assignments(plan.variables)] if plan.variables else []
        if not plan.command.is_runner:
            # Only there its packages are those that the job sees.
            asked += ["/bin/sh", "-c", quote(_listing(plan.array)), '"$program"']
        command = ['"$shell"', "-c", quote(plan.loader), '"$program"', *asked, *command]
        before += LOADED
        # The loader has looked for it already, where it can be found.
        after = "program=/bin/sh\n"
    environment = " \\\n    ".join(["set --", *variables])
    streams = [f' {_REDIRECTED[stream]}"${stream}"' for stream in plan.logs]
    into = "".join(["</dev/null", *streams])
    start = f'env -i $signals "$@" \\\n    {" ".join(command)} {into} &\n'
    return f"{environment}\n{before}{start}{after}"


def _listing(array: ArrayPlan | None) -> str:
    """Return the program that keeps which packages a Python sees, then becomes the command."""
    of = "$BATCH_RUN_DIRECTORY" if array is None else "$BATCH_RUN_DIRECTORY/../.."
    return PACKAGES_LOADED.format(of=of, name=PACKAGES_NAME, program=quote(PROGRAM))


def _task_variables(array: ArrayPlan | None) -> list[str]:
    if array is None:
        return []
    names = [parameter_variable(name) for name in array.parameters]
    return ['BATCH_TASK_INDEX="$index"', *(f'{name}="${name}"' for name in names)]


def _word(word: str, array: ArrayPlan | None) -> str:
    """Return a word of a command; a task of an array fills in ``{name}`` and ``{index}``."""
    if array is None or not isinstance(word, Template):
        return quote(word)
    known = {name: parameter_variable(name) for name in array.parameters}
    known["index"] = "index"
    parts = re.split(rf"{{({'|'.join(map(re.escape, known))})}}", word)
    return "".join(
        f'"${known[part]}"' if number % 2 else quote(part) for number, part in enumerate(parts)
    )


def _assignments(variables: Mapping[str, str]) -> list[str]:
    """Return one ``NAME='value'`` per variable."""
    return [f"{_name(name)}={quote(value)}" for name, value in variables.items()]


def _reading(variables: Mapping[str, Path]) -> str:
    """Return the program that fills variables from files, then becomes the command."""
    reading = [
        f"{_name(name)}=$(head -c {MAX_VARIABLE_FILE_BYTES} {quote(str(path))}) && export {name}"
        for name, path in variables.items()
    ]
    return " && ".join([*reading, 'exec "$@"'])


def _name(variable: str) -> str:
    if not _VARIABLE_NAME.fullmatch(variable):
        raise ValueError("The name of a variable may hold only letters, digits and _.")
    return variable
