"""The resources of a job as users write them, or the error at their field."""

from __future__ import annotations

from datetime import timedelta

from jupyterlab_batch.client.errors import not_valid
from jupyterlab_batch.client.quantities import parse_duration, parse_memory


def to_cores(cores: int) -> int:
    """Return a number of cores, if it is one."""
    if isinstance(cores, bool) or not isinstance(cores, int):
        raise not_valid("spec.resources.cores", f"{cores!r} is no whole number of cores.")
    return cores


def to_memory(memory: object) -> int:
    """Return bytes of what is written with a unit."""
    try:
        return parse_memory(str(memory))
    except ValueError as error:
        raise not_valid("spec.resources.memory_bytes", str(error)) from None


def to_scratch(size: object) -> int:
    """Return bytes of what is written with a unit."""
    try:
        return parse_memory(str(size))
    except ValueError as error:
        raise not_valid("spec.resources.scratch_bytes", str(error)) from None


def to_walltime(limit: str | int | timedelta) -> int:
    """Return a time limit in whole seconds, rounded up."""
    if isinstance(limit, timedelta):
        return int(-(-limit // timedelta(seconds=1)))
    try:
        return parse_duration(str(limit))
    except ValueError as error:
        raise not_valid("spec.resources.walltime_seconds", str(error)) from None
