"""The supervisor: one per user, host and boot. It owns the queue and starts what is in it.

It is started on demand, detached from the Jupyter server, and leaves when it has nothing to do.
A supervisor that was killed is followed by one that finds its jobs again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyterlab_batch.engine.execution import Execution, exit_of_child, now, start_wrapper
from jupyterlab_batch.engine.processes import (
    NO_PID,
    ProcessTable,
    end_orphans,
    find_wrapper,
    started_ticks,
)
from jupyterlab_batch.engine.protocol import JobRequest, JobState, Refusal
from jupyterlab_batch.engine.queue import JobQueue, JobRecord
from jupyterlab_batch.engine.wording import cores, memory

log = logging.getLogger(__name__)

_SAMPLE_SECONDS: Final = 0.5
_QUEUED_TEXT: Final = "Waiting for earlier jobs."


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What jobs may use together, and how they are ended."""

    cores: int
    memory_bytes: int
    grace_seconds: float


class Supervisor:
    """Queue, admission and running jobs.

    Parameters
    ----------
    publish
        Called with every state that changed.
    """

    def __init__(
        self, queue: JobQueue, capacity: Capacity, publish: Callable[[JobState], None]
    ) -> None:
        self._queue = queue
        self._capacity = capacity
        self._publish = publish
        self._table = ProcessTable()
        self._waiting: dict[str, JobRecord] = {}
        self._running: dict[str, Execution] = {}
        self._unwritten: dict[str, JobRecord] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sampler: asyncio.Task[None] | None = None

    def may_leave(self) -> bool:
        """Tell whether nothing runs, nothing waits, and all is written down."""
        self._write()
        return not (self._running or self._waiting or self._unwritten)

    def start(self) -> None:
        """Find again what an earlier supervisor began, then go on with the queue."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)
        for record in self._queue.unfinished():
            if record.state.phase in {"QUEUED", "HELD"}:
                self._waiting[record.state.native_id] = record
            else:
                self._find_again(record)
        self._admit()

    def submit(self, request: JobRequest) -> JobState | Refusal:
        """Take one job; one whose tag is known is not taken again."""
        known = self._queue.find(request.tag)
        if known is not None:
            return self._current(known).state
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        state = JobState(native_id=self._queue.new_native_id(), tag=request.tag, submitted_at=now())
        record = JobRecord(request=request, state=state)
        self._line_up(record)
        try:
            self._queue.put(record)
        except sqlite3.Error as error:
            return Refusal(message=f"The job was not taken, it cannot be written down: {error}.")
        self._waiting[state.native_id] = record
        self._publish(state)
        self._admit()
        return state

    def cancel(self, native_id: str) -> None:
        """End one job, wherever it is."""
        record = self._waiting.pop(native_id, None)
        if record is not None:
            state = record.state
            state.phase, state.ended_at = "ABORTED", now()
            state.reason, state.reason_text = "cancelled_by_user", "Cancelled before it started."
            self._changed(record)
            self._admit()
        elif native_id in self._running:
            self._running[native_id].end("cancelled_by_user", "Cancelled.")

    def hold(self, native_id: str, *, is_held: bool) -> Refusal | None:
        """Keep a job that waits from starting, or let it start again, in its old place."""
        record = self._waiting.get(native_id)
        if record is None:
            text = "It has started already." if native_id in self._running else "It is over."
            return Refusal(message=text) if is_held else None
        record.state.phase = "HELD" if is_held else "QUEUED"
        self._line_up(record)
        self._changed(record)
        self._admit()
        return None

    def find(self, tag: str) -> list[JobState]:
        """Return the job of a tag, if there is one."""
        record = self._queue.find(tag)
        return [] if record is None else [self._current(record).state]

    def list_jobs(self, native_ids: list[str] | None) -> list[JobState]:
        """Return some jobs, or all; those not known are left out."""
        if native_ids is None:
            records = self._queue.all()
        else:
            found = (self._queue.get(native_id) for native_id in native_ids)
            records = [record for record in found if record is not None]
        return [self._current(record).state for record in records]

    def _current(self, record: JobRecord) -> JobRecord:
        """Return the record that we work on rather than the one that was written down."""
        native_id = record.state.native_id
        if native_id in self._running:
            return self._running[native_id].record
        return self._waiting.get(native_id) or self._unwritten.get(native_id) or record

    def _refusal(self, request: JobRequest) -> Refusal | None:
        capacity = self._capacity
        if request.cores > capacity.cores:
            text = (
                f"This server has {cores(capacity.cores)} for jobs; {request.cores} can never run."
            )
            return Refusal(message=text, field="spec.resources.cores")
        if request.memory_bytes > capacity.memory_bytes:
            has, asked = memory(capacity.memory_bytes), memory(request.memory_bytes)
            text = f"This server has {has} of memory for jobs; {asked} can never run."
            return Refusal(message=text, field="spec.resources.memory_bytes")
        return None

    def _changed(self, record: JobRecord) -> None:
        self._unwritten[record.state.native_id] = record
        self._write()
        self._publish(record.state)

    def _write(self) -> None:
        """Write down what changed; on a full disk it is remembered, and tried again later."""
        try:
            for native_id, record in list(self._unwritten.items()):
                self._queue.put(record)
                del self._unwritten[native_id]
        except sqlite3.Error as error:
            log.warning("%d states could not be written: %s", len(self._unwritten), error)

    def _line_up(self, record: JobRecord) -> None:
        """Say why a job waits, before it is known whether there is room for it."""
        state = record.state
        state.reason, state.reason_text = None, None
        if state.phase == "HELD":
            state.reason, state.reason_text = "held_by_user", "Held by you."
        elif any(map(_is_ready, self._waiting.values())):
            state.reason, state.reason_text = "priority", _QUEUED_TEXT

    def _admit(self) -> None:
        """Start jobs in the order in which they came, as long as the first that may start fits."""
        for native_id, record in list(self._waiting.items()):
            if not _is_ready(record):
                continue
            shortage = self._shortage(record.request)
            if shortage is None:
                del self._waiting[native_id]
                self._launch(record)
                continue
            if record.state.reason_text != shortage:
                record.state.reason, record.state.reason_text = "resources", shortage
                self._changed(record)
            return

    def _shortage(self, request: JobRequest) -> str | None:
        """Say what a job waits for; ``None`` if there is room for it."""
        running = [execution.record.request for execution in self._running.values()]
        free_cores = self._capacity.cores - sum(job.cores for job in running)
        free_memory = self._capacity.memory_bytes - sum(job.memory_bytes for job in running)
        if not running:
            # What is larger than a machine that has shrunk since would wait for ever.
            return None
        if request.cores > free_cores:
            return f"Waiting for {request.cores} free {'core' if request.cores == 1 else 'cores'}."
        if request.memory_bytes > free_memory:
            return f"Waiting for {memory(request.memory_bytes)} of free memory."
        return None

    def _launch(self, record: JobRecord) -> None:
        state = record.state
        state.phase, state.substate, state.started_at = "EXECUTING", None, now()
        state.reason, state.reason_text = None, None
        try:
            self._queue.put(record)  # first: a successor must know that there may be one
            record.wrapper_pid = start_wrapper(record)
        except (OSError, sqlite3.Error) as error:
            state.phase, state.ended_at = "ERROR", now()
            state.reason = "launch_failed"
            why = getattr(error, "strerror", None) or error
            state.reason_text = f"The job could not be started: {why}."
            self._changed(record)
            return
        record.wrapper_ticks = started_ticks(record.wrapper_pid)
        self._changed(record)
        self._attach(record)

    def _attach(self, record: JobRecord) -> Execution:
        execution = Execution(
            record,
            table=self._table,
            grace_seconds=self._capacity.grace_seconds,
            tell=self._changed,
        )
        self._running[record.state.native_id] = execution
        task = asyncio.create_task(self._see_through(execution))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._sampler is None:
            self._sampler = asyncio.create_task(self._sample())
        return execution

    async def _see_through(self, execution: Execution) -> None:
        await execution.wait()
        if len(self._running) == 1:
            end_orphans()
        execution.conclude()
        del self._running[execution.record.state.native_id]
        self._admit()

    def _find_again(self, record: JobRecord) -> None:
        """Take over a job that an earlier supervisor started, or was about to start."""
        if record.wrapper_pid is None:
            record.wrapper_pid = find_wrapper(record.request.job_id)
            if record.wrapper_pid is not None:
                record.wrapper_ticks = started_ticks(record.wrapper_pid)
            elif (Path(record.request.run_directory) / "claim").exists():
                record.wrapper_pid = NO_PID
            else:
                record.state.phase, record.state.started_at = "QUEUED", None
                self._waiting[record.state.native_id] = record
                return
        execution = self._attach(record)
        if not execution.is_attached():
            execution.vanished()
            return
        with contextlib.suppress(OSError, AttributeError):  # without it the sampler will see
            descriptor = os.pidfd_open(execution.wrapper_pid)
            self._watch_descriptor(descriptor, execution)

    def _watch_descriptor(self, descriptor: int, execution: Execution) -> None:
        loop = asyncio.get_running_loop()

        def ended() -> None:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            execution.vanished()

        loop.add_reader(descriptor, ended)

    def _reap(self) -> None:
        """Take leave of children: wrappers, and what jobs left behind to us."""
        wrappers = {execution.wrapper_pid: execution for execution in self._running.values()}
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in wrappers:
                    wrappers[pid].exited(exit_of_child(status, usage))

    async def _sample(self) -> None:
        """Measure running jobs, as long as there are any."""
        while self._running:
            seen = self._table.look()
            for execution in list(self._running.values()):
                if execution.is_attached():
                    execution.sample(seen)
                elif not self._is_child(execution):
                    execution.vanished()
            await asyncio.sleep(_SAMPLE_SECONDS)
        self._sampler = None

    @staticmethod
    def _is_child(execution: Execution) -> bool:
        """Tell whether the kernel will tell us, or has told us, how it ended."""
        try:
            os.waitid(os.P_PID, execution.wrapper_pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except OSError:
            return False
        return True


def _is_ready(record: JobRecord) -> bool:
    """Tell whether a job that waits may start as soon as there is room."""
    return record.state.phase == "QUEUED"
