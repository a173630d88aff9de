"""Which native id a job has when a batch system has it twice: the one that claimed its directory.

What lies between us and a batch system may send a submission twice, and a user may hand ``run.sh``
to it once more. Only the one that claims the run directory runs; the other ends as a duplicate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.status import Claim, RunStatus
from jupyterlab_batch.service.merge import merge_status
from jupyterlab_batch.store.records import JobRecord


def claimed_by_another(claim: Claim | None, native_id: str) -> str | None:
    """Return the native id that owns a run directory, if it is another one than this."""
    if claim is None or claim.native_id in {"", native_id}:
        return None
    return claim.native_id


def moved(
    record: JobRecord, *, before: str, native_id: str, status: RunStatus | None
) -> Mapping[str, Any]:
    """Return what changes in a job that runs under another native id than it was known by."""
    if record.native_id not in {None, before} or is_final(record.phase):
        return {}
    changes: dict[str, Any] = {
        "native_id": native_id,
        "submitted_at": record.created_at,
        "phase": "QUEUED",
        "reason": None,
        "reason_text": None,
        "native_state": None,
        "estimated_start_at": None,
        "started_at": None,
    }
    if status is None:
        return changes
    now = datetime.now(timezone.utc)
    return {**changes, **merge_status(replace(record, **changes), status, now=now)}
