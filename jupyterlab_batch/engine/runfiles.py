"""Writing the files of a run directory, durably. All functions block and raise `OSError`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from jupyterlab_batch.domain.arrays import all_parameters, array_of, text_of
from jupyterlab_batch.domain.generated import JobSpec, NotebookTask, ParameterArray
from jupyterlab_batch.engine.regularfile import open_regular
from jupyterlab_batch.engine.wrapper import parameters_line
from jupyterlab_batch.engine.wrapper_text import PARAMETERS_JSONL, PARAMETERS_SH


class NewFiles:
    """Files that are all written before the disk is waited for: most of that is then once for all.

    They are durable when `sync` has returned.
    """

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._folders: dict[Path, None] = {}

    def __enter__(self) -> NewFiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for descriptor in self._descriptors:
            os.close(descriptor)

    def write(self, path: Path, content: bytes | bytearray, mode: int) -> None:
        """Write a new file."""
        descriptor = self._create(path, mode)
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def write_json(self, path: Path, content: Any) -> None:  # noqa: ANN401 -- anything that msgspec encodes
        """Write a new file, its names in the order that they have: parameters stand in theirs."""
        self.write(path, msgspec.json.encode(content) + b"\n", 0o600)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a regular file, executable for its owner; a FIFO in its place must not block us."""
        with open_regular(source, follow_links=True) as reader:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = self._create(target, 0o700)
            with open(descriptor, "wb", closefd=False) as writer:
                shutil.copyfileobj(reader, writer)

    def sync(self) -> None:
        """Make what was written durable, and the names of it and of the folders that hold it."""
        for descriptor in self._descriptors:
            os.fsync(descriptor)
        for folder in dict.fromkeys([*self._folders, *(one.parent for one in self._folders)]):
            sync_directory(folder)

    def _create(self, path: Path, mode: int) -> int:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        self._descriptors.append(descriptor)
        self._folders[path.parent] = None
        return descriptor


def write_parameters(files: NewFiles, directory: Path, spec: JobSpec) -> None:
    """Write what the notebook or the tasks of an array get, a line for each task.

    The line of a task that is not to run is empty: it stands for its number.
    """
    fixed: dict[str, Any] = {}
    if isinstance(spec.task, NotebookTask):
        parameters = spec.task.parameters
        fixed = {} if isinstance(parameters, msgspec.UnsetType) else parameters
        files.write_json(directory / "parameters.json", fixed)
    array = array_of(spec)
    if isinstance(array, ParameterArray):
        chosen = frozenset(array.only or ())
        records, assignments = bytearray(), bytearray()
        for index, row in enumerate(all_parameters(array)):
            if index in chosen or not chosen:
                texts = {name: text_of(value) for name, value in row.items()}
                records += msgspec.json.encode({**fixed, **row})
                assignments += parameters_line(texts).encode("utf-8", "surrogateescape")
            records += b"\n"
            assignments += b"\n"
        files.write(directory / PARAMETERS_JSONL, records, 0o600)
        files.write(directory / PARAMETERS_SH, assignments, 0o600)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
