"""What every place must offer where Dask clusters can be started, whatever it is.

An adapter is one subclass of `ClusterGateway` in one file or folder; an adapter of jobs that also
has clusters returns it from `JobGateway.clusters`. It knows ``domain`` and nothing above, and never
writes to the store. The suite in ``tests/gateways/clusters`` says what is expected of it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec
from traitlets import Unicode
from traitlets.config import LoggingConfigurable

from jupyterlab_batch.domain.generated import (
    AdaptiveWorkers,
    ClusterCandidate,
    ClusterClient,
    ClusterOffer,
    ClusterPhase,
    ClusterReason,
    ClusterSpec,
    ClusterTasks,
    ClusterWarning,
    FixedWorkers,
    Issue,
)
from jupyterlab_batch.gateways.clusterviews import ClusterViews
from jupyterlab_batch.gateways.gatewaytype import GatewayType


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How many workers: ``maximum``, or as many as there is work for."""

    minimum: int
    maximum: int
    adaptive: bool

    @classmethod
    def of(cls, workers: FixedWorkers | AdaptiveWorkers) -> Wanted:
        """Return what a specification asks for."""
        if isinstance(workers, FixedWorkers):
            return cls(minimum=workers.count, maximum=workers.count, adaptive=False)
        return cls(minimum=workers.minimum, maximum=workers.maximum, adaptive=True)


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway made of how many workers were asked for."""

    wanted: Wanted
    note: str | None
    """For a person: how it differs from what was asked for; ``None`` if it does not."""


class ClusterLaunch(msgspec.Struct, frozen=True, kw_only=True):
    """One cluster, ready to be handed to a gateway."""

    cluster_id: str
    tag: str
    """Ours, ``jlb:<cluster_id>``; where a gateway can show it back, it is looked up by it."""
    name: str
    spec: ClusterSpec
    idle_stop_seconds: int | None
    """``None`` where the gateway alone knows: see `ClusterCapabilities`."""
    working_directory: Path
    asked_at: datetime
    native_id: str | None = None
    """Of one that is there."""
    environment: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What the server hands down, on this machine."""
    memo: str = ""
    """What the server wants to know again should it lose its store: see `ClusterGateway.survey`."""


class Created(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway took the cluster."""

    native_id: str
    accepted: Accepted | None
    """``None``: its workers can be asked for only when it is up, and are then, by `watch`."""


class ClusterObservation(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway says of one cluster now. ``None`` is *not known*, never *none*."""

    native_id: str
    phase: ClusterPhase
    substate: Literal["starting", "stopping"] | None = None
    reason: ClusterReason | None = None
    reason_text: str | None = None
    accepted: Accepted | None = None
    """What came of asking for the workers of one that has come up: see `Created`."""
    ready: int | None = None
    wanted: int | None = None
    """What adapting aims at now; what was accepted last is known without it."""
    cores: int | None = None
    memory_bytes: int | None = None
    memory_used_bytes: int | None = None
    tasks: ClusterTasks | None = None
    has_dashboard: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ends_at: datetime | None = None
    idle_since: datetime | None = None
    stale_since: datetime | None = None
    """Of when the figures are, if newer ones should have come."""
    warnings: Sequence[ClusterWarning] = ()
    """What its user should know, one of each kind."""


class FoundCluster(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that is there, whoever knows of it."""

    native_id: str
    memo: str | None = None
    """Of the launch; ``None``: nobody knows that we started it."""
    asked_at: datetime | None = None
    options: Mapping[str, Any] = msgspec.field(default_factory=dict)


class TrackedCluster(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster that is to be watched."""

    native_id: str
    cluster_id: str
    awaited: Wanted | None = None
    """Workers that are to be asked for as soon as it is up: see `Created`."""
    started_at: datetime | None = None


class ClusterGateway(ClusterViews, LoggingConfigurable, metaclass=GatewayType):
    """One place where Dask clusters can be started.

    All coroutines run on the server's event loop, must not block it, may be cancelled at any
    ``await`` and must end by themselves within their deadline. Dask is never imported: what needs
    it is done by a process apart.
    """

    kind: ClassVar[str]
    """Name of the entry point."""

    gateway_id = Unicode(help="Names this gateway in clusters; must never change.").tag(config=True)
    title = Unicode(help="Shown to users.").tag(config=True)

    async def start(self) -> None:
        """Open what is needed. Must not fail because the gateway is down."""

    async def stop(self) -> None:
        """Close what `start` opened. Clusters go on. Bears not having been started."""

    @abstractmethod
    async def describe(self) -> ClusterOffer:
        """Return what can be had here, and how the gateway is. Never raises for one that is down.

        ``unavailable`` says in words why no cluster can be started now.
        """

    @abstractmethod
    async def check(self, spec: ClusterSpec) -> list[Issue]:
        """Return what this gateway has against a cluster, each at its field, all at once.

        More workers than it gives are no error: they are reduced, and `Accepted.note` says so.
        None at all is one, of the options.
        """

    @abstractmethod
    async def create(self, launch: ClusterLaunch) -> Created:
        """Start one cluster.

        Raises
        ------
        GatewayRefused
            It said no: no cluster exists.
        NotSignedIn
            The credential is missing, expired or foreign: no cluster exists.
        GatewayUnreachable
            Nothing was sent: no cluster exists.
        AnswerLost
            Sent, but no answer was read: the cluster may exist. Never resend; look it up.
        """

    @abstractmethod
    async def look_up(self, launch: ClusterLaunch) -> Created | Sequence[ClusterCandidate] | None:
        """Find the cluster of a launch whose answer was lost; ``None`` if it surely never was.

        Where nothing shows our tag, return those that it may be: new since it was asked for, with
        its options. Only the user can say which it is.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
            Nobody can tell.
        """

    async def survey(self, known: Collection[str]) -> list[FoundCluster]:
        """Return what is there of the user's clusters; nothing where that cannot be told.

        Parameters
        ----------
        known
            Ids of clusters that need not be returned.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
        """
        del known
        return []

    @abstractmethod
    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        """Want another number of workers; a fixed one ends adapting.

        Raises
        ------
        GatewayRefused
            It is over, or being stopped; its words say which.
        GatewayUnreachable, NotSignedIn
        """

    @abstractmethod
    async def close(self, native_id: str) -> None:
        """End a cluster. Returns when the order was taken; the end is seen by `watch`.

        One that is over already, or not known, is no error.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """

    @abstractmethod
    def watch(self) -> AsyncIterator[ClusterObservation]:
        """Yield every change of every tracked cluster until closed.

        One that is `track`ed yields at least one observation. A gateway that is slow or silent is
        awaited without end; its clusters are yielded with ``stale_since``.
        """

    @abstractmethod
    def track(self, clusters: Sequence[TrackedCluster]) -> None:
        """Watch these clusters too, until each is over. Tracking one twice does nothing."""

    def looked(self) -> None:
        """Somebody looks at the clusters now, and will for some seconds."""
        return

    @abstractmethod
    def client(self, launch: ClusterLaunch) -> ClusterClient:
        """Return how a notebook connects; places, never keys."""

    async def clean(self, cluster_id: str) -> None:
        """Remove what a cluster that is over left, of which all is stored that must be."""
        del cluster_id
