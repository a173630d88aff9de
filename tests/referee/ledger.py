"""What the jobs themselves say: one line when they start, one when they end.

It lies on a disk that no round fills, and each line is one ``write`` with ``O_APPEND``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SAID = "REFEREE_SAYS"
"""A variable of a job; what it holds there must be its last argument."""
SCRIPT = f"""\
key=$1${{BATCH_TASK_INDEX:+#$BATCH_TASK_INDEX}}
printf '%s %s %s %s\\n' "$key" "${{SLURM_JOB_ID:-$BATCH_JOB_ID}}" \\
    "$((${{SLURM_RESTART_COUNT:-0}} + 1))" "$$" >>"$2/started"
echo "$key"
sleep "$3"
code=$4
[ "${{{SAID}-}}" = "${{6-}}" ] || code=97
printf '%s %s %s\\n' "$key" "$$" "$code" >>"$2/ended"
sleep "$5"
exit "$code"
"""
"""A job: ``sh -c SCRIPT sh KEY LEDGER SECONDS EXIT_CODE LINGER_SECONDS [SAID]``."""


@dataclass(frozen=True)
class Start:
    """A job that began to run."""

    key: str
    native_id: str
    """Slurm's id; on this machine the id of our row, which is one for each intent."""
    attempt: int
    pid: int
    task: str = ""
    """Of an array: the index."""


@dataclass(frozen=True)
class End:
    """A job that came to its last line."""

    key: str
    pid: int
    code: int


class Ledger:
    """A folder with the two files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder

    def argv(self, *words: str | float) -> list[str]:
        """Return the program of a job, by the words after the folder of this ledger."""
        return ["/bin/sh", "-c", SCRIPT, "sh", *self.words(*words)]

    def words(self, key: str | float, *more: str | float) -> list[str]:
        return [str(key), str(self.folder), *(_word(one) for one in more)]

    def starts(self) -> list[Start]:
        return [
            Start(key.partition("#")[0], native_id, int(attempt), int(pid), key.partition("#")[2])
            for key, native_id, attempt, pid in self._lines("started")
        ]

    def starts_of(self, key: str) -> list[Start]:
        return [start for start in self.starts() if start.key == key]

    def ends_of(self, key: str) -> list[End]:
        return [
            End(found, int(pid), int(code))
            for found, pid, code in self._lines("ended")
            if found.partition("#")[0] == key
        ]

    def _lines(self, name: str) -> list[list[str]]:
        try:
            text = (self.folder / name).read_text()
        except FileNotFoundError:
            return []
        # A line that is just being written has no end yet.
        return [line.split() for line in text.rpartition("\n")[0].split("\n") if line]


def doubled(starts: list[Start]) -> list[Start]:
    """Return what must not be: a second line of one attempt, or a second native id of one key."""
    attempts = Counter((start.key, start.task, start.attempt) for start in starts)
    natives: dict[tuple[str, str], set[str]] = {}
    for start in starts:
        natives.setdefault((start.key, start.task), set()).add(start.native_id)
    return [
        start
        for start in starts
        if attempts[start.key, start.task, start.attempt] > 1
        or len(natives[start.key, start.task]) > 1
    ]


def _word(one: str | float) -> str:
    return one if isinstance(one, str) else f"{one:g}"
