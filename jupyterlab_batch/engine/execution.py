"""One job that runs: started or found again, held to its limits, ended, and judged."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.engine.jobfile import decode_job
from jupyterlab_batch.engine.processes import (
    MARK,
    TASK_MARK,
    ProcessTable,
    ProcessTree,
    Seen,
    is_running,
)
from jupyterlab_batch.engine.queue import JobRecord, now
from jupyterlab_batch.engine.status import read_own_file, read_status
from jupyterlab_batch.engine.wording import duration, memory, signal_name

_MEMORY_GRACE_SECONDS: Final = 1.0
"""A job that takes too much memory goes on taking it until it is gone."""
_TELL_SECONDS: Final = 5.0


class Exit(msgspec.Struct, frozen=True, kw_only=True):
    """How a wrapper ended; a code of ``None`` means that nobody knows."""

    ended_at: datetime
    code: int | None = None
    signal: int | None = None
    cpu_seconds: float = 0.0
    memory_peak_bytes: int = 0


def exit_of_child(status: int, usage: resource.struct_rusage) -> Exit:
    """Translate what the kernel says of a child that ended."""
    code = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss * 1024
    # A child begins with our own peak as its own: below that the figure says nothing.
    is_real = peak > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Exit(
        ended_at=now(),
        code=code if code >= 0 else 128 - code,
        signal=None if code >= 0 else -code,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        memory_peak_bytes=peak if is_real else 0,
    )


def start_wrapper(record: JobRecord) -> int:
    """Start the wrapper of a job in a session of its own; return its pid.

    Raises
    ------
    OSError
        The run directory or the shell cannot be used.
    """
    request = record.request
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "BATCH_NATIVE_ID": record.array_id or record.state.native_id,
        MARK: request.job_id,
    }
    if request.task_index is not None:
        environment[TASK_MARK] = str(request.task_index)
        own = Path(request.run_directory)
        for folder in (own.parent, own):  # never that of the job, which is there or was removed
            folder.mkdir(mode=0o700, exist_ok=True)
    if record.gpus is not None:
        environment["CUDA_VISIBLE_DEVICES"] = ",".join(record.gpus)
    with contextlib.ExitStack() as files:
        streams = []
        for path in (request.stdout_path, request.stderr_path):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            streams.append(os.open(path, flags, 0o600))
            files.callback(os.close, streams[-1])
        child = subprocess.Popen(
            ["/bin/sh", request.script_path],
            cwd=request.run_directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=streams[0],
            stderr=streams[1],
            start_new_session=True,
        )
    child.returncode = 0  # the supervisor reaps it; without this, Popen would too
    return child.pid


class Execution:
    """One job from the start of its wrapper to its end.

    Parameters
    ----------
    record
        Changed in place; ``tell`` is called after each change.
    """

    def __init__(
        self,
        record: JobRecord,
        *,
        table: ProcessTable,
        grace_seconds: float,
        tell: Callable[[JobRecord], None],
    ) -> None:
        if record.wrapper_pid is None:
            raise ValueError("The wrapper has not been started.")
        self.record = record
        self.wrapper_pid = record.wrapper_pid
        self._grace_seconds = grace_seconds
        self._tell = tell
        self._table = table
        self._tree = ProcessTree(
            mark=record.request.mark,
            wrapper_pid=record.wrapper_pid,
            wrapper_ticks=record.wrapper_ticks,
            table=table,
        )
        loop = asyncio.get_running_loop()
        self._exit: asyncio.Future[Exit] = loop.create_future()
        self._ending: asyncio.Task[bool] | None = None
        self._told_at = loop.time()
        if record.ended_by is not None:
            self._begin_to_end()

    def is_attached(self) -> bool:
        """Tell whether the wrapper lives."""
        return is_running(self.wrapper_pid, self.record.wrapper_ticks)

    def exited(self, how: Exit) -> None:
        """Take note that the wrapper ended."""
        if not self._exit.done():
            self._exit.set_result(how)

    def vanished(self) -> None:
        """Take note that a wrapper which is not our child ended: it wrote down how."""
        self.exited(self._recorded_exit())

    def sample(self, seen: list[Seen]) -> None:
        """Measure the job, and end it if it is over a limit."""
        request, state, usage = self.record.request, self.record.state, self._tree.usage
        # The workers of a cluster are held to their memory by their nannies, one by one.
        most = request.memory_bytes if request.cluster is None else sys.maxsize
        self._tree.measure(seen, most)
        state.cpu_seconds = max(state.cpu_seconds or 0.0, round(usage.cpu_seconds, 2))
        before = state.memory_peak_bytes or 0
        state.memory_peak_bytes = max(before, usage.memory_peak_bytes)
        elapsed = self._elapsed_seconds(now())
        if usage.memory_bytes > most:
            text = f"Used {memory(usage.memory_bytes)} of {memory(request.memory_bytes)} memory."
            self.end("memory", text)
        elif elapsed is not None and elapsed > request.walltime_seconds:
            text = f"The time limit of {duration(request.walltime_seconds)} was reached."
            self.end("walltime", text)
        elif state.memory_peak_bytes > before:
            self._tell_seldom()

    def end(self, reason: ReasonCode, text: str) -> None:
        """Begin to end the job; the first reason counts."""
        if self.record.ended_by is not None or self._exit.done():
            return
        self.record.ended_by, self.record.ended_by_text = reason, text
        is_cancel = reason == "cancelled_by_user"
        self.record.state.substate = "cancelling" if is_cancel else "finishing"
        self._tell(self.record)
        self._begin_to_end()

    async def wait(self) -> None:
        """Wait for the end, and leave no process behind that can be known as the job's."""
        await self._exit
        if self._ending is None and self._tree.look(self._table.look(thoroughly=True)):
            self.record.state.substate = "finishing"
            self._tell(self.record)
            self._begin_to_end()
        if self._ending is not None:
            await self._ending

    def conclude(self) -> None:
        """Say how the job ended."""
        self._judge(self._exit.result())
        self._tell(self.record)

    def _begin_to_end(self) -> None:
        is_memory = self.record.ended_by == "memory"
        grace = min(self._grace_seconds, _MEMORY_GRACE_SECONDS) if is_memory else None
        seconds = self._grace_seconds if grace is None else grace
        self._ending = asyncio.create_task(self._tree.end(seconds))

    def _tell_seldom(self) -> None:
        clock = asyncio.get_running_loop().time()
        if clock - self._told_at >= _TELL_SECONDS:
            self._told_at = clock
            self.record.state.elapsed_seconds = self._elapsed_seconds(now())
            self._tell(self.record)

    def _elapsed_seconds(self, until: datetime) -> float | None:
        started = self.record.state.started_at
        return None if started is None else max(0.0, (until - started).total_seconds())

    def _recorded_exit(self) -> Exit:
        """Read from the run directory how the wrapper ended."""
        directory = Path(self.record.request.run_directory)
        is_task = self.record.request.task_index is not None
        job_directory = directory.parent.parent if is_task else directory
        job = decode_job(read_own_file(job_directory / "job.json") or b"")
        status = None if job is None else read_status(directory, job.nonce)
        if status is None or status.native_id != self.record.state.native_id:
            return Exit(ended_at=now())
        return Exit(ended_at=status.ended_at or now(), code=status.exit_code)

    def _judge(self, how: Exit) -> None:
        """Say how the job ended: why we ended it comes first, then how its program did."""
        state, usage = self.record.state, self._tree.usage
        started = state.started_at or how.ended_at
        state.substate = None
        # The wrapper's own record has whole seconds only.
        state.ended_at = max(how.ended_at, started)
        state.exit_code = how.code
        state.signal = how.signal or signal_of(how.code)
        state.elapsed_seconds = self._elapsed_seconds(state.ended_at)
        cpu = (how.cpu_seconds, usage.cpu_seconds, state.cpu_seconds or 0.0)
        state.cpu_seconds = round(max(cpu), 2)
        peaks = (how.memory_peak_bytes, usage.memory_peak_bytes, state.memory_peak_bytes or 0)
        state.memory_peak_bytes = max(peaks) or None
        state.phase = "ERROR"
        if self.record.ended_by is not None:
            state.reason, state.reason_text = self.record.ended_by, self.record.ended_by_text
            state.phase = "ABORTED" if state.reason == "cancelled_by_user" else "ERROR"
        elif how.code is None:
            state.reason = "lost"
            state.reason_text = "Its processes vanished without a record of how they ended."
        elif state.signal is not None:
            state.reason = "signal"
            state.reason_text = f"Ended by {signal_name(state.signal)}."
        elif how.code:
            state.reason, state.reason_text = "exit_nonzero", f"Exit code {how.code}."
        else:
            state.phase, state.reason, state.reason_text = "COMPLETED", None, None


def signal_of(code: int | None) -> int | None:
    """Return the signal that a shell's exit code speaks of, if any."""
    if code is None or code <= 128 or code - 128 not in set(signal.Signals):
        return None
    return code - 128
