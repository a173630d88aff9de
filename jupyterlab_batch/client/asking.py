"""What the user asks of a job that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.events import list_events
from jupyterlab_batch.client.files import list_files
from jupyterlab_batch.client.generated import Record
from jupyterlab_batch.client.log import JobLog, read_log
from jupyterlab_batch.client.tasks import list_tasks

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import JobEvent, JobFile, LogStream, Phase, Task
    from jupyterlab_batch.client.listing import Listing
    from jupyterlab_batch.client.transport import Transport


class AskingJob:
    """The part of a job that tells more than its row; all raise `BatchError`."""

    _transport: Transport

    @property
    def id(self) -> str:
        """Ours, not the batch system's."""
        raise NotImplementedError

    def log(
        self, stream: LogStream = "stdout", tail: int | None = None, *, task: int | None = None
    ) -> JobLog:
        """Return what it has written so far.

        Parameters
        ----------
        stream
            ``stdout`` or ``stderr``.
        tail
            At most so many lines, from the end. Without it all, but never more than the last
            1 MiB; ``skipped_bytes`` of the answer says what was left out.
        task
            Of an array: the index of one of its tasks.
        """
        return read_log(self._transport, self.id, stream=stream, tail=tail, task=task)

    def tasks(self, phase: Phase | None = None, limit: int = 50, offset: int = 0) -> Listing[Task]:
        """Return tasks of an array, in the order of their indices.

        Parameters
        ----------
        phase
            Only those of it: ``"ERROR"`` for those that failed; None for all.
        limit, offset
            At most so many, after so many.
        """
        return list_tasks(self._transport, self.id, phase=phase, limit=limit, offset=offset)

    def files(self, folder: str = "", limit: int = 50, offset: int = 0) -> Listing[JobFile]:
        """Return what lies in its run directory: folders first, then by name.

        The run directory itself is ``detail.run_directory``; what the job is to leave, wherever
        that is, are its `outputs`.

        Parameters
        ----------
        folder
            Below the run directory, such as ``"tasks/7"``; by default the run directory itself.
        limit, offset
            At most so many, after so many.
        """
        return list_files(self._transport, self.id, folder=folder, limit=limit, offset=offset)

    def events(self) -> Listing[JobEvent]:
        """Return when it came into which phase and why, oldest first; at most the last 1,000."""
        return list_events(self._transport, self.id)

    def record(self) -> Record:
        """Return its provenance: spec, code version, environment, times and usage.

        ``record.code`` is the git folder as it was when the job was submitted (None if there was
        none), ``record.environment`` what its Python could import when it started (None if no
        Python that is known ran it). No secret is in it.
        """
        return self._transport.request("GET", f"jobs/{self.id}/record").decode(Record)
