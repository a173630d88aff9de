"""Scripts in place of Slurm's tools: they can stop an order or its answer half-way, or spoil it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from tests.referee.evidence import Crossings

_TOOLS: Final = ("sbatch", "squeue", "sacct", "scancel", "sinfo", "sacctmgr", "scontrol", "sshare")
_SPOIL: Final = """#!/bin/sh
# Is the program of the same name; what that says may be spoilt.
spoil={folder}/spoil
clock={folder}/clock
spoilt() {{ # what a tool says of which only this is left
    case $(cat "$spoil" 2>/dev/null) in
    garbage) head -c 4096 /dev/urandom ;;
    HTML) echo '<html>Welcome!</html>' ;;
    'a gigabyte') head -c 1073741824 /dev/zero ;;
    half) printf '%s' "$1" | head -c $((${{#1}} / 2)) && kill -9 $$ ;;
    nothing) kill -9 $$ ;;
    late)
        while [ -e "$spoil" ]; do sleep 0.1; done
        kill -9 $$
        ;;
    *) printf '%s\\n' "$1" ;; # it is over just now
    esac
    exit 0
}}
"""
_ANY: Final = """[ ! -e "$clock" ] || exec {python} -I {shift} "$(cat "$clock")" {program} "$@"
[ -e "$spoil" ] || exec {program} "$@"
said=$({program} "$@")
spoilt "$said"
"""
_SBATCH: Final = """# Notes that an order came by and was answered, and waits while it is held.
name=
for word in "$@"; do case $word in --job-name=*) name=${{word#--job-name=}} ;; esac; done
note={folder}/$name
pass() {{ # a step; a hold that is forgotten ends by itself
    [ -n "$name" ] || return
    : >"$note.$1"
    turns=0
    while [ -e "$note.$1.hold" ] && [ "$turns" -lt 1000 ]; do
        sleep 0.02
        turns=$((turns + 1))
    done
}}
pass asked
said=$({program} "$@")
code=$?
[ "$code" -ne 0 ] || pass answered
[ ! -e "$spoil" ] || spoilt "$said"
printf '%s\\n' "$said"
exit "$code"
"""


def write_tools(folder: Path, crossings: Crossings) -> Path:
    """Make a folder of scripts that have the names of Slurm's tools."""
    folder.mkdir()
    for name in _TOOLS:
        program = shutil.which(name)
        if program is None:
            raise RuntimeError(name)
        text = _SPOIL + (_SBATCH if name == "sbatch" else _ANY)
        tool = folder / name
        tool.write_text(
            text.format(
                folder=crossings.folder,
                program=program,
                python=sys.executable,
                shift=Path(__file__).with_name("shift.py"),
            )
        )
        tool.chmod(0o755)
    return folder
