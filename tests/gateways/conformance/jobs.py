"""The jobs that every gateway has to run. They are all submitted at once, at the beginning."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import UNSET, UnsetType

from jupyterlab_batch.domain.arrays import Array
from jupyterlab_batch.domain.generated import (
    CommandTask,
    Environment,
    Files,
    JobSpec,
    NotebookTask,
    Placement,
    Resources,
    Variable,
)

MEBIBYTE = 1024 * 1024

AWKWARD = (
    "",
    " ",
    "it's",
    'say "no"',
    "$(touch injected)",
    "`touch injected`",
    "a; touch injected",
    "two\nlines\n#SBATCH --partition=batch",
    "tab\there",
    "*",
    "~",
    "back\\slash\\n",
    "%j %x %%",
    "-n",
    "A=b",
    "ñ 星 🔭 e\u0301",
    "\u202eright-to-left",
)
"""Arguments that must arrive as they are."""

AWKWARD_NAME = "M31 \"núcleo\" $(touch injected) ; 'x' %j 🔭 --partition=batch"

_TELL = """
import json, os, sys
json.dump({"argv": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()},
          sys.stdout)
"""
_GREEDY = """
import time
held = []
while True:
    held.append(bytearray(b"x") * (16 * 1024 * 1024))
    time.sleep(0.02)
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a job of the suite asks for."""

    argv: tuple[str, ...]
    name: str = "conformance"
    cores: int = 1
    memory_bytes: int = 128 * MEBIBYTE
    walltime_seconds: int = 600
    variables: Mapping[str, str] = field(default_factory=dict)
    gpus: int = 0
    array: Array | None = None
    queue: str | None = None
    environment: Mapping[str, Any] = field(default_factory=lambda: {"kind": "inherit"})
    files: Files | UnsetType = UNSET
    notebook: str | None = None
    """Runs in place of the command."""

    @property
    def spec(self) -> JobSpec:
        return JobSpec(
            name=self.name,
            task=NotebookTask(path=self.notebook)
            if self.notebook
            else CommandTask(argv=list(self.argv)),
            environment=Environment(
                **self.environment,
                variables={name: Variable(value=text) for name, text in self.variables.items()},
            ),
            resources=Resources(
                cores=self.cores,
                memory_bytes=self.memory_bytes,
                walltime_seconds=self.walltime_seconds,
                gpus=self.gpus or UNSET,
            ),
            array=self.array or UNSET,
            placement=Placement(queue=self.queue) if self.queue else UNSET,
            files=self.files,
        )

    def in_queue(self, queue: str) -> Asked:
        return replace(self, queue=queue)

    def with_walltime(self, seconds: int) -> Asked:
        return replace(self, walltime_seconds=seconds)


def shell(script: str, **more: str) -> Asked:
    """Ask for a line of shell."""
    return Asked(argv=("sh", "-c", script), variables=more)


HELLO = shell("echo out; echo err >&2")
EXITS = shell("exit 3")
DIES = shell("kill -SEGV $$")
TELLS = Asked(
    argv=(sys.executable, "-c", _TELL, *AWKWARD),
    name=AWKWARD_NAME,
    variables={"AWKWARD": "a\nb 'c' $(touch injected) 星"},
)
GREEDY = Asked(argv=(sys.executable, "-c", _GREEDY), memory_bytes=64 * MEBIBYTE)
SLOW = shell("sleep 600")
STAYS = shell("setsid sleep 601 & sleep 602 & echo begun; sleep 603")  # as a kernel has children
LEAVES_ORPHANS = shell("(setsid sleep 604 &); echo begun; sleep 605")
INDEXED = 'test "$BATCH_TASK_INDEX" = 0 || '
"""Task 0 of an array goes on at once."""
UNTIL_TOLD = shell('echo begun; while [ ! -e "$BATCH_RUN_DIRECTORY/go" ]; do sleep 0.1; done')
