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
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a wrapper starts."""

    argv: Sequence[str]
    script: Path | None = None
    """A script whose first line decides: with ``#!`` it is started itself, else ``argv`` with the
    script and ``arguments`` behind it."""
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
    working_directory: Path
    command: Command


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
        directory=quote(str(plan.working_directory)),
    )
    return head + _launch(plan) + _TAIL


def _launch(plan: WrapperPlan) -> str:
    """Return the lines that start the command."""
    before: list[str] = []
    if plan.command.script is not None:
        interpreter = [quote(word) for word in plan.command.argv]
        before = [
            f"script={quote(str(plan.command.script))}",
            'if [ "$(head -c 2 "$script")" = "#!" ]; then interpreter=; '
            f"else interpreter={' '.join(interpreter)}; fi",
        ]
        words = ['${interpreter:+"$interpreter"}', '"$script"']
        words += [quote(word) for word in plan.command.arguments]
    else:
        words = [quote(word) for word in plan.command.argv]
        if "=" in plan.command.argv[0]:
            # `env` would take it for one more variable.
            words = ["/bin/sh", "-c", quote('exec "$@"'), "sh", *words]
    lines = [
        "env -i $signals",
        *_assignments(plan.environment),
        '"$@"',
        *_assignments(plan.variables),
        f"BATCH_JOB_ID={plan.job_id}",
        'BATCH_RUN_DIRECTORY="$run"',
        " ".join(words) + " </dev/null &",
    ]
    return "\n".join([*before, " \\\n    ".join(lines), ""])


def _assignments(variables: Mapping[str, str]) -> list[str]:
    """Return one ``NAME='value'`` per variable."""
    for name in variables:
        if not _VARIABLE_NAME.fullmatch(name):
            raise ValueError("The name of a variable may hold only letters, digits and _.")
    return [f"{name}={quote(value)}" for name, value in variables.items()]


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

# Only one native id ever runs in this directory; the same one may come again after a requeue.
claim=$(printf '{{"nonce": "%s", "key": "%s", "native_id": "%s", "restart_count": %d}}' \\
    "$nonce" "$key" "$native" "$restarts")
if ! (set -C && printf '%s\\n' "$claim" >"$run/claim") 2>/dev/null; then
    case $(cat "$run/claim" 2>/dev/null) in
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
fi

record() {{ # when it ended and its exit code, or null and null
    printf '{{"nonce": "%s", "native_id": "%s", "attempt": %d, "host": "%s", "pid": %d, ' \\
        "$nonce" "$native" "$((restarts + 1))" "$host" "$$" >"$run/wrapper.json.tmp" &&
        printf '"started_at": "%s", "ended_at": %s, "exit_code": %s}}\\n' \\
            "$started" "$1" "$2" >>"$run/wrapper.json.tmp" &&
        mv -f "$run/wrapper.json.tmp" "$run/wrapper.json"
}}
now() {{ date -u +%Y-%m-%dT%H:%M:%SZ; }}
finish() {{
    record "\\"$(now)\\"" "$1"
    exit "$1"
}}
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
rm -f "$run/progress.json"
record null null

cd {directory} || finish 72

# What the scheduler set for its own tools, and its scratch space, are kept.
set --
[ -z "${{TMPDIR:-}}" ] || set -- "TMPDIR=$TMPDIR"
for name in $(env | sed -n 's/^\\(SLURM_[A-Za-z0-9_]*\\)=.*/\\1/p'); do
    eval "set -- \\"\\$@\\" \\"$name=\\$$name\\""
done
# A shell lets what it starts in the background ignore these two, where `env` can it is undone.
signals=--default-signal=INT,QUIT
env "$signals" true 2>/dev/null || signals=
[ -z "$stopping" ] || finish 143
"""

_TAIL: Final = """\
child=$!
[ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null
while :; do
    interrupted=
    wait "$child"
    code=$?
    [ -n "$interrupted" ] || break
done
finish "$code"
"""
