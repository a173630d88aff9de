"""What a wrapper writes into the run directory of a job."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from jupyterlab_batch.engine.status import Claim, WrapperRecord
from jupyterlab_batch.store.records import JobRecord


def claim(record: JobRecord, native_id: str) -> None:
    """Claim a run directory."""
    content = Claim(nonce=record.nonce, key=record.key, native_id=native_id, restart_count=0)
    Path(record.run_directory, "claim").write_bytes(msgspec.json.encode(content))


def wrap(
    record: JobRecord, native_id: str, *, exit_code: int | None, started_at: datetime | None = None
) -> None:
    """Say that a job runs, or how it ended."""
    started_at = started_at or datetime.now(timezone.utc)
    content = WrapperRecord(
        nonce=record.nonce,
        native_id=native_id,
        attempt=1,
        host="here",
        pid=1,
        started_at=started_at,
        ended_at=None if exit_code is None else started_at + timedelta(seconds=1),
        exit_code=exit_code,
    )
    Path(record.run_directory, "wrapper.json").write_bytes(msgspec.json.encode(content))
