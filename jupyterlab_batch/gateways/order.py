"""What can be done to a job beside ending it, where a batch system can."""

from __future__ import annotations

from dataclasses import dataclass

from jupyterlab_batch.domain.generated import SignalName


@dataclass(frozen=True)
class Hold:
    """Keep tasks of an array that wait from starting, or let them."""

    is_held: bool


@dataclass(frozen=True)
class Suspend:
    """Stop what runs where it is; it keeps its cores and memory."""


@dataclass(frozen=True)
class Resume:
    """Let what is suspended go on."""


@dataclass(frozen=True)
class Requeue:
    """End what runs, and let it wait and run again: a new attempt of the same job."""


@dataclass(frozen=True)
class SendSignal:
    """Send a signal to all that the job runs, and leave it to the job what it does."""

    name: SignalName


@dataclass(frozen=True, kw_only=True)
class Change:
    """Other terms for a job that is not over; ``None`` is *as it is*."""

    walltime_seconds: int | None = None
    nice: int | None = None
    comment: str | None = None
    """The user's own; a gateway keeps our tag before it."""


Order = Hold | Suspend | Resume | Requeue | SendSignal | Change
