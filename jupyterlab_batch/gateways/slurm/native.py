"""Options of ``sbatch`` that are passed on as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from jupyterlab_batch.domain.asked import native_of, nodes_of, placement_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Issue, JobSpec
from jupyterlab_batch.gateways.slurm.options import LONG, PASSED_ON, Takes, may_pass_on

NEWER: Final = frozenset(
    (
        "constraint",
        "deadline",
        "hold",
        "licenses",
        "mail-user",
        "mcs-label",
        "nice",
        "ntasks-per-node",
        "oversubscribe",
        "prefer",
        "requeue",
        "threads-per-core",
        "wckey",
    )
)
"""Those whose name and type are the same from v0.0.39 on."""


def names_for_tools() -> list[str]:
    """Return what can be passed to ``sbatch``."""
    return sorted(PASSED_ON)


def names_for_rest(version: int) -> list[str]:
    """Return what can be sent to slurmrestd."""
    named = {name for name, key in PASSED_ON.items() if key is not None}
    return sorted(named if version <= 38 else named & NEWER)


def native_options(native: Mapping[str, str | None]) -> list[str]:
    """Return the options of ``sbatch``."""
    return [f"--{name}" if text is None else f"--{name}={text}" for name, text in native.items()]


def native_json(native: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the fields for slurmrestd; a flag is true, a number that is none stays text."""
    fields: dict[str, Any] = {}
    for name, text in native.items():
        key = PASSED_ON.get(name)
        if key is None:
            continue
        field, kind = key
        if text is None:
            fields[field] = True
        else:
            fields[field] = int(text) if kind is int and text.lstrip("-").isdigit() else text
    return fields


def native_issues(spec: JobSpec) -> Iterator[Issue]:
    """Yield what cannot be passed on of the options that can."""
    place = placement_of(spec)
    filled = {
        "nodes": nodes_of(spec.resources),
        "constraint": place.features,
        "begin": place.begin_at,
    }
    for name, text in native_of(spec).items():
        field = f"spec.native.{name[:100]}"
        if not may_pass_on(name, text):
            message = "This option of sbatch cannot be passed on with this value."
            yield issue(field, "not_supported", message)
        elif text is None and LONG[name] is Takes.VALUE:
            yield issue(field, "required", "This option needs a value.")
        elif text is not None and LONG[name] is Takes.NOTHING:
            yield issue(field, "wrong_type", "This option takes no value.")
        elif text is not None and not text.isprintable():
            message = "An option holds no line breaks or other control characters."
            yield issue(field, "control_character", message)
        elif filled.get(name):
            yield issue(field, "not_allowed", "This is said by another field already.")
