"""What tasks of arrays used, and which of them failed, without all that is known of each."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

import msgspec

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.domain.phases import FINAL_PHASES

_FINAL: Final = ", ".join(f"'{phase}'" for phase in sorted(FINAL_PHASES))


class UsedTask(NamedTuple):
    """A task that ran and is over."""

    phase: Phase
    elapsed_seconds: float | None
    cpu_seconds: float | None
    memory_peak_bytes: int | None


class FailedTask(msgspec.Struct, frozen=True):
    """A task that failed."""

    index: int
    reason: ReasonCode | None
    reason_text: str | None
    exit_code: int | None
    signal: int | None
    elapsed_seconds: float | None
    memory_peak_bytes: int | None


def used(connection: sqlite3.Connection, job_id: str) -> list[UsedTask]:
    """Return what the tasks used that started and are over."""
    rows = connection.execute(
        "SELECT phase, elapsed_seconds, cpu_seconds, memory_peak_bytes FROM tasks"  # noqa: S608 -- our own constants
        f" WHERE job_id = ? AND started_at IS NOT NULL AND phase IN ({_FINAL})",
        (job_id,),
    )
    return [UsedTask(*row) for row in rows]


def failed(connection: sqlite3.Connection, job_id: str) -> list[FailedTask]:
    """Return the tasks that failed, in the order of their indices."""
    rows = connection.execute(
        "SELECT task_index, reason, reason_text, exit_code, signal, elapsed_seconds,"
        " memory_peak_bytes FROM tasks WHERE job_id = ? AND phase = 'ERROR' ORDER BY task_index",
        (job_id,),
    )
    return [FailedTask(*row) for row in rows]
