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
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

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


def started_ticks(pid: int) -> str | None:
    """Return when a process began, in the kernel's own count; ``None`` if there is none.

    With the pid it names a process: a clock that is set does not change it.
    """
    fields = _stat_fields(pid)
    if fields is not None:
        return fields[19]
    try:
        return f"{psutil.Process(pid).create_time():.0f}"
    except (psutil.Error, ValueError):
        return None


def is_running(pid: int, ticks: str | None) -> bool:
    """Tell whether the process of this pid and start lives; one that awaits its burial does not."""
    fields = _stat_fields(pid)
    is_dead = fields is not None and fields[0] in "ZX"
    return ticks is not None and not is_dead and started_ticks(pid) == ticks


def _stat_fields(pid: int) -> list[str] | None:
    """Return what Linux says of a process, from its state on."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()


@dataclass(kw_only=True)
class Usage:
    """What a job used until now."""

    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    memory_peak_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One process as it was at one look."""

    process: psutil.Process
    parent: int
    session: int
    mark: str | None


class ProcessTable:
    """All processes of this machine that we may see; one look serves every job."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, float], str | None] = {}

    def look(self, *, thoroughly: bool = False) -> list[Seen]:
        """Return all living processes but ourselves.

        Parameters
        ----------
        thoroughly
            Read every environment again: one that was read between fork and exec was another.
        """
        known = {} if thoroughly else self._marks
        marks: dict[tuple[int, float], str | None] = {}
        seen: list[Seen] = []
        for process in psutil.process_iter():
            if process.pid == os.getpid():
                continue
            with contextlib.suppress(OSError, psutil.Error):
                key = (process.pid, process.create_time())
                marks[key] = known[key] if key in known else _mark(process)
                seen.append(
                    Seen(
                        process=process,
                        parent=process.ppid(),
                        session=os.getsid(process.pid),
                        mark=marks[key],
                    )
                )
        self._marks = marks
        return seen


@dataclass(kw_only=True)
class ProcessTree:
    """All processes of one job, or of one task of an array."""

    mark: str
    wrapper_pid: int
    wrapper_ticks: str | None
    """With the pid it names the wrapper; see `started_ticks`."""
    table: ProcessTable
    usage: Usage = field(default_factory=Usage)
    _members: dict[int, psutil.Process] = field(default_factory=dict)
    _ended_cpu_seconds: float = 0.0
    _cpu_seconds: dict[int, float] = field(default_factory=dict)

    def look(self, seen: list[Seen]) -> list[psutil.Process]:
        """Return which of the processes are the job's, and alive."""
        known = {pid for pid, process in self._members.items() if process.is_running()}
        # A pid is not used again while it names a session, but it is when all of that are gone.
        is_reused = started_ticks(self.wrapper_pid) not in (None, self.wrapper_ticks)
        found: dict[int, psutil.Process] = {}
        rest: list[Seen] = []
        for one in seen:
            pid = one.process.pid
            is_wrapper = not is_reused and self.wrapper_pid in (pid, one.session)
            if is_wrapper or pid in known or one.mark == self.mark:
                found[pid] = one.process
            else:
                rest.append(one)
        while children := [one for one in rest if one.parent in found]:
            found.update({one.process.pid: one.process for one in children})
            rest = [one for one in rest if one.process.pid not in found]
        self._members = {pid: process for pid, process in found.items() if _is_alive(process)}
        return list(self._members.values())

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
    for process in psutil.process_iter():
        with contextlib.suppress(OSError, psutil.Error):
            is_leader = os.getsid(process.pid) == process.pid
            if is_leader and _mark(process) == mark and _runs_wrapper(process):
                return process.pid
    return None


def _mark(process: psutil.Process) -> str | None:
    try:
        environment = process.environ()
    except (OSError, psutil.Error):
        return None
    job_id = environment.get(MARK)
    return None if job_id is None else mark_of(job_id, environment.get(TASK_MARK))


def _runs_wrapper(process: psutil.Process) -> bool:
    return any(Path(word).name == "run.sh" for word in process.cmdline())


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


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
