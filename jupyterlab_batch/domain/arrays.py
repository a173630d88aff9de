"""The tasks of an array: their indices, and what varies from one to the next.

Nothing here is built that is not asked for: an array of a million tasks is a few numbers until one
of its tasks is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

import msgspec

from jupyterlab_batch.domain.generated import (
    IndexArray,
    JobSpec,
    ListArray,
    ParameterArray,
    ParameterValues,
    TaskCounts,
)

Array: TypeAlias = IndexArray | ListArray | ParameterArray
MAX_ARRAY_SIZE: Final = 100_000
"""More tasks are no array of ours, whatever a batch system takes."""
_COUNTABLE: Final = 2**31
"""Python cannot tell the length of every range that it can make."""


def array_of(spec: JobSpec) -> Array | None:
    """Return the array of a job; ``None`` of a single job."""
    return None if isinstance(spec.array, msgspec.UnsetType) else spec.array


def no_tasks_yet(spec: JobSpec) -> TaskCounts | None:
    """Return the counts of an array of which no task has started; ``None`` of a single job."""
    array = array_of(spec)
    return None if array is None else TaskCounts(size=array_size(array), by_phase={})


def task_indices(array: Array) -> Sequence[int]:
    """Return the indices of the tasks that are run, in the order in which they start."""
    indices = _all_indices(array)
    if not array.only:
        return indices
    chosen = set(array.only)
    if isinstance(indices, range):  # it may be longer than anybody can look through
        return sorted(index for index in chosen if index in indices)
    return [index for index in indices if index in chosen]


def array_size(array: Array) -> int:
    """Return how many tasks are run, without counting them.

    An array that has too many is too large also if only some of them are to run: it is as large
    as it is without that.
    """
    size = _full_size(array)
    return len(array.only) if array.only and size <= MAX_ARRAY_SIZE else size


def max_running(array: Array) -> int | None:
    """Return how many tasks may run at a time; ``None``: as many as fit."""
    limit = array.max_running
    return limit if isinstance(limit, int) else None


def parameter_names(array: Array) -> tuple[str, ...]:
    """Return the names of what varies from task to task."""
    return tuple(array.parameters) if isinstance(array, ParameterArray) else ()


def parameters_of(array: Array, index: int) -> dict[str, Any]:
    """Return what varies, as it is for one task."""
    if not isinstance(array, ParameterArray):
        return {}
    columns = {name: values_of(values) for name, values in array.parameters.items()}
    if array.mode == "zip":
        return {name: values[index] for name, values in columns.items()}
    found: dict[str, Any] = {}
    for name, values in reversed(columns.items()):
        index, position = divmod(index, len(values))
        found[name] = values[position]
    return {name: found[name] for name in columns}


def all_parameters(array: ParameterArray) -> Iterator[Mapping[str, Any]]:
    """Yield what varies, of every task that could be run, by index."""
    columns = [values_of(values) for values in array.parameters.values()]
    rows = product(*columns) if array.mode == "product" else zip(*columns, strict=False)
    for row in rows:
        yield dict(zip(array.parameters, row, strict=True))


def values_of(values: ParameterValues) -> Sequence[Any]:
    """Return the values of one parameter; whole numbers are not written out."""
    if isinstance(values.values, list):
        return values.values
    return _range(values.start, values.stop, values.step)


def text_of(value: Any) -> str:  # noqa: ANN401 -- anything that JSON can say
    """Return a value as an environment variable has it: text to the letter, else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _full_size(array: Array) -> int:
    if not isinstance(array, ParameterArray):
        return len(_all_indices(array))
    lengths = [len(values_of(values)) for values in array.parameters.values()]
    return prod(lengths) if array.mode == "product" else min(lengths, default=0)


def _all_indices(array: Array) -> Sequence[int]:
    if isinstance(array, IndexArray):
        return _range(array.start, array.stop, array.step)
    if isinstance(array, ListArray):
        return array.indices
    return range(_full_size(array))


def _range(
    start: int | msgspec.UnsetType, stop: int | msgspec.UnsetType, step: int | msgspec.UnsetType
) -> range:
    """Return whole numbers, the last included; none if something is missing or makes no sense."""
    by = step if isinstance(step, int) else 1
    if not isinstance(start, int) or not isinstance(stop, int) or by < 1:
        return range(0)
    return range(start, min(stop, start + _COUNTABLE * by) + 1, by)
