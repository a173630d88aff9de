"""What the history adds to a job that is over."""

from __future__ import annotations

import signal as signals
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.observation import Observation

HARVEST_SECONDS: Final = (1.0, 3.0, 10.0)
"""When to ask the history for the usage of a finished job that it did not know yet."""

SILENCE_SECONDS: Final = 10.0
SILENCES: Final = 360
"""How often a history that does not answer is awaited before usage is given up: an hour."""

OVER_MEMORY: Final = (
    "The job used more memory than it asked for and was ended. Ask for more memory."
)


def is_whole(record: Observation) -> bool:
    """Tell whether a record of a job that is over says what it used: its steps may come later.

    Of one that was killed the memory matters: it may be why.
    """
    has_usage = bool(record.memory_peak_bytes or (record.cpu_seconds and record.signal is None))
    return is_final(record.phase) and (has_usage or record.started_at is None)


def with_record(seen: Observation, record: Observation) -> Observation:
    """Add what only the history knows: usage, a kill for memory, and who cancelled.

    The history may know the peak but not what was asked for (Slurm 22.05 shows ``16?`` for the
    memory of some short jobs), and the queue the other way round.
    """
    is_better = record.reason in ("memory", "cancelled_by_admin")
    has_end = seen.exit_code is not None or seen.signal is not None
    return explained(
        replace(
            seen,
            reason=record.reason if is_better else seen.reason,
            reason_text=record.reason_text if is_better else seen.reason_text,
            exit_code=seen.exit_code if has_end else record.exit_code,
            signal=seen.signal if has_end else record.signal,
            elapsed_seconds=record.elapsed_seconds,
            cpu_seconds=record.cpu_seconds,
            memory_peak_bytes=record.memory_peak_bytes,
            memory_asked_bytes=record.memory_asked_bytes or seen.memory_asked_bytes,
        )
    )


def explained(seen: Observation) -> Observation:
    """Say that a job was killed for its memory, where its measured peak is above what it asked for.

    Without cgroups Slurm kills such a job with SIGKILL and calls it FAILED, not OUT_OF_MEMORY (seen
    with 22.05).
    """
    peak, asked = seen.memory_peak_bytes, seen.memory_asked_bytes
    is_over = peak is not None and asked is not None and peak > asked
    if is_over and seen.reason == "signal" and seen.signal == signals.SIGKILL:
        return replace(seen, reason="memory", reason_text=OVER_MEMORY)
    return seen
