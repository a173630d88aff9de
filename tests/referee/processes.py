"""Other processes, as ``/proc`` shows them. Only those of one site are ever touched."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

MARK = "REFEREE_MARK"
"""A variable that the referee puts into each job; its value is the key of the submission."""
_T = TypeVar("_T")


def wait_for(look: Callable[[], _T | None], what: str, seconds: float) -> _T:
    """Look until there is something."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            message = f"no {what} within {seconds:g} s"
            raise TimeoutError(message)
        time.sleep(0.02)


def with_argument(text: str) -> list[int]:
    """Return the processes that have a text in their command line, not counting zombies."""
    return [pid for pid, content in _contents("cmdline") if text.encode() in content]


def wrappers() -> dict[int, str]:
    """Return the wrappers of jobs of this machine, each with its command line: it names the job."""
    found = ((pid, content) for pid, content in _contents("cmdline") if b"/run.sh\0" in content)
    return {pid: content.decode(errors="replace") for pid, content in found}


def parent(pid: int) -> int | None:
    """Return the process that started another one; none if that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])


def marked(key: str) -> list[int]:
    """Return the processes of a job of ours."""
    return with_variable(MARK, key)


def by_mark() -> dict[str, list[int]]:
    """Return the processes of all jobs, by key."""
    found: dict[str, list[int]] = {}
    begin = f"{MARK}=".encode()
    for pid, content in _contents("environ"):
        for word in content.split(b"\0") if begin in content else []:
            if word.startswith(begin):
                found.setdefault(word[len(begin) :].decode(), []).append(pid)
    return found


def with_variable(name: str, value: str) -> list[int]:
    """Return the processes in whose environment a variable has a value."""
    mark = f"\0{name}={value}\0".encode()
    return [pid for pid, content in _contents("environ") if mark in b"\0" + content]


def send(pids: list[int], number: signal.Signals) -> bool:
    """Send a signal; tell whether there was anybody."""
    told = False
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            told = True
    return told


def _contents(name: str) -> Iterator[tuple[int, bytes]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            # It may end between two looks, or be somebody else's.
            with suppress(OSError):
                yield int(folder.name), (folder / name).read_bytes()
