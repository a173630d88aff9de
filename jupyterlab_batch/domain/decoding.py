"""From JSON to a submission, with *all* that is wrong with it, each at its field.

msgspec stops at the first mistake and refuses ``NaN`` as a whole, but a form must mark every
field at once. So the JSON is held against the generated types here, and only then converted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

from jupyterlab_batch.domain.generated import ClusterSubmission, Issue, IssueCode, Submission
from jupyterlab_batch.domain.problems import NotJson

MAX_INTEGER: Final = 2**53 - 1
"""Larger whole numbers are not the same in every language that reads our JSON."""
MAX_ISSUES: Final = 100
"""Nobody reads more, and each is a hundred times as long as what can cause it."""
_MAX_DEPTH: Final = 50
_Kind = TypeVar("_Kind", Submission, ClusterSubmission)


def parse_object(body: bytes | bytearray) -> dict[str, Any]:
    """Return the JSON object of a request. ``NaN`` is kept, for the field's own message.

    Raises
    ------
    NotJson
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotJson("The request is no JSON. Nothing was done.") from error
    if not isinstance(value, dict):
        raise NotJson("The request is no JSON object. Nothing was done.")
    return value


def issue(
    field: str, code: IssueCode, message: str, *, limit: int | None = None, warning: bool = False
) -> Issue:
    """Return what is wrong with one field."""
    return Issue(
        field_=field,
        severity="warning" if warning else "error",
        code=code,
        message=message,
        limit=limit,
    )


def decode_submission(raw: Mapping[str, Any]) -> tuple[Submission | None, list[Issue]]:
    """Return a submission and what is wrong with it.

    The submission is there if its shape is right; a number that is out of any range is replaced
    by 1 in it, so that the rest can still be checked.
    """
    return _decode(Submission, raw)


def decode_cluster_submission(
    raw: Mapping[str, Any],
) -> tuple[ClusterSubmission | None, list[Issue]]:
    """Return the same of a Dask cluster."""
    return _decode(ClusterSubmission, raw)


def _decode(kind: type[_Kind], raw: Mapping[str, Any]) -> tuple[_Kind | None, list[Issue]]:
    walker = _Walker()
    repaired = walker.walk(_type_of(kind), raw, "")
    if not walker.is_shaped:
        return None, walker.issues
    return msgspec.convert(repaired, kind), walker.issues


