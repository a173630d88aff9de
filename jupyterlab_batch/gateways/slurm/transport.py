"""What the two ways to Slurm, slurmrestd and the command-line tools, have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import ClassVar, Final

import msgspec

from jupyterlab_batch.domain.generated import Preview, Queue, Site
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.order import Order
from jupyterlab_batch.gateways.slurm.balances import Balances
from jupyterlab_batch.gateways.slurm.orders import Target
from jupyterlab_batch.gateways.slurm.records import name_of, tag_of
from jupyterlab_batch.gateways.slurm.site import Partition

PUZZLES: Final = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)
"""What reading an answer raises that has not the shape of Slurm's."""
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """What a cluster is and has."""

    version: str | None
    queues: list[Queue]
    accounts: list[str]
    site: Site
    partitions: Sequence[Partition] = ()
    has_history: bool
    """There is a slurmdbd, so jobs that left the queue are still known."""
    record_seconds: float | None
    """How long slurmctld remembers a finished job (``MinJobAge``)."""
    max_array_size: int | None = None
    """No index of an array may reach this (``MaxArraySize``); slurmrestd does not tell it."""


class Transport(ABC):
    """One way to Slurm. Every call has a deadline of its own.

    All methods but `preview` raise ``GatewayUnreachable`` and ``NotSignedIn``.
    """

    async def stop(self) -> None:  # noqa: B027 -- the command line has nothing to close
        """Close what is open."""

    @property
    def looks_at_once(self) -> int | None:
        """How many jobs one look is for: see `PollingGateway`."""
        return None

    @abstractmethod
    def preview(self, launch: Launch) -> Preview:
        """Return what `submit` sends."""

    @abstractmethod
    async def submit(self, launch: Launch) -> str:
        """Hand over a job and return Slurm's id; raises as `JobGateway.submit` does."""

    @abstractmethod
    async def jobs(self, native_ids: Sequence[str]) -> list[Observation]:
        """Return what slurmctld knows of some jobs."""

    @abstractmethod
    async def history(self, native_ids: Sequence[str]) -> list[Observation]:
        """Return what slurmdbd knows of some jobs; nothing if there is no slurmdbd.

        ``7_3`` is a task of an array: it comes as one of the array's tasks.
        """

    @abstractmethod
    async def find(self, launch: Launch, since: datetime) -> Observation | None:
        """Find the user's own job of a launch, in the queue and in the history."""

    @abstractmethod
    async def cancel(self, native_id: str) -> None:
        """End a job; one that is over or unknown is no error."""

    @abstractmethod
    async def cancel_tasks(self, native_id: str, indices: Sequence[int]) -> None:
        """End some tasks of an array; those that are over or unknown are no error."""

    orders: ClassVar[frozenset[type[Order]]] = frozenset()
    """Kinds that this way can give."""

    @abstractmethod
    async def order(self, target: Target, order: Order) -> None:
        """Give an order to a job, or to some tasks of an array.

        Raises
        ------
        TasksRefused
            It was done to all others of those tasks.
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """

    @abstractmethod
    async def cluster(self) -> Cluster:
        """Describe the cluster."""

    @abstractmethod
    async def balances(self, gateway_id: str) -> Balances:
        """Return the user's limits and what is used of them."""


def is_of_launch(launch: Launch, comment: str | None, working_directory: str | None) -> bool:
    """Tell whether a job that Slurm shows is the one of a launch.

    The name of its run directory, which no other job has, counts as well as the tag: a stock
    slurmdbd keeps no comment.
    """
    return tag_of(comment) == launch.tag or name_of(working_directory) == launch.run_directory.name


def time_of_id(job_id: str) -> datetime:
    """Return when a job id was made: the first ten characters of a ULID are milliseconds."""
    milliseconds = 0
    for character in job_id[:10]:
        milliseconds = milliseconds * 32 + max(_CROCKFORD.find(character), 0)
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def moment(epoch_seconds: float | None) -> datetime | None:
    """Return a time as Slurm counts it; 0 is not known."""
    return datetime.fromtimestamp(epoch_seconds, timezone.utc) if epoch_seconds else None
