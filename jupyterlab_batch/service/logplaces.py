"""Where the logs of a job are: in its run directory, or where its user wants them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.domain.asked import log_paths_of
from jupyterlab_batch.domain.generated import LogStream
from jupyterlab_batch.domain.problems import NotFound
from jupyterlab_batch.engine.jobfile import decode_job
from jupyterlab_batch.engine.outputs import INDEX, NATIVE_ID
from jupyterlab_batch.engine.regularfile import open_regular
from jupyterlab_batch.engine.status import read_own_file
from jupyterlab_batch.service.ownfiles import open_own
from jupyterlab_batch.store.records import JobRecord

_NAMES: Final[dict[LogStream, str]] = {"stdout": "stdout.log", "stderr": "stderr.log"}


class LogPlace(msgspec.Struct, frozen=True):
    """One log of a job, or of a task."""

    directory: Path
    """The run directory."""
    stream: LogStream
    task: int | None
    name: str | None
    """Where its user wants it, as he wrote it."""
    native_id: str | None
    """Of the job."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The way to it in the run directory, if it is there."""
        folder = () if self.task is None else ("tasks", str(self.task))
        return (*folder, _NAMES[self.stream])


def log_place(record: JobRecord, stream: LogStream, task: int | None) -> LogPlace:
    """Return where a log is.

    Raises
    ------
    NotFound
        There is no such task.
    """
    array = array_of(record.spec)
    if array is None and task is not None:
        raise NotFound("This job is no array: it has no tasks.", field="task")
    if array is not None and task is None:
        raise NotFound("This job is an array: say of which task.", field="task")
    if array is not None and task not in task_indices(array):
        raise NotFound("This array has no such task.", field="task")
    name = log_paths_of(record.spec).get(stream)
    return LogPlace(Path(record.run_directory), stream, task, name, record.native_id)


@contextmanager
def open_log(place: LogPlace) -> Iterator[tuple[str, int, os.stat_result]]:
    """Open a log, whatever was put in its place: a regular file of the user's own, or nothing.

    One that is named and not there (yet) may have words of the wrapper in the run directory, such
    as why it could not be made. Blocks.

    Yields
    ------
    Its name, its descriptor, which is closed at the end, and what it is.

    Raises
    ------
    FileNotFoundError
    OSError
        There is something else in its place, or it may not be read.
    """
    path = named_path(place)
    if path is not None and os.path.lexists(path):
        with open_regular(path, follow_links=False) as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.getuid():
                raise OSError("it belongs to somebody else")
            yield path.name, file.fileno(), status
        return
    with open_own(place.directory, place.parts) as (descriptor, status):
        yield place.parts[-1], descriptor, status


def log_paths(record: JobRecord) -> dict[LogStream, Path]:
    """Return where the logs are of a job, or will be, with `INDEX` for that of a task. Blocks."""
    folder = Path(record.run_directory)
    if array_of(record.spec) is not None:
        folder = folder / "tasks" / INDEX
    names = log_paths_of(record.spec)
    places = [
        LogPlace(Path(record.run_directory), stream, None, names.get(stream), record.native_id)
        for stream in _NAMES
    ]
    return {place.stream: named_path(place) or folder / _NAMES[place.stream] for place in places}


def named_path(place: LogPlace) -> Path | None:
    """Return where the user wants a log; ``None`` if nothing tells, or he wants it nowhere else.

    Blocks.
    """
    if place.name is None:
        return None
    path = str(Path(place.name))
    if not path.startswith("/"):
        # The job can write this file: it says where the name goes on, and never another name.
        job = decode_job(read_own_file(place.directory / "job.json") or b"")
        told = "" if job is None else job.logs.get(place.stream, "")
        if not (told.startswith("/") and told.endswith(f"/{path}")):
            return None
        path = told
    if NATIVE_ID in path:
        if place.native_id is None:
            return None
        path = path.replace(NATIVE_ID, place.native_id)
    return Path(path if place.task is None else path.replace(INDEX, str(place.task)))
