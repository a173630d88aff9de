"""The jobs that run: started or found again, measured, and seen through to their end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyterlab_batch.engine.admission import Capacity
from jupyterlab_batch.engine.execution import Execution, exit_of_child, start_wrapper
from jupyterlab_batch.engine.journal import Journal
from jupyterlab_batch.engine.processes import (
    NO_PID,
    ProcessTable,
    end_orphans,
    find_wrapper,
    started_ticks,
)
from jupyterlab_batch.engine.queue import JobRecord, now

_SAMPLE_SECONDS: Final = 0.5
_PASSING: Final = {
    errno.EAGAIN,
    errno.EDQUOT,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ENOSPC,
}


class Running:
    """All jobs, and tasks of arrays, that run now.

    Parameters
    ----------
    changed
        Called with a record that was changed.
    ended
        Called when a job is over and none of its processes is left.
    """

    def __init__(
        self,
        journal: Journal,
        capacity: Capacity,
        *,
        changed: Callable[[JobRecord], None],
        ended: Callable[[JobRecord], None],
    ) -> None:
        self._journal = journal
        self._capacity = capacity
        self._changed = changed
        self._ended = ended
        self._table = ProcessTable()
        self._executions: dict[str, Execution] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sampler: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take leave of children."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)

    def records(self) -> list[JobRecord]:
        """Return what runs."""
        return [execution.record for execution in self._executions.values()]

    def cancel(self, native_id: str) -> None:
        """End a job, if it runs."""
        execution = self._executions.get(native_id)
        if execution is not None:
            execution.end("cancelled_by_user", "Cancelled.")

    def find(self, native_id: str) -> JobRecord | None:
        """Return what runs under an id."""
        execution = self._executions.get(native_id)
        return None if execution is None else execution.record

    def has(self, native_id: str) -> bool:
        """Tell whether a job runs."""
        return native_id in self._executions

    def launch(self, record: JobRecord) -> str | None:
        """Start a job; say why that cannot be now. If it can never be, the job is over."""
        refusal = self._capacity.gpu_refusal(record.request)
        if refusal is not None:
            record.conclude("ERROR", "launch_failed", refusal.message)
            self._changed(record)
            return None
        state = record.state
        state.phase, state.substate, state.started_at = "EXECUTING", None, now()
        state.reason, state.reason_text = None, None
        record.gpus = self._capacity.share_of_gpus(record.request, self.records())
        try:
            self._journal.write_first(record)
            record.wrapper_pid = start_wrapper(record)
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or error
            if _may_pass(error):
                self._journal.put_back(record)
                return f"Waiting until this machine can start it: {why}."
            record.conclude("ERROR", "launch_failed", f"The job could not be started: {why}.")
            self._changed(record)
            return None
        record.wrapper_ticks = started_ticks(record.wrapper_pid)
        self._changed(record)
        self._attach(record)
        return None

    def find_again(self, record: JobRecord) -> bool:
        """Take over a job that an earlier supervisor started; tell whether it had done so."""
        if record.wrapper_pid is None:
            record.wrapper_pid = wrapper_of(record)
            if record.wrapper_pid is None:
                return False
            if record.wrapper_pid != NO_PID:
                record.wrapper_ticks = started_ticks(record.wrapper_pid)
        record.state.is_usage_partial = True
        execution = self._attach(record)
        if not execution.is_attached():
            execution.vanished()
            return True
        with contextlib.suppress(OSError, AttributeError):  # without it the sampler will see
            self._watch_descriptor(os.pidfd_open(execution.wrapper_pid), execution)
        return True

    def _attach(self, record: JobRecord) -> Execution:
        execution = Execution(
            record,
            table=self._table,
            grace_seconds=self._capacity.grace_seconds,
            tell=self._changed,
        )
        self._executions[record.state.native_id] = execution
        task = asyncio.create_task(self._see_through(execution))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._sampler is None:
            self._sampler = asyncio.create_task(self._sample())
        return execution

    async def _see_through(self, execution: Execution) -> None:
        await execution.wait()
        if len(self._executions) == 1:
            end_orphans()
        execution.conclude()
        del self._executions[execution.record.state.native_id]
        self._ended(execution.record)

    def _watch_descriptor(self, descriptor: int, execution: Execution) -> None:
        loop = asyncio.get_running_loop()

        def ended() -> None:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            execution.vanished()

        loop.add_reader(descriptor, ended)

    def _reap(self) -> None:
        """Take leave of children: wrappers, and what jobs left behind to us."""
        wrappers = {execution.wrapper_pid: execution for execution in self._executions.values()}
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in wrappers:
                    wrappers[pid].exited(exit_of_child(status, usage))

    async def _sample(self) -> None:
        """Measure running jobs, as long as there are any."""
        while self._executions:
            seen = self._table.look()
            for execution in list(self._executions.values()):
                if execution.is_attached():
                    execution.sample(seen)
                elif not _is_child(execution.wrapper_pid):
                    execution.vanished()
            await asyncio.sleep(_SAMPLE_SECONDS)
        self._sampler = None


def wrapper_of(record: JobRecord) -> int | None:
    """Return the wrapper of a job; `NO_PID` if it was there and is gone, ``None`` if it never was.

    One that is just being started comes up while we look, and its claim with it.
    """
    pid = find_wrapper(record.request.mark)
    if pid is None and (Path(record.request.run_directory) / "claim").exists():
        pid = find_wrapper(record.request.mark) or NO_PID
    return pid


def _may_pass(error: OSError | sqlite3.Error) -> bool:
    """Tell whether the machine only lacks something just now: room on a disk, processes, files."""
    return isinstance(error, sqlite3.Error) or error.errno in _PASSING


def _is_child(pid: int) -> bool:
    """Tell whether the kernel will tell us, or has told us, how it ended."""
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except OSError:
        return False
    return True
