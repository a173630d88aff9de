"""A place for Dask clusters without Dask: what it answers is said by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime, timezone
from pathlib import Path

from jupyterlab_batch.domain.generated import (
    ClusterCandidate,
    ClusterCapabilities,
    ClusterClient,
    ClusterFiles,
    ClusterLimits,
    ClusterOffer,
    ClusterProgress,
    ClusterSpec,
    ClusterTaskGroup,
    ClusterUsers,
    ClusterWorker,
    ClusterWorkerList,
    FixedWorkers,
    Health,
    Issue,
    WorkerRetired,
)
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterGateway,
    ClusterLaunch,
    ClusterObservation,
    Created,
    FoundCluster,
    TrackedCluster,
    Wanted,
)
from jupyterlab_batch.gateways.clusterviews import Dashboard, Retirement
from tests.fakes.dashboard import FakeDashboard

MOST = 3
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=timezone.utc)
WORKER = ClusterWorker(
    address="tls://127.0.0.1:40000",
    name="0",
    state="running",
    cores=1,
    cpu_percent=97.5,
    memory_bytes=2**30,
    memory_used_bytes=2**29,
    spilled_bytes=0,
    tasks_processing=2,
    tasks_in_memory=3,
    last_seen_at=NOW,
)


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
        self.look_up_answers: list[Created | Sequence[ClusterCandidate] | Exception | None] = []
        self.is_late = False
        """Workers can be asked for only when a cluster is up."""
        self.found: list[FoundCluster] = []
        self.may_create = asyncio.Event()
        self.may_create.set()
        self.unavailable: str | None = None
        self.retired: list[tuple[str, Sequence[str]]] = []
        self.view_errors: list[Exception] = []
        """Raised by the next looks at workers, progress or dashboard, and by orders to retire."""
        self.views = 0
        """So often it was asked for one of them."""
        self.is_viewed = asyncio.Event()
        self.may_view = asyncio.Event()
        self.may_view.set()
        self.log_path: Path | None = Path("/nowhere/owner.log")
        self.pages = FakeDashboard()
        self._events: asyncio.Queue[ClusterObservation] = asyncio.Queue()

    def see(self, event: ClusterObservation) -> None:
        """Let the gateway notice something."""
        self._events.put_nowait(event)

    async def start(self) -> None:
        self.pages.start()

    async def stop(self) -> None:
        self.pages.stop()

    async def describe(self) -> ClusterOffer:
        return ClusterOffer(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version="1",
            health=Health(ok=True, auth_ok=True, latency_ms=None, error=None, as_of=None),
            unavailable=self.unavailable,
            capabilities=ClusterCapabilities(
                **dict.fromkeys(ClusterCapabilities.__struct_fields__, True)
            ),
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
        accepted = None if self.is_late else _accepted(Wanted.of(launch.spec.workers))
        return Created(native_id=f"n-{len(self.launches)}", accepted=accepted)

    async def look_up(self, launch: ClusterLaunch) -> Created | Sequence[ClusterCandidate] | None:
        del launch
        answer = self.look_up_answers.pop(0) if self.look_up_answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def survey(self, known: Collection[str]) -> list[FoundCluster]:
        del known
        return self.found

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
            scheduler_file=f"/{launch.cluster_id}/scheduler.json",
            tls_ca_file="/c",
            tls_certificate_file="/c",
            tls_key_file="/k",
        )
        return ClusterClient(code="client = ...\n", python=None, connection=files)

    async def workers(self, cluster: TrackedCluster) -> ClusterWorkerList:
        await self._view(cluster)
        return ClusterWorkerList(as_of=NOW, workers=[WORKER])

    async def progress(self, cluster: TrackedCluster) -> ClusterProgress:
        await self._view(cluster)
        group = ClusterTaskGroup(name="sum-1", total=9, waiting=3, processing=2, done=3, erred=1)
        return ClusterProgress(as_of=NOW, groups_total=1, groups=[group])

    async def users(self, cluster: TrackedCluster) -> ClusterUsers:
        await self._view(cluster)
        return ClusterUsers(as_of=NOW, clients=2, kernel_ids=["k-1"])

    async def retire(self, cluster: TrackedCluster, addresses: Sequence[str]) -> Retirement:
        self.retired.append((cluster.native_id, addresses))
        await self._view(cluster)
        results = [
            WorkerRetired(worker=WORKER.address, outcome="ok", message=None)
            if address == WORKER.address
            else WorkerRetired(worker=address, outcome="not_found", message="No such worker.")
            for address in addresses
        ]
        wanted = Wanted(minimum=1, maximum=1, adaptive=False)
        is_done = any(one.outcome == "ok" for one in results)
        accepted = Accepted(wanted=wanted, note=None) if is_done else None
        return Retirement(results=results, accepted=accepted)

    async def dashboard(self, cluster: TrackedCluster) -> Dashboard:
        await self._view(cluster)
        return self.pages.place

    def log_file(self, cluster_id: str) -> Path:
        return super().log_file(cluster_id) if self.log_path is None else self.log_path

    async def _view(self, cluster: TrackedCluster) -> None:
        assert cluster.native_id and cluster.cluster_id
        self.views += 1
        self.is_viewed.set()
        await self.may_view.wait()
        if self.view_errors:
            raise self.view_errors.pop(0)

    async def clean(self, cluster_id: str) -> None:
        self.cleaned.append(cluster_id)


def _accepted(wanted: Wanted) -> Accepted:
    if wanted.maximum <= MOST:
        return Accepted(wanted=wanted, note=None)
    reduced = Wanted(minimum=min(MOST, wanted.minimum), maximum=MOST, adaptive=wanted.adaptive)
    return Accepted(wanted=reduced, note=f"Reduced to {MOST} workers by the limit of the fake.")
