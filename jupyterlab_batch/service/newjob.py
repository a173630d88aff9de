"""The record of a job that was not heard of yet, as its run directory describes it."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_batch.domain.arrays import no_tasks_yet
from jupyterlab_batch.domain.asked import nodes_of, processes_of
from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.engine.jobfile import JobFile
from jupyterlab_batch.store.records import JobRecord


def new_record(job: JobFile, spec: JobSpec, *, directory: Path, owner: str) -> JobRecord:
    """Return a job that is being submitted."""
    return JobRecord(
        id=job.job_id,
        key=job.key,
        tag=job.tag,
        nonce=job.nonce,
        gateway_id=job.gateway_id,
        name=spec.name,
        phase="PENDING",
        created_at=job.created_at,
        cores=spec.resources.cores * processes_of(spec.resources),
        memory_bytes=spec.resources.memory_bytes * (nodes_of(spec.resources) or 1),
        walltime_seconds=spec.resources.walltime_seconds,
        array=no_tasks_yet(spec),
        spec=spec,
        outputs=job.outputs,
        owner=owner,
        run_directory=str(directory),
        resubmitted_from=job.resubmitted_from,
        source_path=job.source_path,
    )
