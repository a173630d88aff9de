"""Writing the files of a run directory, each durably. All functions block and raise `OSError`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import msgspec

from jupyterlab_batch.domain.arrays import all_parameters, array_of, text_of
from jupyterlab_batch.domain.generated import JobSpec, NotebookTask, ParameterArray
from jupyterlab_batch.engine.regularfile import open_regular
from jupyterlab_batch.engine.wrapper import parameters_line
from jupyterlab_batch.engine.wrapper_text import PARAMETERS_JSONL, PARAMETERS_SH


def write_parameters(directory: Path, spec: JobSpec) -> None:
    """Write what the notebook or the tasks of an array get, a line for each task.

    The line of a task that is not to run is empty: it stands for its number.
    """
    fixed: dict[str, Any] = {}
    if isinstance(spec.task, NotebookTask):
        parameters = spec.task.parameters
        fixed = {} if isinstance(parameters, msgspec.UnsetType) else parameters
        write_json(directory / "parameters.json", fixed)
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
        write_file(directory / PARAMETERS_JSONL, records, 0o600)
        write_file(directory / PARAMETERS_SH, assignments, 0o600)


def copy_file(source: Path, target: Path) -> None:
    """Copy a regular file, executable for its owner; a FIFO in its place must not block us."""
    with open_regular(source, follow_links=True) as reader:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with target.open("xb") as writer:
            shutil.copyfileobj(reader, writer)
            target.chmod(0o700)
            writer.flush()
            os.fsync(writer.fileno())


def write_json(path: Path, content: Any) -> None:  # noqa: ANN401 -- anything that msgspec encodes
    """Write a new file, its names in the order that they have: parameters stand in theirs."""
    write_file(path, msgspec.json.encode(content) + b"\n", 0o600)


def write_file(path: Path, content: bytes | bytearray, mode: int) -> None:
    """Write a new file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- opened by descriptor, for its mode
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
