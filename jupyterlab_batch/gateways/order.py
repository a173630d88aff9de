"""What can be done to a job beside ending it, where a batch system can."""

from __future__ import annotations

import msgspec

from jupyterlab_batch.domain.generated import SignalName


class Hold(msgspec.Struct, frozen=True):
    """Keep a job, or tasks of an array, that wait from starting, or let them."""

    is_held: bool


class Suspend(msgspec.Struct, frozen=True):
    """Stop what runs where it is; it keeps its cores and memory."""


class Resume(msgspec.Struct, frozen=True):
    """Let what is suspended go on."""


class Requeue(msgspec.Struct, frozen=True):
    """End what runs, and let it wait and run again: a new attempt of the same job."""


class SendSignal(msgspec.Struct, frozen=True):
    """Send a signal to all that the job runs, and leave it to the job what it does."""

    name: SignalName


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Other terms for a job that is not over; ``None`` is *as it is*."""

    walltime_seconds: int | None = None
    nice: int | None = None
    comment: str | None = None
    """The user's own; a gateway keeps our tag before it."""


Order = Hold | Suspend | Resume | Requeue | SendSignal | Change
