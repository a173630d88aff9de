"""The ways to read a file of a job: each must refuse the same, and tell nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tests.client.real import RealServer
from tests.safety.asking import Answer, ask

OWN: Final = b"what the job printed\n"
SECRET: Final = b"a secret of somebody or something else\n"
WORD: Final = "secret"
"""What a search would find in the one and not in the other."""


@dataclass(frozen=True)
class Reader:
    """One way."""

    query: str
    """Follows the address of a job; ``{folder}`` and ``{task}`` stand for those of a task."""
    refusal: str
    """The code of the problem when something else is there."""
    absent: int
    """The status when nothing is there."""
    refusal_of_folder: tuple[int, str]
    """Status and code when what leads to it is no folder of its own, as a link is none."""

    def ask(self, server: RealServer, job_id: str, task: int | None = None) -> Answer:
        """Read the log of a job, or of a task."""
        folder = "" if task is None else f"tasks/{task}/"
        at = "" if task is None else f"&task={task}"
        return ask(server, "GET", f"jobs/{job_id}/{self.query.format(folder=folder, task=at)}")

    def is_own(self, answer: Answer) -> bool:
        """Tell whether an answer is what the job printed, as far as it was there."""
        if self.refusal == "log_not_readable" and b"matches" in answer.body:
            told = answer.json
            return told["matches"] == [] and told["size"] in {0, len(OWN)}
        return answer.body in {OWN, b""}


_LINK: Final = (422, "log_not_readable")
READERS: Final[Mapping[str, Reader]] = {
    "log": Reader("log?stream=stdout{task}", "log_not_readable", 200, _LINK),
    "whole": Reader("log/content?stream=stdout{task}", "log_not_readable", 200, _LINK),
    "find": Reader(f"log/find?limit=1000&q={WORD}{{task}}", "log_not_readable", 200, _LINK),
    "file": Reader(
        "files/content?path={folder}stdout.log", "file_not_readable", 404, (404, "not_found")
    ),
}

PATHS_OUT: Final = [
    "../secret",
    "../../secret",
    "tasks/../../../secret",
    "./stdout.log",
    "stdout.log/",
    "stdout.log/.",
    "//stdout.log",
    "/stdout.log",
    "/etc/passwd",
    "/proc/self/environ",
    ".",
    "..",
    "/",
    "~/secret",
    "%2e%2e/secret",
    "..\\secret",
    "stdout.log\0",
    "\0",
    "\udcff\udcfe",
    "nowhere",
    "stdout.log ",
    "STDOUT.LOG",
    "x" * 1000,
    "x/" * 400 + "x",
]
"""Paths of files that lead out of a run directory, or nowhere."""


def queries_of(path: str) -> list[str]:
    """Return queries that name a path, in several encodings."""
    raw = path.encode("utf-8", "surrogateescape")
    every = "".join(f"%{byte:02X}" for byte in raw)
    return [f"path={quote(raw, safe='')}", f"path={every}", f"path={quote(every, safe='')}"]


def secret_beside(directory: Path) -> Path:
    """Put a file outside a run directory, of the same user and on the same file system."""
    path = directory.parent.parent / "secret"
    path.write_bytes(SECRET)
    (directory.parent / "secret").write_bytes(SECRET)
    return path
