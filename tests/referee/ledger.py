"""What the jobs themselves say: one line when they start, one when they end.

It lies on a disk that no round fills, and each line is one ``write`` with ``O_APPEND``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """\
printf '%s %s %s %s\\n' "$1" "${SLURM_JOB_ID:-$BATCH_JOB_ID}" \\
    "$((${SLURM_RESTART_COUNT:-0} + 1))" "$$" >>"$2/started"
sleep "$3"
printf '%s %s %s\\n' "$1" "$$" "$4" >>"$2/ended"
sleep "$5"
exit "$4"
"""
"""A job: ``sh -c SCRIPT sh KEY LEDGER SECONDS EXIT_CODE LINGER_SECONDS``."""


@dataclass(frozen=True)
class Start:
    """A job that began to run."""

    key: str
    native_id: str
    """Slurm's id; on this machine the id of our row, which is one for each intent."""
    attempt: int
    pid: int


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

    def argv(self, key: str, seconds: float, code: int, linger: float) -> list[str]:
        words = [key, str(self.folder), f"{seconds:g}", str(code), f"{linger:g}"]
        return ["/bin/sh", "-c", SCRIPT, "sh", *words]

    def starts(self) -> list[Start]:
        return [
            Start(key, native_id, int(attempt), int(pid))
            for key, native_id, attempt, pid in self._lines("started")
        ]

    def starts_of(self, key: str) -> list[Start]:
        return [start for start in self.starts() if start.key == key]

    def ends_of(self, key: str) -> list[End]:
        return [
            End(found, int(pid), int(code))
            for found, pid, code in self._lines("ended")
            if found == key
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
    attempts = Counter((start.key, start.attempt) for start in starts)
    natives: dict[str, set[str]] = {}
    for start in starts:
        natives.setdefault(start.key, set()).add(start.native_id)
    return [
        start
        for start in starts
        if attempts[start.key, start.attempt] > 1 or len(natives[start.key]) > 1
    ]
