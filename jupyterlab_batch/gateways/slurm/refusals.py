"""What Slurm says when it says no: its error numbers and words, as problems at a field.

slurmrestd sends the numbers, the command-line tools only the words (seen with 22.05.8; both come
from ``src/common/slurm_errno.c``).
"""

from __future__ import annotations

from typing import Final

import msgspec

QUEUE: Final = "spec.placement.queue"
ACCOUNT: Final = "spec.placement.account"
QOS: Final = "spec.placement.qos"
RESERVATION: Final = "spec.placement.reservation"
FEATURES: Final = "spec.placement.features"
BEGIN: Final = "spec.placement.begin_at"
NODES: Final = "spec.resources.nodes"
PROCESSES: Final = "spec.resources.processes"
CORES: Final = "spec.resources.cores"
MEMORY: Final = "spec.resources.memory_bytes"
GPUS: Final = "spec.resources.gpus"
SCRATCH: Final = "spec.resources.scratch_bytes"
WALLTIME: Final = "spec.resources.walltime_seconds"

ACCESS_DENIED: Final = 2002
UNKNOWN_JOB: Final = 2017
ALREADY_OVER: Final = 2021
NOT_OWNED: Final = 2010
"""It is somebody else's."""
ARRAY_OVER: Final = 2084
"""All of an array is over."""
NOT_AUTHENTICATED: Final = 1007
NOTHING_FOUND: Final = 9003
NOT_CONTACTED: Final = 1800
"""slurmctld was not reached: nothing was handed over."""


class Refusal(msgspec.Struct, frozen=True):
    """One way in which Slurm refuses a submission."""

    number: int
    words: str
    field: str | None
    advice: str


REFUSALS: Final = (
    Refusal(2000, "Invalid partition name", QUEUE, "Choose another partition."),
    Refusal(2001, "No partition specified", QUEUE, "Choose a partition."),
    Refusal(2003, "group not permitted to use this partition", QUEUE, "Choose another partition."),
    Refusal(2005, "More processors requested", CORES, "Ask for fewer cores."),
    Refusal(2014, "Requested node configuration", None, "Ask for less memory or fewer cores."),
    Refusal(2015, "Requested partition configuration", QUEUE, "Ask for less."),
    Refusal(2045, "Invalid account", ACCOUNT, "Choose another account."),
    Refusal(2051, "Requested time limit is invalid", WALLTIME, "Ask for less time."),
    Refusal(
        2050, "violates accounting/QOS policy", None, "You have reached a limit of the cluster."
    ),
    Refusal(
        2081,
        "Invalid job array specification",
        "spec.array",
        "Take fewer tasks or smaller indices: the cluster numbers tasks up to a limit of its own, "
        "MaxArraySize, which `scontrol show config` tells in a terminal.",
    ),
    Refusal(2066, "Invalid qos", QOS, "Choose another quality of service."),
    Refusal(2006, "Node count specification invalid", NODES, "Ask for fewer nodes."),
    Refusal(2029, "Invalid feature specification", FEATURES, "Choose other features."),
    Refusal(2052, "Access denied to requested reservation", RESERVATION, "Choose another one."),
    Refusal(2053, "Requested reservation is invalid", RESERVATION, "Choose another one."),
)

_BY_NUMBER: Final = {refusal.number: refusal for refusal in REFUSALS}


def by_number(number: int) -> Refusal | None:
    """Find what an error number means for a submission."""
    return _BY_NUMBER.get(number)


def by_words(text: str) -> Refusal | None:
    """Find what the words of a command-line tool mean for a submission."""
    if "Memory specification can not be satisfied" in text:
        return Refusal(2014, text, MEMORY, "Ask for less memory.")
    if "Temporary disk specification can not be satisfied" in text:
        return Refusal(2014, text, SCRATCH, "Ask for less space.")
    return next((refusal for refusal in REFUSALS if refusal.words in text), None)
