"""The text of ``run.sh``, in parts; `wrapper` fills them in and puts them together."""

from __future__ import annotations

from typing import Final

PARAMETERS_SH: Final = "parameters.sh"
"""What varies in an array, as assignments: a line for each task."""
PARAMETERS_JSONL: Final = "parameters.jsonl"
"""The same, as each task gets it in its ``parameters.json``."""

HEAD: Final = """\
#!/bin/sh
# One batch job: claims its run directory, starts the command in a clean environment,
# records in wrapper.json how it ended. Every value below is quoted, none is expanded.
run={run}
key={key}
nonce={nonce}
PATH={path}
export PATH

native=${{SLURM_ARRAY_JOB_ID:-${{SLURM_JOB_ID:-${{BATCH_NATIVE_ID:-}}}}}}
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
    # Tasks of an array may do so at once, on nodes that count their processes alike.
    claim="$run/claim.$native.${{SLURMD_NODENAME:-}}.$$"
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
# What a user sends to the job itself is not meant for this shell.
trap 'interrupted=yes' USR1 USR2 QUIT

host=$(uname -n | tr -cd 'A-Za-z0-9._-')
started=$(now)
"""

TASK: Final = """
index=${BATCH_TASK_INDEX:-${SLURM_ARRAY_TASK_ID:-}}
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

VARYING: Final = f"""
# A line for each task, from 0 on.
nl='
'
line="$((index + 1)){{p;q;}}"
sed -n "$line" "$job/{PARAMETERS_JSONL}" >"$run/parameters.json"
eval "$(sed -n "$line" "$job/{PARAMETERS_SH}")"
"""

FIXED: Final = """
cp "$job/parameters.json" "$run/parameters.json"
"""

START: Final = """\
# A batch system that lost its memory starts again what has run, with the same id and as no requeue.
before=$(cat "$run/wrapper.json" 2>/dev/null)
case $before in
*"\\"native_id\\": \\"$native\\", \\"attempt\\": "*)
    attempt=${{before#*\\"attempt\\": }}
    if [ "${{attempt%%,*}}" -gt "$restarts" ]; then
        echo "Job $native was started once before: it has run already. Not run again." >&2
        code=${{before#*\\"exit_code\\": }}
        code=${{code%%,*}}
        case $code in
        '' | *[!0-9]*)
            code=75
            printf '%s' "$nonce" >"$run/{started_again}"
            ;;
        esac
        exit "$code"
    fi
    ;;
esac

rm -f "$run/progress.json" "$run/environment.failed" "$run/{started_again}"
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

LOGS: Final = """\
# What the command writes goes to the end of these; what is said of it goes where it always does.
for file in {files}; do
    {{
        mkdir -p "${{file%/*}}/" && {{ [ -f "$file" ] || [ ! -e "$file" ]; }} && true >>"$file"
    }} 2>/dev/null || refuse 73 "The log cannot be written: $file"
done
"""

INTERPRETER: Final = """\
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

READABLE: Final = """\
for file in {files}; do
    [ -f "$file" ] && [ -r "$file" ] || refuse 66 "The file of a variable cannot be read: $file"
done
"""

PACKAGES: Final = """\
case ${{program##*/}} in
python | python[0-9]*)
    # Which packages it sees is kept for the record of the job.
    [ -e "${of}/{name}" ] || {{
        env -i "$@" "$program" -c {program} </dev/null >"$run/{name}.tmp" 2>/dev/null &&
            mv -f "$run/{name}.tmp" "${of}/{name}" || rm -f "$run/{name}.tmp"
    }}
    ;;
esac
"""

PACKAGES_LOADED: Final = """\
case ${{0##*/}} in
python | python[0-9]*)
    [ -e "{of}/{name}" ] || {{
        "$0" -c {program} </dev/null >"$BATCH_RUN_DIRECTORY/{name}.tmp" 2>/dev/null &&
            mv -f "$BATCH_RUN_DIRECTORY/{name}.tmp" "{of}/{name}" ||
            rm -f "$BATCH_RUN_DIRECTORY/{name}.tmp"
    }}
    ;;
esac
exec "$@"
"""
"""The same for ``sh -c`` within an environment that was loaded; ``$0`` is the program."""

LOADED: Final = """\
shell=$(command -v bash) || shell=/bin/sh
"""

TAIL: Final = """\
child=$!
[ -z "$stopping" ] || kill -TERM "$child" 2>/dev/null
while :; do
    interrupted=
    wait "$child"
    code=$?
    # A signal ends `wait` too; but one that came with the end of the child must not hide its code.
    [ -n "$interrupted" ] && kill -0 "$child" 2>/dev/null || break
done
[ "$code" = 0 ] || [ -n "$stopping" ] || [ ! -s "$run/environment.failed" ] ||
    refuse "$code" "$(cat "$run/environment.failed")"
case $code in
126 | 127)
    # The program itself may have said so; it did if there is one.
    env -i "$@" /bin/sh -c 'f=$(command -v -- "$1") && [ -f "$f" ] && [ -x "$f" ]' sh "$program" ||
        refuse "$code" "There is no program to run the job: $program"
    ;;
esac
finish "$code"
"""
