"""Slurm's words for what a job does, in ours. Another word is shown as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Phase, ReasonCode

PHASES: Final[dict[str, Phase]] = {
    "PENDING": "QUEUED",
    "CONFIGURING": "QUEUED",
    "REQUEUED": "QUEUED",
    "REQUEUE_FED": "QUEUED",
    "REQUEUE_HOLD": "HELD",
    "RESV_DEL_HOLD": "HELD",
    "SPECIAL_EXIT": "HELD",
    "RUNNING": "EXECUTING",
    "COMPLETING": "EXECUTING",
    "RESIZING": "EXECUTING",
    "SIGNALING": "EXECUTING",
    "STAGE_OUT": "EXECUTING",
    "STOPPED": "SUSPENDED",
    "SUSPENDED": "SUSPENDED",
    "COMPLETED": "COMPLETED",
    "CANCELLED": "ABORTED",
    "BOOT_FAIL": "ERROR",
    "DEADLINE": "ERROR",
    "FAILED": "ERROR",
    "LAUNCH_FAILED": "ERROR",
    "NODE_FAIL": "ERROR",
    "OUT_OF_MEMORY": "ERROR",
    "PREEMPTED": "ERROR",
    "RECONFIG_FAIL": "ERROR",
    "REVOKED": "ERROR",
    "TIMEOUT": "ERROR",
}

FLAGS: Final = (
    "COMPLETING",
    "CONFIGURING",
    "REQUEUED",
    "REQUEUE_FED",
    "REQUEUE_HOLD",
    "RESV_DEL_HOLD",
    "SPECIAL_EXIT",
    "RESIZING",
    "SIGNALING",
    "STAGE_OUT",
    "STOPPED",
)
"""Since v0.0.40 they stand beside the base state: ``["FAILED", "COMPLETING"]``. They come first."""

SUBSTATES: Final = {
    "CONFIGURING": "starting",
    "COMPLETING": "finishing",
    "STAGE_OUT": "finishing",
}


class Why(msgspec.Struct, frozen=True):
    """A reason in our words."""

    code: ReasonCode
    text: str


def split_state(words: str | Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the base state and the flags.

    Parameters
    ----------
    words
        One word (v0.0.38, squeue), ``"CANCELLED by 1000"`` (sacct), or base and flags (v0.0.40).
    """
    listed = [words] if isinstance(words, str) else list(words)
    states = [word.split()[0].rstrip("+").upper() for word in listed if word.strip()]
    flags = tuple(word for word in states if word in FLAGS)
    bases = [word for word in states if word not in FLAGS]
    return (bases[0] if bases else (flags[0] if flags else "")), flags


def phase_of(words: str | Sequence[str], slurm_reason: str | None) -> tuple[Phase, str | None]:
    """Return phase and substate; a state that we do not know is ``UNKNOWN``.

    A job that is over but still ``COMPLETING`` is not over for us: its processes may live.
    """
    base, flags = split_state(words)
    decisive = flags[0] if flags else base
    phase = PHASES.get(decisive, "UNKNOWN")
    if base == "PENDING" and slurm_reason is not None and is_hold(slurm_reason):
        phase = "HELD"
    return phase, SUBSTATES.get(decisive)


def is_hold(slurm_reason: str) -> bool:
    """Tell whether somebody must release the job before it can start."""
    return slurm_reason.startswith(("JobHeld", "JobHoldMaxRequeue")) or "held" in slurm_reason
