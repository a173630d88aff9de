"""From parsed JSON to the generated dataclasses, and back."""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from datetime import datetime, timezone
from typing import Any, TypeVar

_T = TypeVar("_T")
_FRACTION = re.compile(r"\.(\d+)")


def decode(kind: type[_T], value: object) -> _T:
    """Make an instance of a generated class from parsed JSON.

    Unknown fields are ignored, and words that a newer server adds to a closed list are kept as
    they are: kernel and server may have different versions.

    Raises
    ------
    ValueError
        A required field is missing, or a value cannot be what it must be.
    """
    return typing.cast("_T", _decode(kind, value))


def encode(value: object, *, omit_null: bool = False) -> Any:  # noqa: ANN401 -- JSON is anything
    """Make JSON of a generated class; times become UTC, RFC 3339.

    Parameters
    ----------
    omit_null
        Leave out fields that are None, as in inputs, where not every optional field may be null.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {
            name: encode(item, omit_null=omit_null)
            for name, item in pairs
            if not (omit_null and item is None)
        }
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {str(name): encode(item, omit_null=omit_null) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item, omit_null=omit_null) for item in value]
    return value


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:  # noqa: ANN401 -- works on any annotation
    origin = typing.get_origin(kind)
    if origin in (list, dict):
        return _decode_container(origin, typing.get_args(kind), value)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(typing.get_args(kind), value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_object(kind, _expect(value, dict))
    return _decode_scalar(kind, value)


def _decode_scalar(kind: Any, value: Any) -> Any:  # noqa: ANN401 -- as above
    if kind is Any or typing.get_origin(kind) is typing.Literal:
        return value
    if kind is datetime:
        return _decode_time(_expect(value, str))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _expect(value, kind)


def _decode_container(origin: type, inner: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 -- as above
    items = _expect(value, origin)
    if origin is list:
        return [_decode(inner[0], item) for item in items]
    return {name: _decode(inner[1], item) for name, item in items.items()}


def _decode_object(kind: type, value: dict[str, Any]) -> object:
    hints = _hints(kind)
    arguments = {}
    for field in dataclasses.fields(kind):
        if field.name in value:
            arguments[field.name] = _decode(hints[field.name], value[field.name])
        elif field.default is dataclasses.MISSING:
            message = f"{kind.__name__} without {field.name}"
            raise ValueError(message)
    return kind(**arguments)


def _decode_union(kinds: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 -- as above
    if value is None and type(None) in kinds:
        return None
    rest = [kind for kind in kinds if kind is not type(None)]
    if len(rest) == 1:
        return _decode(rest[0], value)
    named = _expect(value, dict).get("kind")
    for kind in rest:
        if named in typing.get_args(_hints(kind)["kind"]):
            return _decode(kind, value)
    message = f"unknown kind {named!r}"
    raise ValueError(message)


def _decode_time(text: str) -> datetime:
    """Read RFC 3339, which Python 3.10 does only in part."""
    text = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), text, count=1)
    if text[-1:] in {"Z", "z"}:
        text = text[:-1] + "+00:00"
    return datetime.fromisoformat(text)


def _expect(value: Any, kind: type) -> Any:  # noqa: ANN401 -- as above
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    message = f"{kind.__name__} expected, not {type(value).__name__}"
    raise ValueError(message)
