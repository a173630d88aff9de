"""The wrapper of a job: one POSIX ``sh`` script, the same on every batch system.

It claims the run directory, starts the command in a clean environment and records how it ended.
It is what `RunPlan.script_text` holds and what the preview shows, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
PARAMETERS_SH: Final = "parameters.sh"
PARAMETERS_JSONL: Final = "parameters.jsonl"
MAX_VARIABLE_FILE_BYTES: Final = 65_536
"""So much is read of the file of a variable."""
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ArrayPlan:
    """What a wrapper must know to be that of any task of an array."""

    parameters: Sequence[str] = ()
    """Names of what varies; the values are in `PARAMETERS_SH`, a line a task."""
    has_fixed_parameters: bool = False
    """``parameters.json`` of the job is that of each task."""


class Template(str):
    """A word of a command in which, for a task of an array, ``{name}`` is what varies."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a wrapper starts."""

    argv: Sequence[str]
    """Program and arguments; for a ``script`` the interpreter alone."""
    script: Path | None = None
    """A script whose first line decides: what follows ``#!`` there wins over ``argv``."""
    arguments: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class WrapperPlan:
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
    array: ArrayPlan | None = None


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
    head = _HEAD.format(
        run=quote(str(plan.run_directory)),
        key=plan.key,
        nonce=plan.nonce,
        path=quote(plan.environment.get("PATH", "") + ":/usr/bin:/bin"),
    )
    start = _START.format(directory=quote(str(plan.working_directory)))
    return head + _task(plan.array) + start + _launch(plan) + _TAIL


def parameter_variable(name: str) -> str:
    """Return the variable in which a task of an array finds a parameter."""
    return f"BATCH_PARAM_{name.upper()}"


def parameters_line(values: Mapping[str, str]) -> str:
    """Return the line of one task in `PARAMETERS_SH`: assignments, whatever the values hold."""
    words = (
        f"{parameter_variable(name)}={quote(value)}".replace("\n", "'\"$nl\"'")
        for name, value in values.items()
    )
    return " ".join(words) + "\n"


def _task(array: ArrayPlan | None) -> str:
    """Return the lines that make a task of the script, if it is that of an array."""
    if array is None:
        return ""
    if array.parameters:
        return _TASK + _VARYING
    return _TASK + (_FIXED if array.has_fixed_parameters else "")


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
        before = _INTERPRETER.format(script=script, default=command[0], windows=windows)
        command = ['"$interpreter"', '${argument:+"$argument"}', '"$script"', *arguments]
    else:
        before = f"program={command[0]}\n"
        if "=" in plan.command.argv[0] and not plan.variables_from:
            # `env` would take it for one more variable.
            command = ["/bin/sh", "-c", quote('exec "$@"'), "sh", *command]
    if plan.variables_from:
        # What is in them goes from shell to program: an argument can be seen by everybody.
        files = [quote(str(path)) for path in plan.variables_from.values()]
        before += _READABLE.format(files=" ".join(files))
        command = ["/bin/sh", "-c", quote(_reading(plan.variables_from)), "sh", *command]
    environment = " \\\n    ".join(["set --", *variables])
    return f'{environment}\n{before}env -i $signals "$@" \\\n    {" ".join(command)} </dev/null &\n'


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


