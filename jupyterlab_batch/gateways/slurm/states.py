"""Slurm's words for what a job does, in ours. Another word is shown as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True)
class Why:
    """A reason in our words."""

    code: ReasonCode
    text: str


_HELD_BY_ADMIN = Why(
    "held_by_admin", "An administrator of the cluster holds this job. Ask them to release it."
)
_PARTITION_TIME = Why(
    "limit_resources",
    "The time limit is longer than the partition allows. Cancel the job and ask for less time.",
)
_PARTITION_SIZE = Why(
    "limit_resources",
    "The job asks for more than this partition has. Cancel it and ask for less, "
    "or choose another partition.",
)
_UNSATISFIABLE = Why(
    "limit_resources",
    "No node of the partition can give what the job asks for. Cancel it and ask for less.",
)
_QUEUE_OFF = Why(
    "queue_unavailable",
    "The partition takes no jobs now. The job starts when it is open again, "
    "or submit it to another partition.",
)
_NODES_OFF = Why(
    "queue_unavailable",
    "The nodes that the job needs are down, drained or reserved. It starts when they are back.",
)

WAITING: Final[dict[str, Why]] = {
    "Resources": Why("resources", "The job waits for cores or memory to become free."),
    "Priority": Why("priority", "Jobs of higher priority are before this one."),
    "BeginTime": Why("begin_time", "The job waits for its begin time, or for a retry."),
    "Dependency": Why("dependency", "The job waits for another job."),
    "DependencyNeverSatisfied": Why(
        "dependency", "The job it waits for did not succeed, so it will never start. Cancel it."
    ),
    "JobHeldUser": Why("held_by_user", "You hold this job. Release it to let it start."),
    "JobHeldAdmin": _HELD_BY_ADMIN,
    "JobHoldMaxRequeue": Why(
        "held_by_admin",
        "The job was requeued too often and is held. Cancel it and look at its log.",
    ),
    "PartitionTimeLimit": _PARTITION_TIME,
    "PartitionNodeLimit": _PARTITION_SIZE,
    "PartitionConfig": _PARTITION_SIZE,
    "BadConstraints": _UNSATISFIABLE,
    "PartitionDown": _QUEUE_OFF,
    "PartitionInactive": _QUEUE_OFF,
    "ReqNodeNotAvail": _NODES_OFF,
    "NodeDown": _NODES_OFF,
    "InvalidAccount": Why(
        "limit_resources", "The account is not valid. Cancel the job and choose another account."
    ),
    "InvalidQOS": Why("limit_resources", "The quality of service is not valid. Cancel the job."),
    "Cleaning": Why("other", "The end of an earlier run of this job is being cleaned up."),
    "Licenses": Why("resources", "The job waits for a license to become free."),
    "Reservation": Why("begin_time", "The job waits for its reservation to begin."),
}

_LIMIT_TEXT = (
    "You have reached a limit of the cluster ({limit}). The job starts when others of yours, "
    "or of your group, have ended."
)


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
    return slurm_reason.startswith(("JobHeld", "JobHoldMaxRequeue"))


def why_waiting(slurm_reason: str | None) -> Why | None:
    """Say why a job is not running yet; ``None`` where Slurm does not say."""
    if not slurm_reason or slurm_reason == "None":
        return None
    word = slurm_reason.split(",")[0].strip()  # "ReqNodeNotAvail, UnavailableNodes:n1"
    known = WAITING.get(word)
    if known is not None:
        return known
    if "Jobs" in word and ("Max" in word or "Grp" in word):
        return Why("limit_jobs", _LIMIT_TEXT.format(limit=word))
    if word.startswith(("QOS", "Assoc", "Max", "Grp")):
        return Why("limit_resources", _LIMIT_TEXT.format(limit=word))
    return Why("other", slurm_reason)
