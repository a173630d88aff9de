"""Stands in for a gateway of clusters that is configured but cannot be used, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from traitlets import Unicode

from jupyterlab_batch.domain.generated import (
    ClusterCapabilities,
    ClusterClient,
    ClusterLimits,
    ClusterOffer,
    ClusterSpec,
    FixedWorkers,
    Health,
    Issue,
)
from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterGateway,
    ClusterLaunch,
    ClusterObservation,
    Created,
    TrackedCluster,
    Wanted,
)

_MAX_NAME_LENGTH: Final = 200
_NOTHING: Final = ClusterCapabilities(**dict.fromkeys(ClusterCapabilities.__struct_fields__, False))


def nothing_offered(gateway_id: str, kind: str, title: str, why: str) -> ClusterOffer:
    """Return the offer of a gateway of which nothing is known but why."""
    return ClusterOffer(
        id=gateway_id,
        kind=kind,
        title=title,
        version=None,
        health=Health(ok=False, auth_ok=None, latency_ms=None, error=why, as_of=None),
        unavailable=why,
        capabilities=_NOTHING,
        limits=ClusterLimits(
            max_workers=None, max_idle_stop_seconds=None, max_name_length=_MAX_NAME_LENGTH
        ),
        options={"type": "object", "properties": {}},
        default_spec=ClusterSpec(workers=FixedWorkers(count=0)),
        notices=[],
    )


class UnavailableClusters(ClusterGateway):
    """The same of a gateway of clusters alone."""

    kind = "unavailable"

    configured_kind = Unicode(help="What the configuration asked for.")
    why = Unicode(help="Why it cannot be used, for the user.")

    async def describe(self) -> ClusterOffer:
        """Return an offer of nothing."""
        why = f"{self.title} cannot be used: {self.why}"
        return nothing_offered(self.gateway_id, self.configured_kind, self.title, why)

    async def check(self, spec: ClusterSpec) -> list[Issue]:
        """Refuse every cluster: there is nobody to ask."""
        del spec
        raise self._problem()

    async def create(self, launch: ClusterLaunch) -> Created:
        """Refuse every cluster."""
        del launch
        raise self._problem()

    async def look_up(self, launch: ClusterLaunch) -> Created | None:
        """Say that nobody can tell."""
        del launch
        raise self._problem()

    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        """Say that nobody can be told."""
        del native_id, wanted
        raise self._problem()

    async def close(self, native_id: str) -> None:
        """Say that nobody can be told."""
        del native_id
        raise self._problem()

    async def watch(self) -> AsyncIterator[ClusterObservation]:
        """See nothing, for ever."""
        await asyncio.Event().wait()
        yield ClusterObservation(native_id="", phase="UNKNOWN")

    def track(self, clusters: Sequence[TrackedCluster]) -> None:
        """Leave the clusters as they are."""

    def client(self, launch: ClusterLaunch) -> ClusterClient:
        """Say that nobody knows where they are."""
        raise self._problem()

    def _problem(self) -> GatewayUnreachable:
        return GatewayUnreachable(
            f"{self.title} cannot be used: {self.why}", gateway_id=self.gateway_id
        )
