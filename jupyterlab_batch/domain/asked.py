"""What a specification asks for, where it says it and where it does not."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from jupyterlab_batch.domain.generated import Dependency, JobSpec, Resources, Variable


def variables_of(spec: JobSpec) -> Mapping[str, Variable]:
    """Return the variables that the user adds to the environment of the job, by name."""
    if isinstance(spec.environment, msgspec.UnsetType):
        return {}
    variables = spec.environment.variables
    return {} if isinstance(variables, msgspec.UnsetType) else variables


def gpus_of(resources: Resources) -> int:
    """Return how many GPUs are asked for."""
    return 0 if isinstance(resources.gpus, msgspec.UnsetType) else resources.gpus


def dependencies_of(spec: JobSpec) -> list[Dependency]:
    """Return the jobs that are to be over before this one starts."""
    return [] if isinstance(spec.depends_on, msgspec.UnsetType) else spec.depends_on
