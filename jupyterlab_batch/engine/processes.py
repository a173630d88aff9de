"""The processes of a job: found however they hide, measured, and ended until none is left.

A process id says little: children change their process group and session (a kernel does), leave
their parent (a daemon does), and ids are used again. A process is of a job if it descends from
the job's wrapper, is in its session, carries the job's id in its environment, or was once found
to be the job's.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import psutil

from jupyterlab_batch.engine.protocol import mark_of

MARK: Final = "BATCH_JOB_ID"
TASK_MARK: Final = "BATCH_TASK_INDEX"
_PR_SET_CHILD_SUBREAPER: Final = 36
_LOOK_SECONDS: Final = 0.1
_KILL_SECONDS: Final = 30.0
_WRAPPER_SECONDS: Final = 2.0


def become_subreaper() -> None:
    """Become the parent of what our jobs' processes leave behind, where the system can (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


NO_PID: Final = -1
_HAS_PROC: Final = sys.platform == "linux"


class _Stat(NamedTuple):
    """What the kernel says of one process."""

    is_dead: bool
    """It awaits its burial."""
    parent: int
    session: int
    ticks: str
    """When it began, in the kernel's own count: a clock that is set does not change it."""


def started_ticks(pid: int) -> str | None:
    """Return when a process began; with the pid that names it. ``None`` if there is none."""
    stat = _stat(pid)
    return None if stat is None else stat.ticks


def is_running(pid: int, ticks: str | None) -> bool:
    """Tell whether the process of this pid and start lives."""
    stat = _stat(pid)
    return stat is not None and not stat.is_dead and stat.ticks == ticks


def _stat(pid: int) -> _Stat | None:
    if not _HAS_PROC:
        return _stat_by_psutil(pid)
    try:
        text = _read_proc(pid, "stat")
    except OSError:
        return None
    # The name may hold anything, parentheses too.
    state, parent, _, session, *rest = text.rpartition(b")")[2].split()
    return _Stat(state in b"ZX", int(parent), int(session), rest[15].decode())


