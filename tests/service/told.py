"""What a gateway and a status file tell of one job, and what becomes of the job."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from jupyterlab_batch.engine.status import RunStatus
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.merge import merge_observation
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.records import START, job_record

NOW = START + timedelta(hours=1)


def running(**fields: Any) -> JobRecord:
    """Return a job that runs, with some fields as given."""
    return job_record(**{"phase": "EXECUTING", "native_id": "1", "started_at": START, **fields})


def seen(phase: Any, **fields: Any) -> Observation:
    """Return what a gateway says of it."""
    return Observation(**{"native_id": "1", "phase": phase, **fields})


def status(**fields: Any) -> RunStatus:
    """Return what its status file says: by default, that it went well."""
    given: dict[str, Any] = {
        "native_id": "1",
        "attempt": 1,
        "host": "node1",
        "pid": 1,
        "started_at": START,
        "ended_at": START + timedelta(minutes=5),
        "exit_code": 0,
        "progress": None,
        "heartbeat_at": None,
        "outcome": None,
    }
    return RunStatus(**{**given, **fields})


def after(record: JobRecord, one: Observation, said: RunStatus | None = None) -> JobRecord:
    """Return a job after what was said of it."""
    return replace(record, **merge_observation(record, one, said, now=NOW))
