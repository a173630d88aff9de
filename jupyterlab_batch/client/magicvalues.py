"""What the words of a ``%batch`` line mean."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from IPython.core.error import UsageError

_LITERALS = {"True": True, "False": False, "None": None}


def pair(text: str) -> tuple[str, str]:
    """Read ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        message = f'"{text}" is not NAME=VALUE'
        raise argparse.ArgumentTypeError(message)
    return name, value


def tag(text: str) -> tuple[str, str]:
    """Read ``NAME`` or ``NAME=VALUE``."""
    name, _, value = text.partition("=")
    return name, value


def awaited(text: str) -> tuple[str, str]:
    """Read a job and when another may start; a name may hold colons itself."""
    job, colon, when = text.rpartition(":")
    if colon and when in {"succeeded", "finished", "failed"}:
        return job, when
    return text, "succeeded"


def to_values(text: str, namespace: Mapping[str, object]) -> Iterable[Any]:
    """Read what varies: a list or range as text, or of a variable."""
    if not text.startswith("$"):
        from jupyterlab_batch.client.sweeps import read_values  # noqa: PLC0415 -- as in `_open`

        return read_values(text)
    values = to_value(text, namespace)
    if not isinstance(values, Iterable):
        raise UsageError(f"{text} is no list of values. Nothing was submitted.")
    return values


def to_value(text: str, namespace: Mapping[str, object]) -> object:
    """Read a value as ``$variable``, JSON or a Python word; what is none of them is text."""
    if text.startswith("$") and text[1:].isidentifier():
        if text[1:] not in namespace:
            raise UsageError(f'There is no variable "{text[1:]}". Nothing was submitted.')
        return namespace[text[1:]]
    if text in _LITERALS:
        return _LITERALS[text]
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return text


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads but JSON has not."""
    raise ValueError(name)
