"""What a specification asks for, where it says it and where it does not."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from jupyterlab_batch.domain.generated import (
    CommandTask,
    Dependency,
    Environment,
    JobSpec,
    LogStream,
    Placement,
    Resources,
    Variable,
)


def environment_of(spec: JobSpec) -> Environment:
    """Return in which environment the job runs; one that says nothing if none is asked for."""
    if isinstance(spec.environment, msgspec.UnsetType):
        return Environment(kind="inherit")
    return spec.environment


def variables_of(spec: JobSpec) -> Mapping[str, Variable]:
    """Return the variables that the user adds to the environment of the job, by name."""
    variables = environment_of(spec).variables
    return {} if isinstance(variables, msgspec.UnsetType) else variables


def output_names_of(spec: JobSpec) -> list[str]:
    """Return the files that the job is to leave, as its user named them."""
    if isinstance(spec.files, msgspec.UnsetType) or isinstance(
        spec.files.outputs, msgspec.UnsetType
    ):
        return []
    return spec.files.outputs


def log_paths_of(spec: JobSpec) -> dict[LogStream, str]:
    """Return where the logs are to be, as their user named them; none of those by default."""
    if isinstance(spec.files, msgspec.UnsetType):
        return {}
    named: dict[LogStream, str | msgspec.UnsetType | None] = {
        "stdout": spec.files.stdout_path,
        "stderr": spec.files.stderr_path,
    }
    return {stream: path for stream, path in named.items() if isinstance(path, str) and path}


def gpus_of(resources: Resources) -> int:
    """Return how many GPUs are asked for."""
    return 0 if isinstance(resources.gpus, msgspec.UnsetType) else resources.gpus


def processes_of(resources: Resources) -> int:
    """Return how many processes the job is to start by itself: by default one for each node."""
    if not isinstance(resources.processes, msgspec.UnsetType):
        return resources.processes
    return nodes_of(resources) or 1


def nodes_of(resources: Resources) -> int | None:
    """Return over how many nodes they are spread; ``None`` if the batch system may choose."""
    return None if isinstance(resources.nodes, msgspec.UnsetType) else resources.nodes


def scratch_bytes_of(resources: Resources) -> int:
    """Return how much space on a disk of each node is asked for."""
    return 0 if isinstance(resources.scratch_bytes, msgspec.UnsetType) else resources.scratch_bytes


def placement_of(spec: JobSpec) -> Placement:
    """Return where the job is to run; nothing in it is an empty text."""
    placement = Placement() if isinstance(spec.placement, msgspec.UnsetType) else spec.placement
    return Placement(
        queue=placement.queue or None,
        account=placement.account or None,
        qos=placement.qos or None,
        reservation=placement.reservation or None,
        begin_at=placement.begin_at or None,
        features=placement.features or [],
    )


def native_of(spec: JobSpec) -> Mapping[str, str | None]:
    """Return the options that are passed on to the batch system as they are."""
    return {} if isinstance(spec.native, msgspec.UnsetType) else spec.native


def dependencies_of(spec: JobSpec) -> list[Dependency]:
    """Return the jobs that are to be over before this one starts."""
    return [] if isinstance(spec.depends_on, msgspec.UnsetType) else spec.depends_on


def tags_of(spec: JobSpec) -> dict[str, str]:
    """Return what the job is found by, name to value."""
    return {} if isinstance(spec.tags, msgspec.UnsetType) else spec.tags


def tag_line(name: str, value: str) -> str:
    """Return a tag as it is searched for, in any case."""
    return f"\n{name}={value}\n".casefold()


def likeness_of(spec: JobSpec) -> str:
    """Return what jobs have in common that do the same: their file, or the name of a command."""
    if isinstance(spec.task, CommandTask):
        return f"command\n{spec.name}"
    return spec.task.path
