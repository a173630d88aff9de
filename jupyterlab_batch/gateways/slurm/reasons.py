"""Slurm's words for why a job waits (``job_state_reason``, 22.05 to 26.11), and their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jupyterlab_batch.domain.generated import ReasonCode

_GATES: Final[Mapping[str, tuple[ReasonCode, str]]] = {
    "Resources": (
        "resources",
        "It waits for cores, memory or GPUs to become free. It starts by itself; one that asks for "
        "less may start earlier.",
    ),
    "Priority": (
        "priority",
        "Jobs of higher priority are before this one. It starts by itself; the more of your group "
        "ran lately, the longer that may take.",
    ),
    "BeginTime": (
        "begin_time",
        "It waits for its begin time, or for the pause before another try. It starts by itself.",
    ),
    "Dependency": ("dependency", "It waits for another job. It starts when that one has ended."),
    "DependencyNeverSatisfied": (
        "dependency",
        "The job it waits for did not end as it should have, so this one will never start. "
        "Cancel it.",
    ),
    "JobHeldUser": ("held_by_user", "You hold this job. Release it to let it start."),
    "JobHeldAdmin": (
        "held_by_admin",
        "An administrator of the cluster, or a failed start, holds this job. Ask them to release "
        "it, or cancel it.",
    ),
    "JobHoldMaxRequeue": (
        "held_by_admin",
        "It was started again too often and is held. Cancel it and look at its log.",
    ),
    "JobArrayTaskLimit": (
        "limit_jobs",
        "As many tasks of the array run as may at a time. Others start as these end.",
    ),
    "Reservation": ("begin_time", "It waits for its reservation to begin. It starts by itself."),
    "ReservationDeleted": (
        "queue_unavailable",
        "The reservation it was to run in has ended or was deleted. Cancel the job and submit it "
        "without one.",
    ),
    "ReservationInvalid": (
        "queue_unavailable",
        "It cannot run in the reservation that it names. Cancel it and submit it without one.",
    ),
    "Licenses": ("resources", "It waits for a license to become free. It starts by itself."),
    "BurstBufferResources": (
        "resources",
        "It waits for room in the burst buffer. It starts by itself.",
    ),
    "BurstBufferStageIn": (
        "resources",
        "Its files are being copied into the burst buffer. It starts by itself after that.",
    ),
    "BurstBufferOperation": (
        "launch_failed",
        "The burst buffer failed for this job. Cancel it and ask the administrators.",
    ),
    "MpiPortsBusy": ("resources", "It waits for network ports for MPI. It starts by itself."),
    "NvidiaImexChannels": (
        "resources",
        "It waits for a channel between the memories of GPUs. It starts by itself.",
    ),
    "Prolog": ("resources", "Its nodes are being prepared. It starts by itself."),
    "Cleaning": ("resources", "An earlier run of it is being cleaned up. It starts after that."),
    "FedJobLock": ("resources", "The clusters of the federation agree on who runs it. Wait."),
    "SchedDefer": (
        "resources",
        "The cluster starts no job at once, and this one wants to be. Cancel it and submit it "
        "without that.",
    ),
    "None": ("resources", "Slurm has not looked at it yet. Wait a moment."),
}

_CLOSED: Final[Mapping[str, tuple[ReasonCode, str]]] = {
    "PartitionDown": (
        "queue_unavailable",
        "The partition starts no jobs now. It starts when that is open again, or submit it to "
        "another partition.",
    ),
    "PartitionInactive": (
        "queue_unavailable",
        "The partition is switched off. It starts when that is on again, or submit it to another "
        "partition.",
    ),
    "ReqNodeNotAvail": (
        "queue_unavailable",
        "The nodes that it needs are down, drained or reserved. It starts when they are back.",
    ),
    "NodeDown": (
        "queue_unavailable",
        "A node that it needs is down. It starts when that is back, or submit it again.",
    ),
    "FrontEndDown": (
        "queue_unavailable",
        "The cluster's front end is down. It starts when that is back.",
    ),
    "PowerNotAvail": (
        "queue_unavailable",
        "The cluster has no electric power to spare for it. It starts when it has.",
    ),
    "PowerReserved": (
        "queue_unavailable",
        "Electric power is reserved for others. It starts when that is over.",
    ),
    "MaxPoweredUpNodes": (
        "queue_unavailable",
        "As many nodes are switched on as may be. It starts when some are free.",
    ),
    "SystemFailure": (
        "queue_unavailable",
        "Something failed in the cluster. Wait, or ask the administrators.",
    ),
}

_ASKS_WRONG: Final[Mapping[str, tuple[ReasonCode, str]]] = {
    "PartitionTimeLimit": (
        "limit_resources",
        "Its time limit is longer than the partition allows. Cancel it and ask for less time, or "
        "choose another partition.",
    ),
    "PartitionNodeLimit": (
        "limit_resources",
        "It asks for more nodes than the partition allows, or they are down. Cancel it and ask "
        "for fewer, or choose another partition.",
    ),
    "PartitionConfig": (
        "limit_resources",
        "It asks for what this partition does not allow. Cancel it and ask for less, or choose "
        "another partition.",
    ),
    "BadConstraints": (
        "limit_resources",
        "No node of the partition can give what it asks for. Cancel it and ask for less.",
    ),
    "Constraints": (
        "limit_resources",
        "No node that is up can give what it asks for. Wait, or cancel it and ask for less.",
    ),
    "MaxMemPerLimit": (
        "limit_resources",
        "It asks for more memory for each core or node than is allowed. Cancel it and ask for "
        "less, or for more cores.",
    ),
    "DeadLine": (
        "limit_resources",
        "It cannot end before its deadline any more. Cancel it and ask for less time.",
    ),
    "InvalidAccount": (
        "limit_resources",
        "Its account is not valid any more. Cancel it and choose another account.",
    ),
    "InvalidQOS": (
        "limit_resources",
        "Its quality of service is not valid any more. Cancel it and choose another one.",
    ),
    "AccountNotAllowed": (
        "limit_resources",
        "Its account may not use this partition. Cancel it and choose another of the two.",
    ),
    "QOSNotAllowed": (
        "limit_resources",
        "Its quality of service may not use this partition. Cancel it and choose another of the "
        "two.",
    ),
    "QOSUsageThreshold": (
        "limit_resources",
        "Your account used too much lately for this quality of service. Wait, or choose another.",
    ),
    "AccountingPolicy": (
        "limit_resources",
        "A limit of your account keeps it back. Wait until other jobs have ended, or ask the "
        "administrators which limit.",
    ),
}

_ENDED: Final[Mapping[str, tuple[ReasonCode, str]]] = {
    "JobLaunchFailure": (
        "launch_failed",
        "The last try to start it failed. Cancel it and look at its log.",
    ),
    "NonZeroExitCode": (
        "exit_nonzero",
        "Its last run ended with an error code. Look at its log before it is run again.",
    ),
    "RaisedSignal": (
        "signal",
        "Its last run was ended by a signal. Look at its log before it is run again.",
    ),
    "TimeLimit": ("other", "Its last run reached its time limit. Cancel it; ask for more time."),
    "InactiveLimit": (
        "other",
        "Its last run did nothing for too long. Look at its log before it is run again.",
    ),
    "OutOfMemory": ("other", "Its last run was out of memory. Cancel it; ask for more."),
}

KNOWN: Final = {**_GATES, **_CLOSED, **_ASKS_WRONG, **_ENDED}

PROSE: Final[Mapping[str, str]] = {
    "Nodes required for job are DOWN": "ReqNodeNotAvail",
    "launch failed requeued held": "JobHoldMaxRequeue",
    "job requeued in held state": "JobHeldAdmin",
}
"""Slurm puts sentences in place of some words (``state_desc``); how they begin."""
