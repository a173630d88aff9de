"""What a batch system says of a job that is watched."""

from __future__ import annotations

from datetime import datetime

import msgspec

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.gateways.waiting import Waiting


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch system says of one job now. ``None`` is *not known*, never *none*."""

    native_id: str
    phase: Phase
    tag: str | None = None
    directory_name: str | None = None
    """Of the run directory, where the batch system shows in which folder a job began."""
    substate: str | None = None
    reason: ReasonCode | None = None
    reason_text: str | None = None
    native_state: str | None = None
    queue: str | None = None
    account: str | None = None
    submitted_at: datetime | None = None
    estimated_start_at: datetime | None = None
    """Of a job that waits."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    signal: int | None = None
    attempt: int = 1
    elapsed_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_peak_bytes: int | None = None
    is_usage_partial: bool = False
    """It was not measured all the time: the job used at least that."""
    memory_asked_bytes: int | None = None
    """As the batch system has it; a peak above it explains why a job was killed."""
    index: int | None = None
    """Of a task of an array."""
    tasks: tuple[Observation, ...] = ()
    """Of an array: those of its tasks of which there may be something new.

    One that neither queue nor history know is ``UNKNOWN`` for the reason ``lost``; its folder tells
    whether it ever began.
    """
    waiting: Waiting | None = None
    """Of an array that is polled: its tasks that are told of together, not in ``tasks``."""


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """Two looks in the queue and one in the history found nothing of this job."""

    native_id: str


class HealthChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway became reachable or unreachable, or the sign-in began or ceased to work."""


WatchEvent = Observation | Gone | HealthChanged
