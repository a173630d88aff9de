"""A job that is watched, and whether what is said under its native id is of that job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.gateways.observation import Observation

CLOCK_SKEW: Final = timedelta(minutes=10)


class Tracked(msgspec.Struct, kw_only=True):
    """One job that is to be watched until it is over."""

    native_id: str
    tag: str
    submitted_at: datetime
    directory_name: str | None = None
    """Of its run directory, which no other job has."""
    indices: Sequence[int] | None = None
    """Of the tasks of an array; ``None`` for a single job."""
    misses: int = msgspec.field(default=0)


def is_same_job(job: Tracked, seen: Observation) -> bool:
    """Tell whether an observation of this native id is of this job, not of one that reused the id.

    A missing or foreign tag proves nothing, since sites overwrite comments. Another tag of ours
    does, and so do another folder and a job that was submitted long before ours. A later time does
    not: being requeued renews it.
    """
    if seen.tag is not None and seen.tag.startswith(TAG_PREFIX):
        return seen.tag == job.tag
    names = {seen.directory_name, job.directory_name}
    if None not in names and len(names) == 2:
        return False
    return seen.submitted_at is None or seen.submitted_at > job.submitted_at - CLOCK_SKEW


def is_successor(job: Tracked, known: Tracked) -> bool:
    """Tell whether a job got the native id of another one that was forgotten."""
    return job.tag != known.tag and job.submitted_at > known.submitted_at
