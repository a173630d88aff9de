"""Arrays as users write them: ``0-99%10``, ``1,2,5``, a range, or values for each parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import (
    IndexArray,
    ListArray,
    ParameterArray,
    ParameterValues,
)

Array: TypeAlias = "IndexArray | ListArray | ParameterArray"
_LONGEST = 100_000
_LIMIT = re.compile(r"(.*)%(\d+)")
_RANGE = re.compile(r"(\d+)\s*(?:-|\.\.)\s*(\d+)(?:\s*:\s*(\d+))?")
_NUMBERS = re.compile(r"(-?\d+)\.\.(-?\d+)(?::(\d+))?")
_HOW = 'Write it as "0-99", "0-99:10", "1,2,5" or, ten at a time, "0-99%10".'


def to_array(
    array: str | Iterable[int] | None,
    vary: Mapping[str, Iterable[Any]] | None,
    *,
    is_zip: bool,
    max_running: int | None,
) -> Array | None:
    """Make the array of a submission; None for a single job.

    Raises
    ------
    BatchError
        It cannot be read (``not_valid``, with its field).
    """
    if array is not None and vary is not None:
        raise _not_valid("Give it indices or parameters that vary, not both.")
    if vary is not None:
        parameters = {name: _to_values(name, values) for name, values in vary.items()}
        mode: Literal["product", "zip"] = "zip" if is_zip else "product"
        return ParameterArray(
            kind="parameters", mode=mode, parameters=parameters, max_running=max_running
        )
    if array is None:
        if max_running is not None:
            raise _not_valid("Only an array can be limited to some tasks at a time.")
        return None
    if isinstance(array, str):
        match = _LIMIT.fullmatch(array.strip())
        if match and max_running is None:
            return to_array(match[1], None, is_zip=is_zip, max_running=int(match[2]))
        return _to_indices(array, max_running)
    if isinstance(array, range) and array.step > 0 and len(array) > 0:
        return IndexArray(
            kind="index",
            start=array[0],
            stop=array[-1],
            step=array.step,
            max_running=max_running,
        )
    indices = list(array)
    if any(isinstance(index, bool) or not isinstance(index, int) for index in indices):
        raise _not_valid("Indices are whole numbers.")
    return ListArray(kind="list", indices=indices, max_running=max_running)


def read_values(text: str) -> Iterable[Any]:
    """Read the values of one parameter: ``0..9``, ``0..90:10``, ``[1, 2]`` or ``a,b,c``."""
    match = _NUMBERS.fullmatch(text.strip())
    if match:
        return range(int(match[1]), int(match[2]) + 1, max(1, int(match[3] or 1)))
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if isinstance(values, list):
        return values
    return [_word(word) for word in text.split(",")]


def _word(word: str) -> object:
    try:
        return json.loads(word)
    except ValueError:
        return word


def _to_indices(text: str, max_running: int | None) -> Array:
    parts = [_RANGE.fullmatch(part.strip()) or part.strip() for part in text.split(",")]
    first = parts[0]
    if len(parts) == 1 and not isinstance(first, str):
        step = int(first[3] or 1)
        start, stop = int(first[1]), int(first[2])
        return IndexArray(kind="index", start=start, stop=stop, step=step, max_running=max_running)
    indices: list[int] = []
    for part in parts:
        if not isinstance(part, str):
            found = range(int(part[1]), int(part[2]) + 1, max(1, int(part[3] or 1)))
            if len(found) > _LONGEST:
                raise _not_valid(f"These are more than {_LONGEST:,} tasks.")
            indices += found
        elif part.isascii() and part.isdigit():
            indices.append(int(part))
        else:
            raise _not_valid(f'"{text}" are no indices. {_HOW}')
    return ListArray(kind="list", indices=indices, max_running=max_running)


def _to_values(name: str, values: Iterable[Any]) -> ParameterValues:
    if isinstance(values, range) and values.step > 0 and len(values) > 0:
        return ParameterValues(start=values[0], stop=values[-1], step=values.step)
    if isinstance(values, (str, bytes)):
        raise _not_valid(f"{name} is one text. Give it a list of values.", name)
    found = list(values)
    try:
        json.dumps(found, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _not_valid(f"The values of {name} cannot be sent: {error}.", name) from None
    return ParameterValues(values=found)


def _not_valid(message: str, name: str | None = None) -> BatchError:
    field = "spec.array" if name is None else f"spec.array.parameters.{name}"
    return BatchError(f"{message} Nothing was submitted.", code="not_valid", field=field)
