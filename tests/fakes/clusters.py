"""A place for Dask clusters without Dask: what it answers is said by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from jupyterlab_batch.domain.generated import (
    ClusterCapabilities,
    ClusterClient,
    ClusterFiles,
    ClusterLimits,
    ClusterOffer,
    ClusterSpec,
    FixedWorkers,
    Health,
    Issue,
)
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterGateway,
    ClusterLaunch,
    ClusterObservation,
    Created,
    TrackedCluster,
    Wanted,
)

MOST = 3


class FakeClusters(ClusterGateway):
    """Remembers what it was asked and answers what the test put there."""

    kind = "fake"

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.launches: list[ClusterLaunch] = []
        self.scaled: list[tuple[str, Wanted]] = []
        self.closed: list[str] = []
        self.cleaned: list[str] = []
        self.tracked: list[TrackedCluster] = []
        self.issues: list[Issue] = []
        self.create_errors: list[Exception] = []
        """Raised by the next calls, one each; so are the others."""
        self.scale_errors: list[Exception] = []
        self.close_errors: list[Exception] = []
        self.look_up_answers: list[Created | Exception | None] = []
        self.may_create = asyncio.Event()
        self.may_create.set()
        self.unavailable: str | None = None
        self._events: asyncio.Queue[ClusterObservation] = asyncio.Queue()

    def see(self, event: ClusterObservation) -> None:
        """Let the gateway notice something."""
        self._events.put_nowait(event)

    async def describe(self) -> ClusterOffer:
        return ClusterOffer(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version="1",
            health=Health(ok=True, auth_ok=True, latency_ms=None, error=None, as_of=None),
            unavailable=self.unavailable,
            capabilities=ClusterCapabilities(adaptive=True, tasks=True, survives_server=True),
            limits=ClusterLimits(max_workers=MOST, max_idle_stop_seconds=7200, max_name_length=200),
            options={"type": "object", "properties": {"flavour": {"type": "string"}}},
            default_spec=ClusterSpec(workers=FixedWorkers(count=MOST), idle_stop_seconds=3600),
            notices=[],
        )

    async def check(self, spec: ClusterSpec) -> list[Issue]:
        del spec
        return self.issues

    async def create(self, launch: ClusterLaunch) -> Created:
        self.launches.append(launch)
        await self.may_create.wait()
        if self.create_errors:
            raise self.create_errors.pop(0)
        return self.created(launch)

    def created(self, launch: ClusterLaunch) -> Created:
        accepted = _accepted(Wanted.of(launch.spec.workers))
        return Created(native_id=f"n-{len(self.launches)}", accepted=accepted)

    async def look_up(self, launch: ClusterLaunch) -> Created | None:
        del launch
        answer = self.look_up_answers.pop(0) if self.look_up_answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        self.scaled.append((native_id, wanted))
        if self.scale_errors:
            raise self.scale_errors.pop(0)
        return _accepted(wanted)

    async def close(self, native_id: str) -> None:
        self.closed.append(native_id)
        if self.close_errors:
            raise self.close_errors.pop(0)

    async def watch(self) -> AsyncIterator[ClusterObservation]:
        while True:
            yield await self._events.get()

    def track(self, clusters: Sequence[TrackedCluster]) -> None:
        self.tracked += clusters

    def client(self, launch: ClusterLaunch) -> ClusterClient:
        files = ClusterFiles(
            kind="files",
            scheduler_file=f"/{launch.cluster_id}/scheduler.json",
            tls_ca_file="/c",
            tls_certificate_file="/c",
            tls_key_file="/k",
        )
        return ClusterClient(code="client = ...\n", python=None, connection=files)

    async def clean(self, cluster_id: str) -> None:
        self.cleaned.append(cluster_id)


def _accepted(wanted: Wanted) -> Accepted:
    if wanted.maximum <= MOST:
        return Accepted(wanted=wanted, note=None)
    reduced = Wanted(minimum=min(MOST, wanted.minimum), maximum=MOST, adaptive=wanted.adaptive)
    return Accepted(wanted=reduced, note=f"Reduced to {MOST} workers by the limit of the fake.")
