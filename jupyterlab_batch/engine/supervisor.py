"""The supervisor: one per user, host and boot. It owns the queue and starts what is in it.

It is started on demand, detached from the Jupyter server, and leaves when it has nothing to do.
A supervisor that was killed is followed by one that finds its jobs again.

What becomes of a job, file by file: it is taken here and written down (`journal`, which keeps the
`queue`), waits until `admission` finds room and what it waits for is over, is started by `running`,
and seen through to its end by an `execution`. `arrays` has what is different for tasks.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Final

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.admission import Capacity, waits_for
from jupyterlab_batch.engine.arrays import ArrayRun
from jupyterlab_batch.engine.clusterrequest import WorkersOrder
from jupyterlab_batch.engine.journal import Journal
from jupyterlab_batch.engine.protocol import JobRequest, JobState, Refusal
from jupyterlab_batch.engine.queue import JobQueue, JobRecord, now
from jupyterlab_batch.engine.resize import resize
from jupyterlab_batch.engine.running import Running

_BEHIND: Final = "Waiting for earlier jobs."
_NOT_KNOWN: Final = "This machine does not know the job that this one is to wait for."
_AGAIN_SECONDS: Final = 2.0
_NEVER_STARTED: Final = "Cancelled before it started."


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
        self._journal = Journal(queue, publish)
        self._running = Running(
            self._journal, capacity, changed=self._changed, ended=self._on_ended
        )
        self._waiting: dict[str, JobRecord] = {}
        """In the order in which they came; an array stays as long as tasks of it wait."""
        self._arrays: dict[str, ArrayRun] = {}
        self._again: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Find again what an earlier supervisor began, then go on with the queue."""
        self._running.start()
        for record in self._journal.unfinished():
            native_id = record.state.native_id
            if record.request.array is not None:
                self._find_array_again(record)
            elif record.state.phase in {"QUEUED", "HELD"}:
                self._waiting[native_id] = record
            elif not self._running.find_again(record):
                self._journal.put_back(record)
                self._waiting[native_id] = record
        self._admit()

    def may_leave(self) -> bool:
        """Tell whether nothing runs, nothing waits, and all is written down."""
        is_busy = self._running.records() or self._waiting or self._arrays
        return self._journal.write() and not is_busy

    def submit(self, request: JobRequest) -> JobState | Refusal:
        """Take one job; one whose tag is known is not taken again."""
        known = self._journal.find(request.tag)
        if known is not None:
            return known.state
        refusal = self._capacity.refusal(request)
        if refusal is not None:
            return refusal
        if any(self._journal.find(awaited.tag) is None for awaited in request.awaited):
            return Refusal(message=_NOT_KNOWN, field="spec.depends_on")
        native_id = self._queue.new_native_id()
        state = JobState(native_id=native_id, tag=request.tag, submitted_at=now())
        record = JobRecord(request=request, state=state)
        try:
            self._journal.write_first(record)
        except sqlite3.Error as error:
            return Refusal(message=f"The job was not taken, it cannot be written down: {error}.")
        self._waiting[native_id] = record
        if request.array is not None:
            self._arrays[native_id] = ArrayRun(record)
        self._admit()
        return state

    def cancel(self, native_id: str, task_indices: list[int] | None = None) -> None:
        """End one job, wherever it is, or some tasks of an array."""
        array = self._arrays.get(native_id)
        if array is not None:
            self._cancel_tasks(array, task_indices)
        elif native_id in self._waiting:
            record = self._waiting.pop(native_id)
            record.conclude("ABORTED", "cancelled_by_user", _NEVER_STARTED)
            self._changed(record)
        else:
            self._running.cancel(native_id)
        self._admit()

    def hold(self, native_id: str, *, is_held: bool) -> Refusal | None:
        """Keep a job that waits from starting, or let it start again, in its old place."""
        record = self._waiting.get(native_id)
        if record is None or record.state.phase == "EXECUTING":
            has_begun = native_id in self._arrays or self._running.has(native_id)
            text = "It has started already." if has_begun else "It is over."
            return Refusal(message=text) if is_held else None
        state = record.state
        if is_held:
            state.phase, state.reason, state.reason_text = "HELD", "held_by_user", "Held by you."
        else:
            state.phase, state.reason, state.reason_text = "QUEUED", None, None
        self._changed(record)
        self._admit()
        return None

    def scale(self, native_id: str, order: WorkersOrder) -> WorkersOrder | Refusal:
        """Want another number of workers of a cluster; return what there is room for."""
        record = self._waiting.get(native_id) or self._running.find(native_id)
        running = [one for one in self._running.records() if one is not record]
        is_waiting = native_id in self._waiting
        answer = resize(record, order, self._capacity, [] if is_waiting else running)
        if record is not None and not isinstance(answer, Refusal):
            self._changed(record)
            self._admit()
        return answer

    def find(self, tag: str) -> list[JobState]:
        """Return the job of a tag, if there is one."""
        record = self._journal.find(tag)
        return [] if record is None else [record.state]

    def list_jobs(self, native_ids: list[str]) -> list[JobState]:
        """Return some jobs, arrays with their tasks; those not known are left out."""
        return self._journal.states(native_ids)

    def _admit(self) -> None:
        """Start jobs in the order in which they came, as long as the first that may start fits.

        One that is held, or waits for others, lets those behind it pass. What it waits for came
        before it, so one round is enough for a chain of them.
        """
        is_full = False
        for record in list(self._waiting.values()):
            if record.state.phase == "HELD" or self._must_wait(record):
                continue
            if is_full:
                self._say_why(record, "priority", _BEHIND)
                continue
            shortage = self._start(record)
            if shortage is not None:
                self._say_why(record, "resources", shortage)
                is_full = True

    def _must_wait(self, record: JobRecord) -> bool:
        """Tell whether a job waits for another one; one that would wait for ever is over."""
        if not record.request.awaited or record.state.phase == "EXECUTING":
            return False  # tasks of it run: what it waited for is over
        wait = waits_for(record.request.awaited, self._journal.find)
        if wait is None:
            return False
        if wait.is_forever:
            del self._waiting[record.state.native_id]
            record.conclude("ERROR", "dependency", wait.text)
            self._changed(record)
            self._arrays.pop(record.state.native_id, None)
        else:
            self._say_why(record, "dependency", wait.text)
        return True

    def _start(self, record: JobRecord) -> str | None:
        """Start a job, or as many tasks as may run now; say what is missing for the next one."""
        native_id = record.state.native_id
        array = self._arrays.get(native_id)
        if array is not None:
            return self._start_tasks(array)
        shortage = self._launch(record)
        if shortage is None:
            del self._waiting[native_id]
        return shortage

    def _start_tasks(self, array: ArrayRun) -> str | None:
        shortage = None
        while array.may_start_one and shortage is None:
            task = array.next_task()
            shortage = self._launch(task)
            if shortage is None:
                self._begin(array)
            if is_final(task.state.phase):  # if one cannot be started, thousands cannot
                asyncio.get_running_loop().call_soon(self._admit)
                break
        if not array.has_waiting:
            self._waiting.pop(array.record.state.native_id, None)
        self._conclude_if_over(array)
        return shortage

    def _begin(self, array: ArrayRun) -> None:
        state = array.record.state
        if state.phase == "QUEUED":
            state.phase, state.started_at = "EXECUTING", now()
            state.reason, state.reason_text = None, None
            self._changed(array.record)

    def _launch(self, record: JobRecord) -> str | None:
        """Start a job or a task if there is room for it; else say what is missing."""
        shortage = self._capacity.shortage(record.request, self._running.records())
        if shortage is None:
            shortage = self._running.launch(record)
            if shortage is not None and self._again is None:
                loop = asyncio.get_running_loop()
                self._again = loop.call_later(_AGAIN_SECONDS, self._admit_again)
        return shortage

    def _admit_again(self) -> None:
        self._again = None
        self._admit()

    def _say_why(self, record: JobRecord, reason: ReasonCode, text: str) -> None:
        state = record.state
        if state.phase == "QUEUED" and state.reason_text != text:
            state.reason, state.reason_text = reason, text
            self._changed(record)

    def _cancel_tasks(self, array: ArrayRun, task_indices: list[int] | None) -> None:
        chosen = None if task_indices is None else set(task_indices)
        if chosen is None:
            array.record.ended_by = "cancelled_by_user"
            array.record.state.substate = "cancelling"
            self._changed(array.record)
        else:
            self._changed(*array.cancel_waiting(chosen, _NEVER_STARTED))
        for task in self._running.records():
            is_chosen = chosen is None or task.state.index in chosen
            if task.array_id == array.record.state.native_id and is_chosen:
                self._running.cancel(task.state.native_id)
        self._conclude_if_over(array)

    def _find_array_again(self, record: JobRecord) -> None:
        native_id = record.state.native_id
        known = []
        for task in self._journal.tasks(native_id):
            if is_final(task.state.phase) or self._running.find_again(task):
                known.append(task)
            else:
                self._journal.put_back(task)
        array = self._arrays[native_id] = ArrayRun(record, known)
        if array.has_waiting:
            self._waiting[native_id] = record
        if known:
            self._begin(array)
        if record.ended_by is not None:
            self._cancel_tasks(array, None)
        self._conclude_if_over(array)

    def _conclude_if_over(self, array: ArrayRun) -> None:
        native_id = array.record.state.native_id
        if native_id in self._arrays and array.is_over:
            self._waiting.pop(native_id, None)
            array.conclude()
            self._changed(array.record)
            del self._arrays[native_id]

    def _changed(self, *records: JobRecord) -> None:
        """Take note of a job, or of tasks of one array."""
        array = None
        for record in records:
            array = self._arrays.get(record.array_id or record.state.native_id)
            if array is not None and record.array_id is not None:
                array.note(record)
        self._journal.changed(array, *records)

    def _on_ended(self, record: JobRecord) -> None:
        if record.array_id is not None:
            self._conclude_if_over(self._arrays[record.array_id])
        self._admit()
