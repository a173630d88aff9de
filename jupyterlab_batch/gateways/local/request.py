"""A submission as the supervisor gets it, and what this machine has against it."""

from __future__ import annotations

from collections.abc import Iterator

from jupyterlab_batch.domain.arrays import array_of, max_running, task_indices
from jupyterlab_batch.domain.asked import gpus_of
from jupyterlab_batch.domain.generated import Issue, JobSpec, Limits
from jupyterlab_batch.engine.arrays import runs_of
from jupyterlab_batch.engine.protocol import ArrayRequest, Awaited, JobRequest
from jupyterlab_batch.engine.wording import cores, gpus, memory
from jupyterlab_batch.gateways.launch import Launch


def request_of(launch: Launch) -> JobRequest:
    """Return what the supervisor is asked to run."""
    resources, array = launch.spec.resources, array_of(launch.spec)
    tasks = None
    if array is not None:
        tasks = ArrayRequest(runs=runs_of(task_indices(array)), max_running=max_running(array))
    return JobRequest(
        job_id=launch.job_id,
        tag=launch.tag,
        name=launch.spec.name,
        run_directory=str(launch.run_directory),
        script_path=str(launch.script_path),
        stdout_path=str(launch.stdout_path),
        stderr_path=str(launch.stderr_path),
        cores=resources.cores,
        memory_bytes=resources.memory_bytes,
        walltime_seconds=resources.walltime_seconds,
        gpus=gpus_of(resources),
        array=tasks,
        awaited=[Awaited(tag=other.tag, when=other.when) for other in launch.awaited],
    )


def issues_of(spec: JobSpec, limits: Limits) -> Iterator[Issue]:
    """Yield what can never run on this machine."""
    asked = spec.resources
    for field, wanted, limit, words in (
        ("cores", asked.cores, limits.max_cores, cores),
        ("memory_bytes", asked.memory_bytes, limits.max_memory_bytes, _of_memory),
        ("gpus", gpus_of(asked), limits.max_gpus, gpus),
    ):
        if limit is not None and wanted > limit:
            yield Issue(
                field_=f"spec.resources.{field}",
                severity="error",
                code="over_machine",
                message=f"This server has {words(limit)} for jobs.",
                limit=limit,
            )


def _of_memory(count: int) -> str:
    return f"{memory(count)} of memory"
