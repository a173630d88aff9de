"""The phases of the contract: which are the end of a job, and what the screen calls them."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "PENDING": "Submitting",
    "HELD": "Held",
    "QUEUED": "Queued",
    "EXECUTING": "Running",
    "SUSPENDED": "Suspended",
    "COMPLETED": "Completed",
    "ERROR": "Failed",
    "ABORTED": "Cancelled",
    "UNKNOWN": "Unknown",
    "ARCHIVED": "Archived",
}
CLUSTER_WORDS: Final = {
    **WORDS,
    "QUEUED": "Waiting",
    "COMPLETED": "Stopped",
    "ABORTED": "Stopped",
}
FINAL: Final = {"COMPLETED", "ERROR", "ABORTED", "ARCHIVED"}
