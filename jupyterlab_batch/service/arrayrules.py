"""What is wrong with the array of a submission by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from jupyterlab_batch.domain.arrays import (
    MAX_ARRAY_SIZE,
    Array,
    array_of,
    array_size,
    max_running,
    task_indices,
    text_of,
    values_of,
)
from jupyterlab_batch.domain.asked import log_paths_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    IndexArray,
    Issue,
    JobSpec,
    ListArray,
    NotebookTask,
    ParameterArray,
    ParameterValues,
)
from jupyterlab_batch.engine.outputs import INDEX

_FIELD: Final = "spec.array"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MAX_PARAMETERS_BYTES: Final = 64 * 2**20
_RESERVED: Final = "index"


def array_issues(spec: JobSpec) -> list[Issue]:
    """Return what is wrong with the array of a submission by itself."""
    array = array_of(spec)
    if array is None:
        return []
    found = list(_shape(array))
    if isinstance(array, ParameterArray):
        found += _parameters(array, spec)
    if not found:
        found += _size(array)
    if not found:
        found += _only(array)
    return [*found, *_paths(spec)]


def _shape(array: Array) -> Iterator[Issue]:
    if isinstance(array, IndexArray):
        yield from _range(_FIELD, array.start, array.stop, array.step)
        if array.start < 0:
            yield issue(f"{_FIELD}.start", "out_of_range", "Tasks are numbered from 0.", limit=0)
    if isinstance(array, ListArray):
        yield from _list(f"{_FIELD}.indices", array.indices)
    limit = max_running(array)
    if limit is not None and limit < 1:
        yield issue(f"{_FIELD}.max_running", "out_of_range", "Let at least one run.", limit=1)


def _range(
    field: str,
    start: int | msgspec.UnsetType,
    stop: int | msgspec.UnsetType,
    step: int | msgspec.UnsetType,
) -> Iterator[Issue]:
    if isinstance(step, int) and step < 1:
        yield issue(f"{field}.step", "out_of_range", "A step is at least 1.", limit=1)
    if isinstance(start, int) and isinstance(stop, int) and stop < start:
        yield issue(f"{field}.stop", "out_of_range", "The last is before the first.", limit=start)


def _list(field: str, indices: list[int]) -> Iterator[Issue]:
    if any(index < 0 for index in indices):
        yield issue(field, "out_of_range", "Tasks are numbered from 0.", limit=0)
    if len(set(indices)) < len(indices):
        yield issue(field, "out_of_range", "An index stands there twice.")


def _parameters(array: ParameterArray, spec: JobSpec) -> Iterator[Issue]:
    fixed: Iterable[str] = ()
    if isinstance(spec.task, NotebookTask) and isinstance(spec.task.parameters, dict):
        fixed = spec.task.parameters
    if not array.parameters:
        yield issue(f"{_FIELD}.parameters", "required", "Say what varies from task to task.")
    seen: set[str] = set()
    for name, values in array.parameters.items():
        field = f"{_FIELD}.parameters.{name[:100]}"
        if not _NAME.fullmatch(name) or name == _RESERVED:
            message = "A name is made of letters, digits and _, no digit first; `index` is taken."
            yield issue(field, "bad_variable_name", message)
        if name in fixed:
            message = "This has a fixed value too. Take one of both away."
            yield issue(field, "out_of_range", message)
        if name.upper() in seen:
            message = "Another parameter has this name in other letters."
            yield issue(field, "bad_variable_name", message)
        seen.add(name.upper())
        yield from _values(field, values)
    lengths = {len(values_of(values)) for values in array.parameters.values()}
    if array.mode == "zip" and len(lengths) > 1:
        message = "Side by side, all parameters need the same number of values."
        yield issue(f"{_FIELD}.parameters", "out_of_range", message)


def _values(field: str, values: ParameterValues) -> Iterator[Issue]:
    is_list = isinstance(values.values, list)
    bounds = [isinstance(bound, int) for bound in (values.start, values.stop)]
    if is_list == all(bounds) or (is_list and any(bounds)):
        yield issue(field, "required", "Give it values, or a first and a last whole number.")
        return
    if isinstance(values.values, list):
        if any("\0" in text_of(value) for value in values.values):
            message = "A NUL character cannot be passed to a program."
            yield issue(field, "control_character", message)
    else:
        yield from _range(field, values.start, values.stop, values.step)


def _size(array: Array) -> Iterator[Issue]:
    size = array_size(array)
    if size < 1:
        yield issue(_FIELD, "out_of_range", "There is no task in this array.", limit=1)
    elif size > MAX_ARRAY_SIZE:
        message = f"{size:,} tasks are more than the {MAX_ARRAY_SIZE:,} of one array."
        yield issue(_FIELD, "out_of_range", message, limit=MAX_ARRAY_SIZE)
    elif isinstance(array, ParameterArray) and _bytes(array, size) > _MAX_PARAMETERS_BYTES:
        message = "All values of all tasks together are too long; put them into a file."
        yield issue(_FIELD, "too_long", message, limit=_MAX_PARAMETERS_BYTES)


def _bytes(array: ParameterArray, size: int) -> int:
    """Estimate what the values of all tasks take."""
    total = 0
    for values in array.parameters.values():
        column = values_of(values)
        longest = 20 if isinstance(column, range) else max(len(text_of(one)) for one in column)
        total += size * longest
    return total


def _only(array: Array) -> Iterator[Issue]:
    if not isinstance(array.only, list):
        return
    field = f"{_FIELD}.only"
    yield from _list(field, array.only)
    if len(task_indices(array)) < len(set(array.only)):
        yield issue(field, "out_of_range", "Not all of these are tasks of the array.")


def _paths(spec: JobSpec) -> Iterator[Issue]:
    task = spec.task
    paths = {f"spec.files.{stream}_path": path for stream, path in log_paths_of(spec).items()}
    if isinstance(task, NotebookTask) and task.output_path:
        paths["spec.task.output_path"] = task.output_path
    for field, path in paths.items():
        if INDEX not in path:
            message = f"All tasks would write the same file. Put {INDEX} into its name."
            yield issue(field, "out_of_range", message)
