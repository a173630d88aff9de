"""The life of a job: which phases there are, which end it, and what a person must do about them."""

from __future__ import annotations

from typing import Final, get_args

from jupyterlab_batch.domain.generated import JobGroup, Phase

# The generated aliases are `Annotated[Literal[...], ...]`.
PHASES: Final[tuple[Phase, ...]] = get_args(get_args(Phase)[0])
FINAL_PHASES: Final[frozenset[Phase]] = frozenset({"COMPLETED", "ERROR", "ABORTED", "ARCHIVED"})
RUNNING_PHASES: Final[frozenset[Phase]] = frozenset({"EXECUTING", "SUSPENDED"})
QUEUED_PHASES: Final[frozenset[Phase]] = frozenset({"PENDING", "HELD", "QUEUED"})
JOB_GROUPS: Final[tuple[JobGroup, ...]] = get_args(get_args(JobGroup)[0])


def is_final(phase: Phase) -> bool:
    """Tell whether nothing more will happen to a job of this phase by itself."""
    return phase in FINAL_PHASES


def group_of(phase: Phase, *, seen: bool) -> JobGroup:
    """Tell in which group of the panel a job belongs; the TypeScript twin is ``groupOf``."""
    if phase == "UNKNOWN" or (phase == "ERROR" and not seen):
        return "needs_you"
    if phase in RUNNING_PHASES:
        return "running"
    if phase in QUEUED_PHASES:
        return "queued"
    return "finished"
