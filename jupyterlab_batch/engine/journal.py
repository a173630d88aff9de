"""What is known of every job now: in memory, written down, and told to whoever listens."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.arrays import ArrayRun
from jupyterlab_batch.engine.protocol import JobState
from jupyterlab_batch.engine.queue import JobQueue, JobRecord

log = logging.getLogger(__name__)

_TELL_SECONDS: Final = 0.2


class Journal:
    """The records of all jobs, and of the tasks of arrays that ever started.

    Parameters
    ----------
    publish
        Called with every state that changed.
    """

    def __init__(self, queue: JobQueue, publish: Callable[[JobState], None]) -> None:
        self._queue = queue
        self._publish = publish
        self._live: dict[str, JobRecord] = {}
        """By tag: what is worked on. Its record in the queue may be older."""
        self._unwritten: dict[str, JobRecord] = {}
        self._telling: set[ArrayRun] = set()

    def unfinished(self) -> list[JobRecord]:
        """Return the jobs that are not over, oldest first; they are worked on from now on."""
        records = self._queue.unfinished()
        self._live.update({record.request.tag: record for record in records})
        return records

    def tasks(self, array_id: str) -> list[JobRecord]:
        """Return the tasks of an array that ever started or were cancelled.

        Those that are not over are worked on from now on.
        """
        tasks = self._queue.tasks(array_id)
        self._live.update(
            {task.request.tag: task for task in tasks if not is_final(task.state.phase)}
        )
        return tasks

    def find(self, tag: str) -> JobRecord | None:
        """Return the job of a tag as it is now."""
        return self._live.get(tag) or self._queue.find(tag)

    def states(self, native_ids: list[str]) -> list[JobState]:
        """Return some jobs, arrays with their tasks; those not known are left out."""
        found = map(self._queue.get, native_ids)
        records = (self._live.get(one.request.tag, one) for one in found if one is not None)
        return [self._whole_state(record) for record in records]

    def write_first(self, record: JobRecord) -> None:
        """Write down what must be known to a successor before it happens.

        Raises
        ------
        sqlite3.Error
            It is not written.
        """
        self._queue.put(record)
        self._live[record.request.tag] = record

    def put_back(self, record: JobRecord) -> None:
        """Write down that a job was not started after all."""
        record.gpus = None
        record.state.phase, record.state.started_at = "QUEUED", None
        self._live[record.request.tag] = self._unwritten[record.request.tag] = record
        self.write()

    def changed(self, array: ArrayRun | None, *records: JobRecord) -> None:
        """Write down and tell what is new; of tasks, some times a second at most.

        Parameters
        ----------
        array
            The array that the record is of, or of tasks of which the records are.
        """
        for record in records:
            self._live[record.request.tag] = self._unwritten[record.request.tag] = record
        self.write()
        if array is None:
            for record in records:
                self._publish(record.state)
        elif records[0] is array.record:
            self._publish(array.news())
        elif array not in self._telling:
            self._telling.add(array)
            asyncio.get_running_loop().call_later(_TELL_SECONDS, self._tell, array)

    def write(self) -> bool:
        """Write down what changed; what a full disk refuses is remembered, and tried again.

        Returns
        -------
        Whether all is written.
        """
        try:
            self._queue.put(*self._unwritten.values())
        except sqlite3.Error as error:
            log.warning("%d states could not be written: %s", len(self._unwritten), error)
            return False
        for tag, record in self._unwritten.items():
            if is_final(record.state.phase):
                self._live.pop(tag, None)
        self._unwritten.clear()
        return True

    def _tell(self, array: ArrayRun) -> None:
        self._telling.discard(array)
        if array.has_news:
            self._publish(array.news())

    def _whole_state(self, record: JobRecord) -> JobState:
        """Return the state of a job, of an array with all tasks that ever started."""
        if record.request.array is None:
            return record.state
        array_id = record.state.native_id
        tasks = {state.index: state for state in self._queue.task_states(array_id)}
        late = (task.state for task in self._live.values() if task.array_id == array_id)
        tasks.update({state.index: state for state in late})
        return msgspec.structs.replace(record.state, tasks=list(tasks.values()))
