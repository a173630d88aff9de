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
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.admission import Capacity, waits_for
from jupyterlab_batch.engine.arrays import ArrayRun
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

log = logging.getLogger(__name__)

_SAMPLE_SECONDS: Final = 0.5
_TELL_SECONDS: Final = 0.2
_QUEUED_TEXT: Final = "Waiting for earlier jobs."
_NOT_KNOWN: Final = "This machine does not know the job that this one is to wait for."


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
        """In the order in which they came; an array stays as long as tasks of it wait."""
        self._arrays: dict[str, ArrayRun] = {}
        self._telling: set[str] = set()
        self._running: dict[str, Execution] = {}
        self._unwritten: dict[str, JobRecord] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sampler: asyncio.Task[None] | None = None

    def may_leave(self) -> bool:
        """Tell whether nothing runs, nothing waits, and all is written down."""
        self._write()
        return not (self._running or self._waiting or self._arrays or self._unwritten)

    def start(self) -> None:
        """Find again what an earlier supervisor began, then go on with the queue."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)
        for record in self._queue.unfinished():
            if record.request.array is not None:
                self._find_array_again(record)
            elif record.state.phase in {"QUEUED", "HELD"}:
                self._waiting[record.state.native_id] = record
            else:
                self._find_again(record)
        self._admit()

    def submit(self, request: JobRequest) -> JobState | Refusal:
        """Take one job; one whose tag is known is not taken again."""
        known = self._queue.find(request.tag)
        if known is not None:
            return self._current(known).state
        refusal = self._capacity.refusal(request)
        if any(self._queue.find(awaited.tag) is None for awaited in request.awaited):
            refusal = Refusal(message=_NOT_KNOWN, field="spec.depends_on")
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
        if request.array is not None:
            self._arrays[state.native_id] = ArrayRun(record)
        self._publish(state)
        self._admit()
        return state

    def cancel(self, native_id: str, task_indices: list[int] | None = None) -> None:
        """End one job, wherever it is, or some tasks of an array."""
        array = self._arrays.get(native_id)
        if array is not None:
            self._cancel_tasks(array, task_indices)
            return
        record = self._waiting.pop(native_id, None)
        if record is not None:
            state = record.state
            state.phase, state.ended_at = "ABORTED", now()
            state.reason, state.reason_text = "cancelled_by_user", "Cancelled before it started."
            self._changed(record)
            self._admit()
        elif native_id in self._running:
            self._running[native_id].end("cancelled_by_user", "Cancelled.")

    def _cancel_tasks(self, array: ArrayRun, task_indices: list[int] | None) -> None:
        if task_indices is None:
            array.record.ended_by = "cancelled_by_user"
            array.record.state.substate = "cancelling"
            self._changed(array.record)
        else:
            for task in array.cancel_waiting(task_indices):
                self._changed(task)
        for execution in list(self._running.values()):
            task = execution.record
            is_meant = task_indices is None or task.state.index in task_indices
            if task.array_id == array.record.state.native_id and is_meant:
                execution.end("cancelled_by_user", "Cancelled.")
        self._conclude_if_over(array)
        self._admit()

    def hold(self, native_id: str, *, is_held: bool) -> Refusal | None:
        """Keep a job that waits from starting, or let it start again, in its old place."""
        record = self._waiting.get(native_id)
        if record is None or record.state.phase == "EXECUTING":
            text = "It has started already." if self._is_started(native_id) else "It is over."
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
        return [self._whole_state(record) for record in records]

    def _is_started(self, native_id: str) -> bool:
        return native_id in self._running or native_id in self._arrays

    def _whole_state(self, record: JobRecord) -> JobState:
        """Return the state of a job, of an array with all tasks that ever started."""
        state = self._current(record).state
        if record.request.array is None:
            return state
        tasks = {task.state.native_id: task for task in self._queue.tasks(state.native_id)}
        late = [*self._unwritten.values(), *(one.record for one in self._running.values())]
        tasks.update(
            {task.state.native_id: task for task in late if task.array_id == state.native_id}
        )
        return msgspec.structs.replace(state, tasks=[task.state for task in tasks.values()])

    def _current(self, record: JobRecord) -> JobRecord:
        """Return the record that we work on rather than the one that was written down."""
        native_id = record.state.native_id
        if native_id in self._running:
            return self._running[native_id].record
        if native_id in self._arrays:
            return self._arrays[native_id].record
        return self._waiting.get(native_id) or self._unwritten.get(native_id) or record

    def _changed(self, record: JobRecord) -> None:
        """Write down and tell what is new; of tasks at most some times a second."""
        self._unwritten[record.state.native_id] = record
        self._write()
        array = self._arrays.get(record.array_id or record.state.native_id)
        if array is None:
            self._publish(record.state)
        elif record.array_id is None:
            self._publish(array.news())
        else:
            array.note(record)
            self._tell_soon(record.array_id)

    def _tell_soon(self, array_id: str) -> None:
        if array_id not in self._telling:
            self._telling.add(array_id)
            asyncio.get_running_loop().call_later(_TELL_SECONDS, self._tell, array_id)

    def _tell(self, array_id: str) -> None:
        self._telling.discard(array_id)
        if array_id in self._arrays:
            self._publish(self._arrays[array_id].news())

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
            if not _is_ready(record) or native_id not in self._waiting or self._must_wait(record):
                continue
            array = self._arrays.get(native_id)
            if array is None:
                shortage = self._shortage(record)
                if shortage is None:
                    del self._waiting[native_id]
                    self._launch(record)
            else:
                shortage = self._start_tasks(array)
            if shortage is not None:
                self._say_why(record, "resources", shortage)
                return

    def _must_wait(self, record: JobRecord) -> bool:
        """Tell whether a job waits for another one; one that would wait for ever is over."""
        if record.state.phase != "QUEUED":
            return False  # an array of which tasks run: the others are over
        wait = waits_for(record.request.awaited, self._find_current)
        if wait is None:
            return False
        if not wait.is_forever:
            self._say_why(record, "dependency", wait.text)
            return True
        del self._waiting[record.state.native_id]
        state = record.state
        state.phase, state.ended_at = "ERROR", now()
        state.reason, state.reason_text = "dependency", wait.text
        self._changed(record)
        self._arrays.pop(state.native_id, None)
        asyncio.get_running_loop().call_soon(self._admit)  # others may wait for this one
        return True

    def _find_current(self, tag: str) -> JobRecord | None:
        record = self._queue.find(tag)
        return None if record is None else self._current(record)

    def _say_why(self, record: JobRecord, reason: ReasonCode, text: str) -> None:
        state = record.state
        if state.phase == "QUEUED" and state.reason_text != text:
            state.reason, state.reason_text = reason, text
            self._changed(record)

    def _start_tasks(self, array: ArrayRun) -> str | None:
        """Start as many tasks as may run now; say what the next one waits for."""
        record, shortage = array.record, None
        while array.may_start_one and shortage is None:
            task = array.next_task()
            shortage = self._shortage(task)
            if shortage is None:
                if record.state.phase == "QUEUED":
                    record.state.phase, record.state.started_at = "EXECUTING", now()
                    record.state.reason, record.state.reason_text = None, None
                    self._changed(record)
                self._launch(task)
        if not array.has_waiting:
            self._waiting.pop(record.state.native_id, None)
        self._conclude_if_over(array)
        return shortage

    def _conclude_if_over(self, array: ArrayRun) -> None:
        native_id = array.record.state.native_id
        if native_id not in self._arrays or not array.is_over:
            return
        self._waiting.pop(native_id, None)
        array.conclude()
        array.record.state.substate, array.record.state.ended_at = None, now()
        self._changed(array.record)
        del self._arrays[native_id]

    def _shortage(self, record: JobRecord) -> str | None:
        return self._capacity.shortage(record.request, self._running_records())

    def _running_records(self) -> list[JobRecord]:
        return [execution.record for execution in self._running.values()]

    def _launch(self, record: JobRecord) -> None:
        state = record.state
        state.phase, state.substate, state.started_at = "EXECUTING", None, now()
        state.reason, state.reason_text = None, None
        record.gpus = self._capacity.free_gpus(self._running_records())[: record.request.gpus]
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
        task = execution.record
        del self._running[task.state.native_id]
        if task.array_id is not None:
            self._conclude_if_over(self._arrays[task.array_id])
        self._admit()

    def _find_array_again(self, record: JobRecord) -> None:
        native_id = record.state.native_id
        tasks = self._queue.tasks(native_id)
        array = self._arrays[native_id] = ArrayRun(record, tasks)
        if array.has_waiting:
            self._waiting[native_id] = record
        for task in tasks:
            if not is_final(task.state.phase):
                self._find_again(task)
        self._conclude_if_over(array)

    def _find_again(self, record: JobRecord) -> None:
        """Take over a job that an earlier supervisor started, or was about to start."""
        if record.wrapper_pid is None:
            record.wrapper_pid = find_wrapper(record.request.mark)
            if record.wrapper_pid is not None:
                record.wrapper_ticks = started_ticks(record.wrapper_pid)
            elif (Path(record.request.run_directory) / "claim").exists():
                record.wrapper_pid = NO_PID
            elif record.array_id is not None:
                self._launch(record)
                return
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
    return record.state.phase in {"QUEUED", "EXECUTING"}
