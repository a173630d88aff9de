"""Every text of a request, as the contract has them: a new one is found by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.handlers.contract import CONTRACT

Schema = Mapping[str, Any]

PLAIN: Final[dict[str, Any]] = {
    "Submission.gateway_id": "fake",
    "ClusterSubmission.gateway_id": "fake",
    "CommandTask.argv": ["true"],
    "ScriptTask.path": "plain.sh",
    "NotebookTask.path": "plain.ipynb",
    "ParameterValues": {"values": [1]},
    "ImportInput.gateway_id": "fake",
    "ImportInput.path": "plain.sh",
    "JobId": "0" * 26,
    "Resources.memory_bytes": 2**20,
    "Resources.walltime_seconds": 60,
}
"""What is right where "plain", 1 or nothing is not."""


@dataclass(frozen=True)
class Field:
    """One place for a text."""

    label: str
    """Such as ``spec.task<ScriptTask>.arguments[]``; ``{}`` stands for a name."""
    prefix: str
    """How a problem at this place begins to name its field."""
    make: Callable[[str], Any]
    """Returns a body that is right but for this text."""


def text_fields(body: str = "Submission") -> list[Field]:
    """Return all places for a text in one kind of body."""
    return list(_object(*_named(body), "", ""))


def _named(name: str) -> tuple[str, Schema]:
    return name, CONTRACT["components"]["schemas"][name]


def _resolved(name: str, schema: Schema) -> tuple[str, Schema]:
    return _named(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else (name, schema)


def _walk(name: str, schema: Schema, label: str, prefix: str) -> Iterator[Field]:
    name, schema = _resolved(name, schema)
    choices = schema.get("oneOf", schema.get("anyOf"))
    if choices is not None:
        for choice in choices:
            inner_name, _ = _resolved(name, choice)
            yield from _walk(name, choice, f"{label}<{inner_name}>", prefix)
        return
    if not schema:
        yield Field(f"{label}[]", prefix, lambda text: [text])
    kinds = schema.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "string" in kinds:
        yield Field(label, prefix, lambda text: text)
    elif "array" in kinds:
        for inner in _walk(name, schema["items"], f"{label}[]", prefix):
            # A problem names the place in the list too.
            yield Field(inner.label, prefix, _in_list(inner.make))
    elif "object" in kinds:
        yield from _object(name, schema, label, prefix)


def _object(name: str, schema: Schema, label: str, prefix: str) -> Iterator[Field]:
    for key, inner_schema in schema.get("properties", {}).items():
        at = f"{prefix}.{key}" if prefix else key
        place = f"{label}.{key}" if label else key
        for inner in _walk(f"{name}.{key}", inner_schema, place, at):
            yield Field(inner.label, inner.prefix, _in_object(name, schema, key, inner.make))
    more = schema.get("additionalProperties")
    if more is True:
        yield Field(f"{label}.*", prefix, lambda text: {"plain": text})
        yield Field(f"{label}.*.*[]", prefix, lambda text: {"plain": {"deep": [text]}})
        yield Field(f"{label}.{{}}", prefix, lambda text: {text: 1})
    elif more:
        for inner in _walk(name, more, f"{label}.*", prefix):
            yield Field(inner.label, inner.prefix.rpartition(".")[0] or prefix, _named_plain(inner))
        yield Field(f"{label}.{{}}", prefix, lambda text: {text: minimal(name, more)})


def _in_list(make: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: [make(text)]


def _in_object(
    name: str, schema: Schema, key: str, make: Callable[[str], Any]
) -> Callable[[str], Any]:
    # An object of which just one field may be given gets no other.
    others = {} if schema.get("maxProperties") == 1 else minimal(name, schema)
    return lambda text: {**others, key: make(text)}


def _named_plain(inner: Field) -> Callable[[str], Any]:
    return lambda text: {"PLAIN": inner.make(text)}


def minimal(name: str, schema: Schema) -> Any:
    """Return the least that a schema takes."""
    name, schema = _resolved(name, schema)
    choices = schema.get("oneOf", schema.get("anyOf"))
    if choices is not None:
        return minimal(name, choices[0])
    fixed = [PLAIN[name]] if name in PLAIN else schema.get("enum", [])
    if fixed or "const" in schema:
        return fixed[0] if fixed else schema["const"]
    kinds = schema["type"]
    return _least(name, schema, kinds if isinstance(kinds, str) else kinds[0])


def _least(name: str, schema: Schema, kind: str) -> Any:
    if kind == "object":
        wanted = list(schema.get("required", []))
        wanted += list(schema.get("properties", {}))[: schema.get("minProperties", 0)]
        return {key: minimal(f"{name}.{key}", schema["properties"][key]) for key in wanted}
    if kind == "array":
        return [minimal(name, schema["items"])] * schema.get("minItems", 0)
    return {"string": "plain", "integer": 1, "number": 1, "boolean": False}[kind]
