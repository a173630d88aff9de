"""From a planned or a stored job to what gateways take."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.engine.rundirectory import RunPlan
from jupyterlab_batch.gateways.base import AwaitedJob, Launch, Tracked
from jupyterlab_batch.store.records import JobRecord


def launch_of_plan(plan: RunPlan, awaited: tuple[AwaitedJob, ...] = ()) -> Launch:
    """Return what is handed to a gateway."""
    return Launch(
        job_id=plan.job_id,
        tag=plan.tag,
        spec=plan.spec,
        run_directory=plan.directory,
        script_text=plan.script_text,
        stdout_path=plan.stdout_path,
        stderr_path=plan.stderr_path,
        awaited=awaited,
    )


def launch_of_record(record: JobRecord) -> Launch:
    """Return what was handed to a gateway, to look a job up; its script is not needed for that."""
    directory = Path(record.run_directory)
    return Launch(
        job_id=record.id,
        tag=record.tag,
        spec=record.spec,
        run_directory=directory,
        script_text="",
        stdout_path=directory / "stdout.log",
        stderr_path=directory / "stderr.log",
    )


def tracked(record: JobRecord, native_id: str) -> Tracked:
    """Return what a gateway must know to watch a job."""
    array = array_of(record.spec)
    return Tracked(
        native_id=native_id,
        tag=record.tag,
        submitted_at=record.submitted_at or record.created_at,
        indices=None if array is None else task_indices(array),
    )
