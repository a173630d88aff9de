"""What a submission asks of a batch system that has no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jupyterlab_batch.domain.arrays import array_of, array_size
from jupyterlab_batch.domain.asked import (
    dependencies_of,
    environment_of,
    gpus_of,
    native_of,
    nodes_of,
    placement_of,
    processes_of,
    scratch_bytes_of,
)
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Gateway, Issue, JobSpec, OptionalField

_LACKS: Final[dict[OptionalField, str]] = {
    "environment.python": "cannot set up another Python",
    "environment.conda": "cannot set up a conda environment",
    "environment.modules": "has no modules",
    "environment.image": "knows no command that starts container images; its site can name one",
    "placement.qos": "knows no quality of service",
    "placement.reservation": "knows no reservations",
    "placement.begin_at": "cannot be told when to begin",
    "placement.features": "has no features to choose from",
    "resources.nodes": "gives a job one node",
    "resources.processes": "gives a job one process; ask for cores instead",
    "resources.scratch_bytes": "cannot be asked for space on a disk",
}


def capability_issues(gateway: Gateway, spec: JobSpec) -> Iterator[Issue]:
    """Yield what a batch system cannot do of what is asked."""
    yield from _array(gateway, spec)
    yield from _gpus(gateway, spec)
    yield from _optional(gateway, spec)
    yield from _native(gateway, spec)
    if dependencies_of(spec) and not gateway.capabilities.dependencies:
        message = f"On {gateway.title} no job can wait for another yet."
        yield issue("spec.depends_on", "not_supported", message)


def _optional(gateway: Gateway, spec: JobSpec) -> Iterator[Issue]:
    """Yield the fields that are filled in and that the batch system has no use for."""
    placement, resources = placement_of(spec), spec.resources
    environment = environment_of(spec).kind
    filled: dict[OptionalField, bool] = {
        "environment.python": environment == "python",
        "environment.conda": environment == "conda",
        "environment.modules": environment == "modules",
        "environment.image": environment == "image",
        "placement.qos": placement.qos is not None,
        "placement.reservation": placement.reservation is not None,
        "placement.begin_at": placement.begin_at is not None,
        "placement.features": bool(placement.features),
        "resources.nodes": (nodes_of(resources) or 1) > 1,
        "resources.processes": processes_of(resources) > 1,
        "resources.scratch_bytes": scratch_bytes_of(resources) > 0,
    }
    for field, is_filled in filled.items():
        if is_filled and field not in gateway.site.accepts:
            message = f"{gateway.title} {_LACKS[field]}."
            at = "environment.kind" if field.startswith("environment.") else field
            yield issue(f"spec.{at}", "not_supported", message)


def _native(gateway: Gateway, spec: JobSpec) -> Iterator[Issue]:
    """Yield the options of a batch system's own that it does not take from here."""
    for name in native_of(spec):
        if name not in gateway.site.native:
            message = f"{gateway.title} cannot be given this option from here."
            yield issue(f"spec.native.{name[:100]}", "not_supported", message)


def _array(gateway: Gateway, spec: JobSpec) -> Iterator[Issue]:
    array, most = array_of(spec), gateway.limits.max_array_size
    if array is None:
        return
    if most is None:
        message = f"Arrays cannot be sent to {gateway.title} yet."
        yield issue("spec.array", "not_supported", message)
    elif array_size(array) > most:
        message = f"{gateway.title} takes arrays of at most {most:,} tasks."
        yield issue("spec.array", "out_of_range", message, limit=most)


def _gpus(gateway: Gateway, spec: JobSpec) -> Iterator[Issue]:
    asked, most = gpus_of(spec.resources), gateway.limits.max_gpus
    if not asked:
        return
    if most is None:
        message = f"GPUs cannot be asked for on {gateway.title} yet."
        yield issue("spec.resources.gpus", "not_supported", message)
    elif asked > most:
        has = "no GPU" if most == 0 else f"{most} GPU" if most == 1 else f"{most} GPUs"
        message = f"{gateway.title} has {has} for jobs."
        yield issue("spec.resources.gpus", "over_machine", message, limit=most)
