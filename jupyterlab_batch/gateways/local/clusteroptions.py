"""What can be chosen of a cluster on this machine, and what is wrong with a choice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.clusters import given_options
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import ClusterSpec, Issue, Limits
from jupyterlab_batch.engine.clusterrequest import ClusterShare
from jupyterlab_batch.engine.wording import cores, memory
from jupyterlab_batch.gateways.local.daskprobe import interpreter_of

SCHEDULER_MEMORY_BYTES: Final = 256 * 2**20
"""A scheduler and its nannies take a hundred MB; tasks that it knows take the rest."""
_LEAST_WORKER_BYTES: Final = 128 * 2**20
"""Less than this a worker takes before it has done anything."""
_USUAL_WORKER_BYTES: Final = 2 * 2**30
_STEP_BYTES: Final = 64 * 2**20


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen, with what was left out filled in."""

    worker_cores: int
    worker_memory_bytes: int
    python: str

    @property
    def share(self) -> ClusterShare:
        """What a cluster of these options takes of this machine."""
        return ClusterShare(
            scheduler_memory_bytes=SCHEDULER_MEMORY_BYTES,
            worker_cores=self.worker_cores,
            worker_memory_bytes=self.worker_memory_bytes,
        )

    def most_workers(self, limits: Limits) -> int:
        """Return how many workers this machine has room for."""
        return self.share.most_workers(limits.max_cores or 1, limits.max_memory_bytes or 1)


def defaults(limits: Limits, python: str) -> Options:
    """Return the options of who chooses nothing: a core each, and a fair part of the memory."""
    rest = (limits.max_memory_bytes or 1) - SCHEDULER_MEMORY_BYTES
    fair = min(_USUAL_WORKER_BYTES, rest // (limits.max_cores or 1))
    steps = fair // _STEP_BYTES * _STEP_BYTES
    return Options(
        worker_cores=1, worker_memory_bytes=max(_LEAST_WORKER_BYTES, steps), python=python
    )


def options_of(spec: ClusterSpec, limits: Limits, python: str) -> Options:
    """Return the options of a cluster that was found right by `issues_of`."""
    given = given_options(spec)
    usual = defaults(limits, python)
    chosen = given.get("python")
    return Options(
        worker_cores=given.get("worker_cores", usual.worker_cores),
        worker_memory_bytes=given.get("worker_memory_bytes", usual.worker_memory_bytes),
        python=interpreter_of(chosen) if chosen else python,
    )


def schema(limits: Limits, python: str) -> dict[str, Any]:
    """Return the options as a JSON Schema, as forms draw them."""
    usual = defaults(limits, python)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "worker_cores": {
                "type": "integer",
                "title": "Cores of each worker",
                "description": "So many tasks run in each worker at a time.",
                "minimum": 1,
                "maximum": limits.max_cores,
                "default": usual.worker_cores,
            },
            "worker_memory_bytes": {
                "type": "integer",
                "format": "bytes",
                "title": "Memory of each worker",
                "description": "A worker that takes more is started again.",
                "minimum": _LEAST_WORKER_BYTES,
                "maximum": max(0, (limits.max_memory_bytes or 0) - SCHEDULER_MEMORY_BYTES),
                "default": usual.worker_memory_bytes,
            },
            "python": {
                "type": "string",
                "format": "python",
                "title": "Python",
                "description": "An interpreter, or the folder of a virtual environment, that has "
                f"dask: that of your notebook. By default {python}.",
                "default": "",
            },
        },
    }


def issues_of(spec: ClusterSpec, limits: Limits) -> Iterator[Issue]:
    """Yield what this machine has against the options of a cluster."""
    given = given_options(spec)
    for name in given:
        if name not in {"worker_cores", "worker_memory_bytes", "python"}:
            yield issue(f"spec.options.{name[:100]}", "unknown_field", "There is no such option.")
    yield from _whole(given, "worker_cores", 1, limits.max_cores or 1, cores)
    most = (limits.max_memory_bytes or 1) - SCHEDULER_MEMORY_BYTES
    yield from _whole(given, "worker_memory_bytes", _LEAST_WORKER_BYTES, most, memory)
    yield from _python(given.get("python"))


def _whole(given: dict[str, Any], name: str, least: int, most: int, words: Any) -> Iterator[Issue]:  # noqa: ANN401 -- a function of one number
    value, field = given.get(name, least), f"spec.options.{name}"
    if isinstance(value, bool) or not isinstance(value, int):
        yield issue(field, "wrong_type", "This must be a whole number.")
    elif value < least:
        yield issue(field, "out_of_range", f"This is at least {words(least)}.", limit=least)
    elif value > most:
        message = f"This server has {words(max(0, most))} for the workers of a cluster."
        yield issue(field, "over_machine", message, limit=max(0, most))


def _python(value: object) -> Iterator[Issue]:
    field = "spec.options.python"
    if value is None or value == "":
        return
    if not isinstance(value, str) or "\0" in value:
        yield issue(field, "wrong_type", "This must be text.")
    elif not Path(value).is_absolute():
        yield issue(field, "not_found", "Write the whole path of a Python, from / on.")
    elif not os.path.isfile(interpreter_of(value)):  # noqa: PTH113 -- unlike Path it bears any text
        yield issue(field, "not_found", f"There is no Python here: {interpreter_of(value)}")
