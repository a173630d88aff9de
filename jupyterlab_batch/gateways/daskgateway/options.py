"""The options of a Dask Gateway: as forms draw them, and what is wrong with a choice.

Notes
-----
Dask Gateway 2026.3.0 says one mistake at a time, and the field only in its words; it has six types,
bounds that may be missing, no units but in the label, and selects by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Issue
from jupyterlab_batch.gateways.daskgateway.answers import Option

_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "select": {"type": "string"},
    "mapping": {"type": "object", "additionalProperties": True},
}
_FIRST_WORD: Final = re.compile(r"\w+")
_MOST_NAME: Final = 100


def schema(options: Sequence[Option]) -> dict[str, Any]:
    """Return the options as a JSON Schema; one of a type that we do not know is anything."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {option.field: _property(option) for option in options},
    }


def _property(option: Option) -> dict[str, Any]:
    spec = option.spec
    drawn = {**_TYPES.get(spec.type, {}), "title": option.label or option.field}
    if spec.type in {"int", "float"}:
        whole = spec.type == "int"
        bounds = {"minimum": spec.min, "maximum": spec.max}
        drawn |= {
            name: int(bound) if whole else bound
            for name, bound in bounds.items()
            if bound is not None
        }
    if spec.type == "select":
        drawn["enum"] = spec.options
    return {**drawn, "default": option.default}


def chosen(given: Mapping[str, Any], options: Sequence[Option]) -> dict[str, Any]:
    """Return all options of a cluster: those that were not chosen are as the gateway has them."""
    return {**{option.field: option.default for option in options}, **given}


def issues_of(given: Mapping[str, Any], options: Sequence[Option]) -> Iterator[Issue]:
    """Yield all that is wrong with a choice, each at its field."""
    known = {option.field: option for option in options}
    for name, value in given.items():
        field = f"spec.options.{name[:_MOST_NAME]}"
        option = known.get(name)
        if option is None:
            yield issue(field, "unknown_field", "There is no such option.")
        else:
            yield from _issues(field, value, option)


def _issues(field: str, value: Any, option: Option) -> Iterator[Issue]:  # noqa: ANN401 -- JSON
    spec = option.spec
    if spec.type in {"int", "float"}:
        yield from _number(field, value, option)
    elif spec.type == "bool" and not isinstance(value, bool):
        yield issue(field, "wrong_type", "This must be yes or no.")
    elif spec.type == "mapping" and not isinstance(value, dict):
        yield issue(field, "wrong_type", "These must be names with values.")
    elif spec.type in {"string", "select"} and not isinstance(value, str):
        yield issue(field, "wrong_type", "This must be text.")
    elif spec.type == "select" and value not in spec.options:
        yield issue(field, "not_allowed", f"Choose one of {', '.join(spec.options)}.")


def _number(field: str, value: Any, option: Option) -> Iterator[Issue]:  # noqa: ANN401 -- JSON
    least, most = option.spec.min, option.spec.max
    is_whole = option.spec.type == "int"
    if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
        words = "a whole number" if is_whole else "a number"
        yield issue(field, "wrong_type", f"This must be {words}.")
    elif least is not None and value < least:
        yield issue(field, "out_of_range", f"This is at least {least:g}.", limit=_limit(least))
    elif most is not None and value > most:
        yield issue(field, "out_of_range", f"This is at most {most:g}.", limit=_limit(most))


def field_in(words: str, options: Sequence[Option]) -> str | None:
    """Return at which field a refusal of the gateway belongs, as it says that only in words."""
    names = set(_FIRST_WORD.findall(words))
    found = [option.field for option in options if option.field in names]
    return f"spec.options.{found[0]}" if found else None


def _limit(bound: float) -> int | None:
    return int(bound) if bound == int(bound) else None
