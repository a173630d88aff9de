"""What the history adds to a job that is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.base import Observation

HARVEST_SECONDS: Final = (1.0, 3.0, 10.0)
"""When to ask the history for the usage of a finished job that it did not know yet."""

SILENCE_SECONDS: Final = 10.0
SILENCES: Final = 360
"""How often a history that does not answer is awaited before usage is given up: an hour."""


def is_whole(record: Observation) -> bool:
    """Tell whether a record of a job that is over says what it used: its steps may come later.

    Of one that was killed the memory matters: it may be why.
    """
    has_usage = bool(record.memory_peak_bytes or (record.cpu_seconds and record.signal is None))
    return is_final(record.phase) and (has_usage or record.started_at is None)


def with_record(seen: Observation, record: Observation) -> Observation:
    """Add what only the history knows: usage, a kill for memory, and who cancelled."""
    is_better = record.reason in ("memory", "cancelled_by_admin")
    has_end = seen.exit_code is not None or seen.signal is not None
    return replace(
        seen,
        reason=record.reason if is_better else seen.reason,
        reason_text=record.reason_text if is_better else seen.reason_text,
        exit_code=seen.exit_code if has_end else record.exit_code,
        signal=seen.signal if has_end else record.signal,
        elapsed_seconds=record.elapsed_seconds,
        cpu_seconds=record.cpu_seconds,
        memory_peak_bytes=record.memory_peak_bytes,
    )
