"""What a job is to leave: its executed notebook, and the files that its user names."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from jupyterlab_batch.domain.arrays import array_of
from jupyterlab_batch.domain.asked import log_paths_of, output_names_of
from jupyterlab_batch.domain.generated import JobSpec, LogStream, NotebookTask

MOST_FILES: Final = 500
"""So many files of one name with ``*`` are listed."""
MOST_COUNTED: Final = 10_000
"""So many files of all names together are counted; the front end says that there may be more."""
INDEX: Final = "{index}"
"""Stands for the index of a task in the path of a log."""
NATIVE_ID: Final = "{native_id}"
"""Stands there for the id that the batch system gives the job; of a task, for that of its array."""
_ESCAPED: Final = re.compile(r"\[([*?[])\]")


def resolve_path(path: str, root_dir: Path) -> Path:
    """Return the absolute path of a contents path, or of one that is absolute already."""
    return root_dir / path


def notebook_path(
    spec: JobSpec, root_dir: Path, there: Callable[[Path], Path] = lambda path: path
) -> str:
    """Return where the executed notebook goes: absolute, or in the folder of the job or task."""
    if not isinstance(spec.task, NotebookTask):
        return ""
    if spec.task.output_path:
        return str(there(resolve_path(spec.task.output_path, root_dir)))
    return f"{Path(spec.task.path).stem}-output.ipynb"


def notebooks_of(spec: JobSpec, directory: Path, root_dir: Path) -> tuple[Path, ...]:
    """Return the executed notebook of a single job; tasks are too many to be looked at."""
    if not isinstance(spec.task, NotebookTask) or array_of(spec) is not None:
        return ()
    return (directory / notebook_path(spec, root_dir),)


def named_logs(spec: JobSpec, working_directory: Path) -> dict[LogStream, str]:
    """Return where the logs are to be that a user names, absolute, with what stands for more."""
    return {stream: str(working_directory / path) for stream, path in log_paths_of(spec).items()}


def named_outputs(spec: JobSpec, working_directory: Path) -> tuple[str, ...]:
    """Return the files that a user names, absolute, as `found` takes them."""
    return tuple(_absolute(name, working_directory) for name in output_names_of(spec))


def _absolute(name: str, folder: Path) -> str:
    if stands_for_many(name) and not os.path.isabs(name):  # noqa: PTH117 -- a Path has no pattern
        return f"{glob.escape(str(folder))}/{name}"
    return str(folder / name)


def stands_for_many(name: str) -> bool:
    """Tell whether ``*``, ``?`` or ``[`` is in a name."""
    return glob.has_magic(name)


def found(name: str) -> list[str]:
    """Return the files that are there of an absolute name, in order, `MOST_FILES` at most. Blocks.

    ``*`` stands for any part of one name, never for a folder: a tree could be endless.
    """
    return sorted(islice(_each(name), MOST_FILES))


def count_found(names: Iterable[str]) -> int:
    """Return how many files are there of absolute names, `MOST_COUNTED` at most. Blocks."""
    there = chain.from_iterable(map(_each, names))
    return sum(1 for _ in islice(there, MOST_COUNTED))


def _each(name: str) -> Iterator[str]:
    if _is_file(name):
        yield name
    elif stands_for_many(name):
        yield from filter(_is_file, glob.iglob(name))  # noqa: PTH207 -- Path.glob cannot be absolute


def found_so_far(name: str, *, is_over: bool) -> list[str]:
    """Do what `found` does; a name that stands for many is not looked up before the job is over."""
    return found(name) if is_over or not stands_for_many(name) else []


def _is_file(name: str) -> bool:
    return os.path.isfile(name)  # noqa: PTH113 -- Path.is_file raises where no one may enter


def shown(name: str) -> str:
    """Return a name as its user knows it: what lies before it was escaped.

    >>> shown("/data/run[[]1]/*.fits")
    '/data/run[1]/*.fits'
    """
    return _ESCAPED.sub(r"\1", name)