_HEAD: Final = """\
#!/bin/sh
# One batch job: claims its run directory, starts the command in a clean environment,
# records in wrapper.json how it ended. Every value below is quoted, none is expanded.
run={run}
key={key}
nonce={nonce}
PATH={path}
export PATH

native=${{SLURM_JOB_ID:-${{BATCH_NATIVE_ID:-}}}}
case $native in
'' | *[!A-Za-z0-9._-]*)
    echo 'This script is to be started by a batch system.' >&2
    exit 73
    ;;
esac
restarts=${{SLURM_RESTART_COUNT:-0}}
case $restarts in '' | *[!0-9]*) restarts=0 ;; esac

claim() {{ # only one native id ever runs in a directory; the same may come again after a requeue
    # A link makes it appear at once and whole; where there are none, a file that must be new does.
    claim="$run/claim.$native.$$"
    if printf '{{"nonce": "%s", "key": "%s", "native_id": "%s", "restart_count": %d}}\\n' \\
        "$nonce" "$key" "$native" "$restarts" 2>/dev/null >"$claim"; then
        ln "$claim" "$run/claim" 2>/dev/null || (set -C && cat "$claim" >"$run/claim") 2>/dev/null
    fi
    rm -f "$claim"
    held=$(cat "$run/claim" 2>/dev/null)
    # Where there are no links, one that is just being written is empty.
    [ -n "$held" ] || [ ! -e "$run/claim" ] || {{ sleep 1 && held=$(cat "$run/claim"); }}
    case $held in
    *"\\"native_id\\": \\"$native\\","*) ;;
    '')
        echo "The run directory cannot be written: $run" >&2
        exit 73
        ;;
    *)
        echo "Job $native is a duplicate: the run directory belongs to another one. Not run." >&2
        exit 0
        ;;
    esac
}}
claim

record() {{ # when it ended and its exit code, or null and null
    printf '{{"nonce": "%s", "native_id": "%s", "attempt": %d, "host": "%s", "pid": %d, ' \\
        "$nonce" "$native" "$((restarts + 1))" "$host" "$$" >"$run/wrapper.json.tmp" &&
        printf '"started_at": "%s", "ended_at": %s, "exit_code": %s, "outcome": %s}}\\n' \\
            "$started" "$1" "$2" "$outcome" >>"$run/wrapper.json.tmp" &&
        mv -f "$run/wrapper.json.tmp" "$run/wrapper.json"
}}
now() {{ date -u +%Y-%m-%dT%H:%M:%SZ; }}
finish() {{
    record "\\"$(now)\\"" "$1"
    exit "$1"
}}
refuse() {{ # exit code, and why the job could not be started: to its messages and on record
    printf '%s\\n' "$2" >&2
    why=$(printf '%s' "$2" | LC_ALL=C tr -c ' -~' '?' | cut -c 1-200 | sed 's/["\\\\]/\\\\&/g')
    outcome="{{\\"kind\\": \\"launch_failed\\", \\"evalue\\": \\"$why\\"}}"
    finish "$1"
}}
outcome=null
child=
stopping=
stop() {{
    stopping=yes
    interrupted=yes
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}}
trap stop TERM INT HUP

host=$(uname -n | tr -cd 'A-Za-z0-9._-')
started=$(now)
"""

_TASK: Final = """
index=${BATCH_TASK_INDEX:-}
case $index in
'' | *[!0-9]*)
    echo 'This script is to be started with the index of a task.' >&2
    exit 73
    ;;
esac
job=$run
run="$job/tasks/$index"
native="${native}_$index"
mkdir -p "$run"
claim
"""

_VARYING: Final = f"""
# A line for each task, from 0 on.
nl='
'
line="$((index + 1)){{p;q;}}"
sed -n "$line" "$job/{PARAMETERS_JSONL}" >"$run/parameters.json"
eval "$(sed -n "$line" "$job/{PARAMETERS_SH}")"
"""

_FIXED: Final = """
cp "$job/parameters.json" "$run/parameters.json"
"""

_START: Final = """\
rm -f "$run/progress.json"
record null null

directory={directory}
cd "$directory" 2>/dev/null || refuse 72 "The working directory cannot be entered: $directory"

# What the scheduler set for its own tools, and its scratch space, are kept.
set --
[ -z "${{TMPDIR:-}}" ] || set -- "TMPDIR=$TMPDIR"
[ -z "${{CUDA_VISIBLE_DEVICES+set}}" ] || set -- "$@" "CUDA_VISIBLE_DEVICES=$CUDA_VISIBLE_DEVICES"
for name in $(env | sed -n 's/^\\(SLURM_[A-Za-z0-9_]*\\)=.*/\\1/p'); do
    eval "set -- \\"\\$@\\" \\"$name=\\$$name\\""
done
# A shell lets what it starts in the background ignore these two, where `env` can it is undone.
signals=--default-signal=INT,QUIT
env "$signals" true 2>/dev/null || signals=
[ -z "$stopping" ] || finish 143
"""

_INTERPRETER: Final = """\
script={script}
interpreter={default}
argument=
# The first line is read as the kernel does it, but also where no file may be executed.
first=$(head -c 4096 "$script" | head -n 1 | tr -d '\\000')
case $first in
{windows}"$(printf '\\r')")
    refuse 126 'The script has Windows line ends (CR LF). Save it with Unix line ends (LF).'
    ;;
'#!'*)
    IFS=' 	' read -r interpreter argument <<END
${{first#??}}
END
    ;;
esac
program=$interpreter
case $interpreter:$argument in
*/env:*[!A-Za-z0-9._+-]* | */env:-* | */env:) ;;
*/env:*) program=$argument ;;
esac
"""

_READABLE: Final = """\
for file in {files}; do
    [ -f "$file" ] && [ -r "$file" ] || refuse 66 "The file of a variable cannot be read: $file"
done
"""

_TAIL: Final = """\
child=$!
[ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null
while :; do
    interrupted=
    wait "$child"
    code=$?
    # A signal ends `wait` too; but one that came with the end of the child must not hide its code.
    [ -n "$interrupted" ] && kill -0 "$child" 2>/dev/null || break
done
case $code in
126 | 127)
    # The program itself may have said so; it did if there is one.
    env -i "$@" /bin/sh -c 'f=$(command -v -- "$1") && [ -f "$f" ] && [ -x "$f" ]' sh "$program" ||
        refuse "$code" "There is no program to run the job: $program"
    ;;
esac
finish "$code"
"""
