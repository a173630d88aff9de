"""Why a Slurm job waits: every reason that Slurm has a word for, in ours, with what to do.

The words are those of ``job_state_reason`` from 22.05 to 26.11. Most name a limit, by a grammar of
their own: ``QOSMaxCpuPerUserLimit``, ``AssocGrpGRESMinutes``, ``MaxMemoryRunMinsPerAccount``.
Another word is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.gateways.slurm.states import Why

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

_PROSE: Final[Mapping[str, str]] = {
    "Nodes required for job are DOWN": "ReqNodeNotAvail",
    "launch failed requeued held": "JobHoldMaxRequeue",
    "job requeued in held state": "JobHeldAdmin",
}
"""Slurm puts sentences in place of some words (``state_desc``); how they begin."""

_RESOURCES: Final[Mapping[str, str]] = {
    "cpu": "cores",
    "mem": "memory",
    "memory": "memory",
    "node": "nodes",
    "gres": "GPUs or other devices",
    "license": "licenses",
    "bb": "burst buffer",
    "energy": "energy",
    "billing": "billing units",
    "resource": "resources",
    "wallduration": "time",
    "wall": "time",
    "time": "time",
    "unknown": "units of some resource",
}
_NAMES: Final = (
    "CPU|Cpu|Memory|Mem|Node|GRES|License|BB|Energy|Billing|Resource|WallDuration|Wall|Time|Unknown"
)
LIMIT: Final = re.compile(
    rf"(?P<who>Assoc(?:iation)?|QOS)?(?P<kind>Grp|Max|Min)?(?P<what>(?:Submit)?Jobs?|{_NAMES})"
    r"(?P<minutes>RunMinutes|RunMins|Minutes)?(?:Per(?P<per>Job|Node|User|Account))?"
    r"(?:Limit|NotSatisfied)?"
)


def why_waiting(slurm_reason: str | None) -> Why | None:
    """Say why a job is not running yet and what to do; ``None`` where Slurm does not say."""
    if not slurm_reason or slurm_reason == "None":
        return None
    start = next((word for begin, word in _PROSE.items() if slurm_reason.startswith(begin)), None)
    word = start or slurm_reason.split(",")[0].strip()  # "ReqNodeNotAvail, UnavailableNodes:n1"
    known = KNOWN.get(word)
    if known is not None:
        return Why(*known)
    limit = LIMIT.fullmatch(word)
    if limit is None or not (limit["who"] or limit["kind"]):
        return Why("other", slurm_reason)
    code: ReasonCode = "limit_jobs" if "job" in limit["what"].lower() else "limit_resources"
    return Why(code, f"{_sentence(limit)} Slurm calls this limit {word}.")


def _sentence(limit: re.Match[str]) -> str:
    """Say in words which limit keeps a job back, and what to do."""
    what, per = limit["what"].lower(), (limit["per"] or "").lower()
    if "job" in what:
        state = "submitted" if "submit" in what else "running"
        return f"{_whose(limit)} the limit of {state} jobs. It starts when some have ended."
    resource = _RESOURCES[what]
    if limit["kind"] == "Min":
        return f"Its quality of service wants it to ask for more {resource}. Cancel it and do so."
    if per in ("job", "node"):
        asked = f"{resource} times time" if limit["minutes"] else resource
        return f"It asks for more {asked} than a {per} is allowed. Cancel it and ask for less."
    if limit["minutes"] and limit["minutes"].startswith("Run"):
        return (
            f"{_whose(limit)} the limit of {resource} times the time that running jobs may still "
            "take. It starts as that runs down, earlier with a shorter time limit."
        )
    if limit["minutes"] or what == "wall":
        times = "" if what == "wall" else f" {resource} times"
        return (
            f"{_whose(limit)} the limit of{times} time used. Choose another account, wait until "
            "older use counts less, or ask for more."
        )
    return f"{_whose(limit)} the limit of {resource} in use. It starts when other jobs have ended."


def _whose(limit: re.Match[str]) -> str:
    """Say who has reached a limit."""
    is_association = (limit["who"] or "").startswith("Assoc")
    if limit["per"] == "User":
        return "You have reached"
    if is_association and limit["kind"] == "Max":
        return "With this account you have reached"
    if is_association or limit["per"] == "Account":
        return "Your account has reached"
    return "All jobs of its quality of service have reached"
