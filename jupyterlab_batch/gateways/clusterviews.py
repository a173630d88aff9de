"""What a place for Dask clusters may let its user see and do in one that runs.

Each of it is a capability; where it is not had, it is refused.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from jupyterlab_batch.domain.generated import (
    ClusterProgress,
    ClusterUsers,
    ClusterWorkerList,
    WorkerRetired,
)
from jupyterlab_batch.domain.problems import GatewayRefused

if TYPE_CHECKING:
    from jupyterlab_batch.gateways.clusters import Accepted, TrackedCluster

_NOT_TOLD: Final = "This gateway does not tell that of its clusters."
_NOT_DONE: Final = "This gateway ends no single workers. Scale the cluster instead."


class Retirement(msgspec.Struct, frozen=True, kw_only=True):
    """What came of ending some workers."""

    results: Sequence[WorkerRetired]
    """One for each address that was asked for."""
    accepted: Accepted | None = None
    """What is wanted from now on; ``None`` if that is as before."""


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """Where the dashboard of a cluster is, as its gateway says itself."""

    url: str
    """Without a slash at its end; pages are below it."""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What is sent along with each request."""
    trust: ssl.SSLContext | None = None
    """Whom to believe that it is there, where that is asked by https."""


class ClusterViews:
    """The part of a `ClusterGateway` that not every one has.

    What is asked for here is asked for clusters that run. All of it may raise `GatewayRefused`,
    `GatewayUnreachable` and `NotSignedIn`. Many may ask at the same time: whoever calls it asks
    once a second at most for each cluster.
    """

    async def workers(self, cluster: TrackedCluster) -> ClusterWorkerList:
        """Return the workers of a cluster, by name (capability ``workers``)."""
        del cluster
        raise GatewayRefused(_NOT_TOLD)

    async def retire(self, cluster: TrackedCluster, addresses: Sequence[str]) -> Retirement:
        """End some workers once they have handed on what they hold (capability ``retire``)."""
        del cluster, addresses
        raise GatewayRefused(_NOT_DONE)

    async def progress(self, cluster: TrackedCluster) -> ClusterProgress:
        """Return how far the work of a cluster is (capability ``progress``)."""
        del cluster
        raise GatewayRefused(_NOT_TOLD)

    async def users(self, cluster: TrackedCluster) -> ClusterUsers:
        """Return the clients that are connected, and of which kernels, as far as that is known."""
        del cluster
        raise GatewayRefused(_NOT_TOLD)

    async def dashboard(self, cluster: TrackedCluster) -> Dashboard:
        """Return where its dashboard is (capability ``dashboard``)."""
        del cluster
        raise GatewayRefused(_NOT_TOLD)

    def log_file(self, cluster_id: str) -> Path:
        """Return where its log is on this machine (capability ``log``)."""
        del cluster_id
        raise GatewayRefused(_NOT_TOLD)
