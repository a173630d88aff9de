"""What a server keeps in mind of a job that it watches."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from jupyterlab_batch.engine.outputs import count_found, found_so_far
from jupyterlab_batch.gateways.tracking import Tracked
from jupyterlab_batch.store.records import JobRecord


class ActiveJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job that is watched, with what its status file must prove."""

    job_id: str
    gateway_id: str
    native_id: str
    submitted_at: datetime
    directory: Path
    nonce: str
    outputs: tuple[str, ...]
    is_array: bool
    tag: str

    @property
    def tracked(self) -> Tracked:
        """What its gateway knows it by."""
        return Tracked(native_id=self.native_id, tag=self.tag, submitted_at=self.submitted_at)


def active_job(record: JobRecord, native_id: str) -> ActiveJob:
    """Return a job as it is watched under a native id."""
    return ActiveJob(
        job_id=record.id,
        gateway_id=record.gateway_id,
        native_id=native_id,
        submitted_at=record.submitted_at or record.created_at,
        directory=Path(record.run_directory),
        nonce=record.nonce,
        outputs=record.outputs,
        is_array=record.array is not None,
        tag=record.tag,
    )


def count_outputs(job: ActiveJob, *, is_over: bool) -> int:
    """Return how many of the files that a job is to leave are there, as far as known. Blocks."""
    if is_over:
        return count_found(job.outputs)
    return sum(len(found_so_far(name, is_over=False)) for name in job.outputs)
