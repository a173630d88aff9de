"""What is wrong with a cluster that is asked for, whatever its gateway says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.decoding import MAX_INTEGER, issue
from jupyterlab_batch.domain.generated import ClusterOffer, ClusterSpec, FixedWorkers, Issue
from jupyterlab_batch.service.rules import is_control

DEFAULT_NAME: Final = "dask"


def name_of(spec: ClusterSpec) -> str:
    """Return the name of a cluster."""
    return DEFAULT_NAME if isinstance(spec.name, msgspec.UnsetType) else spec.name


def idle_stop_of(spec: ClusterSpec, offer: ClusterOffer) -> int | None:
    """Return after how long without work a cluster stops; ``None`` where that is not ours."""
    if not offer.capabilities.idle_stop:
        return None
    for asked in (spec.idle_stop_seconds, offer.default_spec.idle_stop_seconds):
        if not isinstance(asked, msgspec.UnsetType):
            return asked
    return 3600


def working_directory_of(spec: ClusterSpec, root_dir: Path) -> Path:
    """Return in which folder the workers run."""
    given = spec.working_directory
    own = given if isinstance(given, str) else ""
    # `Path.expanduser` fails at users that there are not.
    return root_dir / os.path.expanduser(own)  # noqa: PTH111 -- see above


def rule_issues(spec: ClusterSpec, offer: ClusterOffer, root_dir: Path) -> Iterator[Issue]:
    """Yield what is wrong, each at its field. Blocks: it looks at the disk."""
    yield from _name(name_of(spec), offer.limits.max_name_length)
    yield from _workers(spec, offer)
    yield from _idle_stop(spec, offer)
    field = "spec.working_directory"
    directory = str(working_directory_of(spec, root_dir))
    if not offer.capabilities.working_directory:
        if isinstance(spec.working_directory, str):
            message = f"Workers of {offer.title} do not run in a folder of this server."
            yield issue(field, "not_supported", message)
    elif "\0" in directory:
        yield issue(field, "control_character", "A path holds no NUL character.")
    elif not os.path.isdir(directory):  # noqa: PTH112 -- unlike Path it bears any text
        yield issue(field, "not_found", "There is no such folder.")


def _idle_stop(spec: ClusterSpec, offer: ClusterOffer) -> Iterator[Issue]:
    field = "spec.idle_stop_seconds"
    idle_stop = idle_stop_of(spec, offer)
    if idle_stop is None:
        if not isinstance(spec.idle_stop_seconds, msgspec.UnsetType):
            message = f"{offer.title} alone decides when a cluster without work stops."
            yield issue(field, "not_supported", message)
        return
    most = offer.limits.max_idle_stop_seconds or MAX_INTEGER
    if not 1 <= idle_stop <= most:
        limit = 1 if idle_stop < 1 else most
        message = f"A cluster without work stops after 1 to {most} seconds."
        yield issue(field, "out_of_range", message, limit=limit)


def _name(name: str, longest: int) -> Iterator[Issue]:
    field = "spec.name"
    if not name.strip():
        yield issue(field, "required", "Give the cluster a name.")
    if len(name) > longest:
        yield issue(field, "too_long", f"Use at most {longest} characters.", limit=longest)
    if any(map(is_control, name)):
        yield issue(field, "control_character", "A name holds no control characters.")


def _workers(spec: ClusterSpec, offer: ClusterOffer) -> Iterator[Issue]:
    workers = spec.workers
    if isinstance(workers, FixedWorkers):
        if workers.count < 0:
            message = "A number of workers is 0 or more."
            yield issue("spec.workers.count", "out_of_range", message, limit=0)
        return
    if not offer.capabilities.adaptive:
        message = f"{offer.title} cannot adapt the number of workers."
        yield issue("spec.workers.kind", "not_supported", message)
    if workers.minimum < 0:
        message = "A number of workers is 0 or more."
        yield issue("spec.workers.minimum", "out_of_range", message, limit=0)
    if workers.maximum < max(1, workers.minimum):
        message = "At most there is at least one worker, and not less than the least."
        limit = max(1, workers.minimum)
        yield issue("spec.workers.maximum", "out_of_range", message, limit=limit)
