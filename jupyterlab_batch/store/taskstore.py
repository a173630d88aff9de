"""What the server remembers of the tasks of arrays."""

from __future__ import annotations

from collections.abc import Sequence

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.store import arrays, taskorder, tasks, taskuse
from jupyterlab_batch.store.arrays import ArrayChange, TaskMerge
from jupyterlab_batch.store.database import Database
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.taskorder import TaskQuery, TaskSet, TaskWindow
from jupyterlab_batch.store.tasks import TaskRecord
from jupyterlab_batch.store.taskuse import FailedTask, UsedTask


class TaskStore:
    """The part of a store that knows the tasks of arrays."""

    _database: Database

    async def update_array(
        self, job_id: str, indices: Sequence[int], merge: TaskMerge, change: ArrayChange
    ) -> JobRecord | None:
        """Change some tasks of an array, then the array by what its tasks add up to then.

        Parameters
        ----------
        indices
            Of the tasks that ``merge`` needs to know.
        """
        return await self._database.write(
            lambda c: arrays.update(c, job_id, indices, merge, change)
        )

    async def tasks(self, job_id: str, indices: Sequence[int]) -> dict[int, TaskRecord]:
        """Return those of some tasks of an array that have a row, by index."""
        return await self._database.read(lambda c: tasks.find(c, job_id, indices))

    async def unfinished_tasks(self, job_id: str) -> list[int]:
        """Return the indices of tasks that started and are not known to be over."""
        return await self._database.read(lambda c: tasks.unfinished(c, job_id))

    async def task_phases(self, job_id: str) -> dict[int, Phase]:
        """Return the phases of all tasks of an array that have a row, by index."""
        return await self._database.read(lambda c: tasks.phases(c, job_id))

    async def task_window(self, everything: TaskSet, asked: TaskQuery) -> TaskWindow:
        """Return which tasks of an array a query shows."""
        return await self._database.read(lambda c: taskorder.window(c, everything, asked))

    async def failed_tasks(self, job_id: str) -> list[FailedTask]:
        """Return the tasks of an array that failed, in the order of their indices."""
        return await self._database.read(lambda c: taskuse.failed(c, job_id))

    async def used_tasks(self, job_id: str) -> list[UsedTask]:
        """Return what the tasks of an array used that ran and are over."""
        return await self._database.read(lambda c: taskuse.used(c, job_id))