def _read_proc(pid: int, name: str) -> bytes:
    with open(f"/proc/{pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 -- pathlib takes twice as long, and there may be thousands
        return file.read()


def _stat_by_psutil(pid: int) -> _Stat | None:
    try:
        process = psutil.Process(pid)
        is_dead = process.status() == psutil.STATUS_ZOMBIE
        return _Stat(is_dead, process.ppid(), os.getsid(pid), f"{process.create_time():.0f}")
    except (OSError, ValueError, psutil.Error):
        return None


class Usage(msgspec.Struct, kw_only=True):
    """What a job used until now."""

    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    memory_peak_bytes: int = 0


class Seen(NamedTuple):
    """One process as it was at one look."""

    pid: int
    ticks: str
    parent: int
    session: int
    mark: str | None


class ProcessTable:
    """All processes of this machine that we may see; one look serves every job."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, str], str | None] = {}

    def look(self, *, thoroughly: bool = False) -> list[Seen]:
        """Return all living processes but ourselves.

        Parameters
        ----------
        thoroughly
            Read every environment again: one that was read between fork and exec was another.
        """
        known = {} if thoroughly else self._marks
        marks: dict[tuple[int, str], str | None] = {}
        seen: list[Seen] = []
        for pid in psutil.pids():
            stat = _stat(pid)
            if stat is None or stat.is_dead or pid == os.getpid():
                continue
            key = (pid, stat.ticks)
            marks[key] = known[key] if key in known else _mark(pid)
            seen.append(Seen(pid, stat.ticks, stat.parent, stat.session, marks[key]))
        self._marks = marks
        return seen


class ProcessTree(msgspec.Struct, kw_only=True):
    """All processes of one job, or of one task of an array."""

    mark: str
    wrapper_pid: int
    wrapper_ticks: str | None
    """With the pid it names the wrapper; see `started_ticks`."""
    table: ProcessTable
    usage: Usage = msgspec.field(default_factory=Usage)
    _members: dict[tuple[int, str], psutil.Process] = msgspec.field(default_factory=dict)
    """By pid and start."""
    _ended_cpu_seconds: float = 0.0
    _cpu_seconds: dict[int, float] = msgspec.field(default_factory=dict)

    def look(self, seen: list[Seen]) -> list[psutil.Process]:
        """Return which of the processes are the job's, and alive."""
        # A pid is not used again while it names a session, but it is when all of that are gone.
        is_reused = started_ticks(self.wrapper_pid) not in (None, self.wrapper_ticks)
        found: dict[int, Seen] = {}
        rest: list[Seen] = []
        for one in seen:
            is_wrapper = not is_reused and self.wrapper_pid in (one.pid, one.session)
            if is_wrapper or self._has_mark(one) or (one.pid, one.ticks) in self._members:
                found[one.pid] = one
            else:
                rest.append(one)
        while children := [one for one in rest if one.parent in found]:
            found.update({one.pid: one for one in children})
            rest = [one for one in rest if one.pid not in found]
        members = {}
        for one in found.values():
            with contextlib.suppress(psutil.Error):
                key = (one.pid, one.ticks)
                members[key] = self._members.get(key) or psutil.Process(one.pid)
        self._members = members
        return list(members.values())

    def _has_mark(self, one: Seen) -> bool:
        """Tell whether a process says that it is the job's.

        A single job may itself number what it starts.
        """
        return one.mark is not None and f"{one.mark}.".startswith(f"{self.mark}.")

    def measure(self, seen: list[Seen], memory_limit_bytes: int) -> None:
        """Bring `usage` up to date.

        Memory that processes share is counted once only when the sum would be over the limit:
        to know it takes the kernel long.
        """
        members = self.look(seen)
        memory = 0
        for process in members:
            with contextlib.suppress(OSError, psutil.Error):
                memory += process.memory_info().rss
                times = process.cpu_times()
                self._cpu_seconds[process.pid] = times.user + times.system
        if memory > memory_limit_bytes and len(members) > 1:
            memory = sum(_own_memory_bytes(process) for process in members)
        living = {process.pid for process in members}
        for pid in set(self._cpu_seconds) - living:
            self._ended_cpu_seconds += self._cpu_seconds.pop(pid)
        self.usage.cpu_seconds = max(
            self.usage.cpu_seconds, self._ended_cpu_seconds + sum(self._cpu_seconds.values())
        )
        self.usage.memory_bytes = memory
        self.usage.memory_peak_bytes = max(self.usage.memory_peak_bytes, memory)

    async def end(self, grace_seconds: float) -> bool:
        """End all processes: TERM, grace, KILL, then look until nothing is left.

        The wrapper is left to the last: it passes TERM on by itself, and writes down how its
        child ended.

        Returns
        -------
        Whether nothing is left. A process that hangs in the kernel cannot be ended by anybody.
        """
        clock = asyncio.get_running_loop()
        kill_at = clock.time() + grace_seconds
        give_up_at = kill_at + _KILL_SECONDS
        termed: set[psutil.Process] = set()
        while members := self.look(self.table.look(thoroughly=True)):
            if clock.time() >= give_up_at:
                return False
            others = [process for process in members if process.pid != self.wrapper_pid]
            if clock.time() < kill_at:
                fresh = set(others or members) - termed
                _send(fresh, signal.SIGTERM)
                _send(fresh, signal.SIGCONT)
                termed |= fresh
            elif others and clock.time() < kill_at + _WRAPPER_SECONDS:
                _send(others, signal.SIGKILL)
            elif clock.time() >= kill_at + _WRAPPER_SECONDS:
                _send(members, signal.SIGKILL)
            await asyncio.sleep(_LOOK_SECONDS)
        return True


def end_orphans() -> None:
    """End all our children, when no job is left that they could be of.

    They hid from every other look: in a session of their own, without the mark of their job.
    """
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # the usual case, found without a look at every process
        return
    orphans = psutil.Process().children(recursive=True)
    _send(orphans, signal.SIGKILL)
    psutil.wait_procs(orphans, timeout=_LOOK_SECONDS)


def find_wrapper(mark: str) -> int | None:
    """Find the wrapper of a job whose pid was not written down: it leads its session."""
    for one in ProcessTable().look():
        if one.pid == one.session and one.mark == mark:
            with contextlib.suppress(psutil.Error):
                if any(Path(word).name == "run.sh" for word in psutil.Process(one.pid).cmdline()):
                    return one.pid
    return None


def _mark(pid: int) -> str | None:
    environment = _environment(pid)
    job_id = environment.get(MARK)
    return None if job_id is None else mark_of(job_id, environment.get(TASK_MARK))


def _environment(pid: int) -> Mapping[str, str]:
    """Return the environment in which a process began; empty if it is not ours to see."""
    try:
        if not _HAS_PROC:
            return psutil.Process(pid).environ()
        block = _read_proc(pid, "environ")
    except (OSError, psutil.Error):
        return {}
    if MARK.encode() not in block:
        return {}
    entries = (entry.partition("=") for entry in os.fsdecode(block).split("\0"))
    return {name: value for name, _, value in entries}


def _own_memory_bytes(process: psutil.Process) -> int:
    """Return the memory of a process with its share of what it shares."""
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    except psutil.Error:
        return 0


def _send(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)
