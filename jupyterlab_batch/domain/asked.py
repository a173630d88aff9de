"""What a submission asks for where it may leave something out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from jupyterlab_batch.domain.generated import JobSpec, Variable


def variables_of(spec: JobSpec) -> Mapping[str, Variable]:
    """Return the variables that the user adds to the environment of the job, by name."""
    if isinstance(spec.environment, msgspec.UnsetType):
        return {}
    variables = spec.environment.variables
    return {} if isinstance(variables, msgspec.UnsetType) else variables
