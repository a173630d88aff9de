"""Jobs to put into a store."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from jupyterlab_batch.domain.generated import CommandTask, JobSpec, Resources
from jupyterlab_batch.domain.identifiers import new_job_id
from jupyterlab_batch.store.records import JobRecord

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def job_record(name: str = "Count", **fields: Any) -> JobRecord:
    job_id = fields.pop("id", None) or new_job_id(START)
    given: dict[str, Any] = {
        "id": job_id,
        "key": f"key-{job_id}",
        "tag": f"jlb:{job_id}",
        "nonce": "n" * 32,
        "gateway_id": "fake",
        "name": name,
        "phase": "PENDING",
        "created_at": START,
        "cores": 1,
        "memory_bytes": 2**20,
        "walltime_seconds": 60,
        "spec": JobSpec(
            name=name,
            task=CommandTask(argv=["true"]),
            resources=Resources(cores=1, memory_bytes=2**20, walltime_seconds=60),
        ),
        "owner": "me",
        "run_directory": "/nowhere",
    }
    return JobRecord(**{**given, **fields})