@cache
def _type_of(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


class _Walker:
    """Holds one JSON value against a type, and notes what does not fit."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.is_shaped = True

    def walk(self, kind: inspect.Type, value: Any, path: str) -> Any:  # noqa: ANN401 -- JSON is any type
        """Return the value as it can be converted, as far as it can."""
        return _RULES[type(kind)](self, kind, value, path)

    def metadata(self, kind: inspect.Metadata, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        return self.walk(kind.type, value, path)

    def list_(self, kind: inspect.ListType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if not isinstance(value, list):
            return self._misfit(path, "a list")
        most = kind.max_length
        if most is not None and len(value) > most:
            self.issues.append(issue(path, "too_long", f"Give at most {most:,}.", limit=most))
            value = value[:most]
        return [self.walk(kind.item_type, inner, f"{path}[{n}]") for n, inner in enumerate(value)]

    def dict_(self, kind: inspect.DictType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if not isinstance(value, dict):
            return self._misfit(path, "an object")
        self._keys(value, path)
        return {k: self.walk(kind.value_type, v, _join(path, k)) for k, v in value.items()}

    def any_(self, _: inspect.AnyType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        self._free(value, path, 0)
        return value

    def literal(self, kind: inspect.LiteralType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if value not in kind.values:
            return self._misfit(path, " or ".join(f'"{choice}"' for choice in kind.values))
        return value

    def text(self, kind: inspect.StrType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if not isinstance(value, str) or not _is_unicode(value):
            return self._misfit(path, "text")
        if kind.max_length and len(value) > kind.max_length:
            self._note(path, "too_long", f"Use at most {kind.max_length} characters.")
            return value[: kind.max_length]
        return value

    def integer(self, _: inspect.IntType, value: Any, path: str) -> int:  # noqa: ANN401 -- as above
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._misfit(path, "a whole number")
            return 1
        # Compared first: a whole number of 400 digits is no float.
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            self._note(path, "out_of_range", "This is no number that any machine can have.")
            return 1
        if value != int(value):
            self._misfit(path, "a whole number")
        return int(value)

    def moment(self, _: inspect.DateTimeType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        try:
            when = msgspec.convert(value, datetime)
        except (msgspec.ValidationError, UnicodeError):
            return self._misfit(path, "a time such as 2026-01-31T18:00:00Z")
        if when.tzinfo is None:
            return self._misfit(path, "a time with its time zone, such as 2026-01-31T18:00:00Z")
        return value

    def union(self, kind: inspect.UnionType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if value is None and any(isinstance(choice, inspect.NoneType) for choice in kind.types):
            return None
        choices = [choice for choice in kind.types if not isinstance(choice, inspect.NoneType)]
        structs = {c.tag: c for c in choices if isinstance(c, inspect.StructType)}
        if not structs:
            return self.walk(choices[0], value, path)
        if not isinstance(value, dict):
            return self._misfit(path, "an object")
        tag = value.get("kind")
        if not isinstance(tag, str) or tag not in structs:
            names = " or ".join(f'"{name}"' for name in structs)
            return self._misfit(_join(path, "kind"), names)
        return self.struct(structs[tag], value, path)

    def struct(self, kind: inspect.StructType, value: Any, path: str) -> Any:  # noqa: ANN401 -- as above
        if not isinstance(value, dict):
            return self._misfit(path, "an object")
        known = {field.encode_name: field for field in kind.fields}
        for name in value:
            if name not in known and name != kind.tag_field:
                self._note(_join(path, name), "unknown_field", "There is no such field.")
        result = {kind.tag_field: kind.tag} if kind.tag_field else {}
        for name, field in known.items():
            if name in value:
                result[name] = self.walk(field.type, value[name], _join(path, name))
            elif field.required:
                self._note(_join(path, name), "required", "This is needed.")
                self.is_shaped = False
        return result

    def _free(self, value: Any, path: str, depth: int) -> None:  # noqa: ANN401 -- as above
        """Check what a notebook's parameters may hold: anything that JSON can say."""
        if depth > _MAX_DEPTH:
            self._misfit(path, f"nested less than {_MAX_DEPTH} deep")
        elif isinstance(value, dict):
            self._keys(value, path)
            for name, inner in value.items():
                self._free(inner, _join(path, name), depth + 1)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                self._free(inner, f"{path}[{number}]", depth + 1)
        elif isinstance(value, str) and not _is_unicode(value):
            self._misfit(path, "Unicode text")
        elif isinstance(value, float) and not math.isfinite(value):
            self._note(path, "out_of_range", "NaN and infinity cannot be sent as a parameter.")
            self.is_shaped = False

    def _keys(self, value: Mapping[str, Any], path: str) -> None:
        if not all(map(_is_unicode, value)):
            self._misfit(path, "made of Unicode names")

    def _misfit(self, path: str, wanted: str) -> None:
        self._note(path, "wrong_type", f"This must be {wanted}.")
        self.is_shaped = False

    def _note(self, path: str, code: IssueCode, message: str) -> None:
        if len(self.issues) < MAX_ISSUES:
            self.issues.append(issue(path.encode(errors="replace").decode(), code, message))


_RULES: Final[dict[type, Callable[..., Any]]] = {
    inspect.Metadata: _Walker.metadata,
    inspect.ListType: _Walker.list_,
    inspect.DictType: _Walker.dict_,
    inspect.AnyType: _Walker.any_,
    inspect.LiteralType: _Walker.literal,
    inspect.StrType: _Walker.text,
    inspect.IntType: _Walker.integer,
    inspect.DateTimeType: _Walker.moment,
    inspect.UnionType: _Walker.union,
    inspect.StructType: _Walker.struct,
}


def _join(path: str, name: str) -> str:
    return f"{path}.{name[:100]}" if path else name[:100]


def _is_unicode(text: str) -> bool:
    # JSON can write one half of a surrogate pair; UTF-8 cannot.
    return not any("\ud800" <= character <= "\udfff" for character in text)
