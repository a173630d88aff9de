"""Dask clusters on this machine: each an owner process under the supervisor of the engine."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from pathlib import Path
from typing import ClassVar, Final

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    ClusterCapabilities,
    ClusterClient,
    ClusterLimits,
    ClusterOffer,
    ClusterSpec,
    FixedWorkers,
    Health,
    Issue,
    Limits,
)
from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable
from jupyterlab_batch.engine.clusterrequest import Scale, WorkersOrder
from jupyterlab_batch.engine.protocol import (
    Cancel,
    Find,
    JobRequest,
    Reply,
    Request,
    Submit,
    host_key,
    prepare_state_directory,
)
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterLaunch,
    ClusterObservation,
    Created,
    FoundCluster,
    TrackedCluster,
    Wanted,
)
from jupyterlab_batch.gateways.local.clientcode import client_of
from jupyterlab_batch.gateways.local.clusterfolder import ClusterFolder, Start, cluster_ids
from jupyterlab_batch.gateways.local.clusteroptions import (
    Options,
    defaults,
    issues_of,
    options_of,
    schema,
)
from jupyterlab_batch.gateways.local.clusterviews import LocalClusterViews
from jupyterlab_batch.gateways.local.clusterwatch import ClusterWatch
from jupyterlab_batch.gateways.local.daskprobe import DaskProbe
from jupyterlab_batch.gateways.local.engine import Engine
from jupyterlab_batch.gateways.local.platform import NOT_HERE, is_supported

_FOR_EVER_SECONDS: Final = 10 * 365 * 24 * 3600
"""A cluster has no time limit: its idle stop ends it."""
_ELSEWHERE: Final = (
    "It was started on another machine or in an earlier container, which cannot be reached from"
    " here. There it stops by itself when it has no work; it can be taken off the list."
)
MAX_NAME_LENGTH: Final = 200
_CAPABILITIES: Final = ClusterCapabilities(
    adaptive=True,
    tasks=True,
    survives_server=True,
    idle_stop=True,
    working_directory=True,
    workers=True,
    retire=True,
    progress=True,
    log=True,
    dashboard=True,
)


class LocalClusters(LocalClusterViews):
    """Clusters of this user on this machine; they outlive the Jupyter server.

    Parameters
    ----------
    engine
        That of the jobs of this machine: clusters and jobs share its cores and memory.
    """

    kind: ClassVar[str] = "local"

    def __init__(
        self,
        *,
        engine: Engine,
        limits: Limits,
        python: str,
        scratch_root: str,
        max_idle_stop_seconds: int,
        gateway_id: str,
        title: str,
    ) -> None:
        super().__init__(gateway_id=gateway_id, title=title)
        self._engine = engine
        self._limits = limits
        self._python = python
        self._scratch_root = scratch_root
        self._max_idle_stop_seconds = max_idle_stop_seconds
        self._probe = DaskProbe()
        self._watch = ClusterWatch(self._folder)

    def _folder(self, cluster_id: str) -> ClusterFolder:
        return ClusterFolder.of(self._engine.state_directory, cluster_id)

    async def describe(self) -> ClusterOffer:
        """Return what this machine has. Starts neither supervisor nor cluster."""
        found = await self._probe.ask(self._python)
        usual = defaults(self._limits, self._python)
        most = usual.most_workers(self._limits)
        return ClusterOffer(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version=found.version,
            health=Health(ok=True, auth_ok=True, latency_ms=None, error=None, as_of=None),
            unavailable=found.missing if is_supported() else NOT_HERE,
            capabilities=_CAPABILITIES,
            limits=ClusterLimits(
                max_workers=most,
                max_idle_stop_seconds=self._max_idle_stop_seconds,
                max_name_length=MAX_NAME_LENGTH,
            ),
            options=schema(self._limits, self._python),
            default_spec=ClusterSpec(
                workers=FixedWorkers(count=most),
                idle_stop_seconds=min(3600, self._max_idle_stop_seconds),
            ),
            notices=[],
        )

    async def check(self, spec: ClusterSpec) -> list[Issue]:
        """Return what can never run on this machine, or not as it is asked for."""
        issues = await asyncio.to_thread(lambda: list(issues_of(spec, self._limits)))
        if not issues:
            most = options_of(spec, self._limits, self._python).most_workers(self._limits)
            note = _accepted(Wanted.of(spec.workers), most).note
            if note is not None:
                fixed = isinstance(spec.workers, FixedWorkers)
                field = f"spec.workers.{'count' if fixed else 'maximum'}"
                issues.append(issue(field, "over_machine", note, limit=most, warning=True))
        return issues

    async def create(self, launch: ClusterLaunch) -> Created:
        """Hand a cluster to the supervisor, which starts its owner when there is room.

        Notes
        -----
        The supervisor writes it down, under its tag, before it answers: asking once more after a
        lost answer starts nothing twice.
        """
        options = options_of(launch.spec, self._limits, self._python)
        found = await self._probe.ask(options.python)
        if found.missing is not None:
            raise self._refused(found.missing)
        accepted = _accepted(Wanted.of(launch.spec.workers), options.most_workers(self._limits))
        folder = self._folder(launch.cluster_id)
        try:
            await asyncio.to_thread(self._prepare, folder, launch, options, accepted.wanted)
        except (OSError, ValueError) as error:
            await asyncio.to_thread(folder.remove)
            why = getattr(error, "strerror", None) or error
            raise self._refused(f"The folder of the cluster cannot be written: {why}.") from error
        request = _request(launch, folder, options, accepted.wanted)
        try:
            reply = await self._engine.ask_again(
                lambda number: Submit(number=number, job=request),
                least_version=request.needed_version,
            )
            if reply.refusal is not None:
                raise self._refused(reply.refusal.message)
        except (GatewayRefused, GatewayUnreachable):
            await asyncio.to_thread(folder.remove)
            raise
        return Created(native_id=reply.jobs[0].native_id, accepted=accepted)

    def _prepare(
        self, folder: ClusterFolder, launch: ClusterLaunch, options: Options, wanted: Wanted
    ) -> None:
        prepare_state_directory(self._engine.state_directory)
        root = Path(self._scratch_root or tempfile.gettempdir())
        scratch = root / f"dask-{launch.cluster_id}"
        start = Start(
            name=launch.name,
            worker_cores=options.worker_cores,
            worker_memory_bytes=options.worker_memory_bytes,
            idle_stop_seconds=launch.idle_stop_seconds or self._max_idle_stop_seconds,
            scratch=str(scratch),
            python=options.python,
        )
        folder.prepare(
            start,
            _order(wanted),
            working_directory=launch.working_directory,
            environment=launch.environment,
            memo=launch.memo,
        )

    async def look_up(self, launch: ClusterLaunch) -> Created | None:
        """Find a cluster by its tag; the supervisor is the only one who could have started it."""
        reply = await self._ask(lambda number: Find(number=number, tag=launch.tag))
        if not reply.jobs:
            return None
        options = options_of(launch.spec, self._limits, self._python)
        accepted = _accepted(Wanted.of(launch.spec.workers), options.most_workers(self._limits))
        return Created(native_id=reply.jobs[0].native_id, accepted=accepted)

    async def survey(self, known: Collection[str]) -> list[FoundCluster]:
        """Look at the folders that there are; the supervisor is asked only of strange ones."""
        there = await asyncio.to_thread(cluster_ids, self._engine.state_directory)
        found = []
        for cluster_id in sorted(set(there) - set(known)):
            memo = await asyncio.to_thread(self._folder(cluster_id).memo)
            tag = TAG_PREFIX + cluster_id
            reply = await self._ask(lambda number, tag=tag: Find(number=number, tag=tag))  # type: ignore[misc]  # bound at once
            if memo is not None and reply.jobs:
                found.append(FoundCluster(native_id=reply.jobs[0].native_id, memo=memo))
        return found

    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        """Take or give back room for workers; the owner follows within a blink."""
        reply = await self._ask(
            lambda number: Scale(number=number, native_id=native_id, order=_order(wanted)),
            least_version=3,
        )
        if reply.refusal is not None:
            raise self._refused(reply.refusal.message)
        most = wanted.maximum if reply.order is None else reply.order.maximum
        return _accepted(wanted, most)

    async def close(self, native_id: str) -> None:
        """End a cluster and all its processes."""
        if not native_id.startswith(f"{host_key()}-"):
            raise self._refused(_ELSEWHERE)
        await self._ask(lambda number: Cancel(number=number, native_id=native_id))

    def watch(self) -> AsyncIterator[ClusterObservation]:
        """Yield what the supervisor pushes and what the owners write."""
        return self._watch.watch(lambda: self._engine.client)

    def track(self, clusters: Sequence[TrackedCluster]) -> None:
        """Watch these clusters too."""
        self._watch.add(clusters)

    def client(self, launch: ClusterLaunch) -> ClusterClient:
        """Return which files a client needs."""
        options = options_of(launch.spec, self._limits, self._python)
        return client_of(self._folder(launch.cluster_id), options.python)

    async def clean(self, cluster_id: str) -> None:
        """Remove the folder of a cluster that is over."""
        await asyncio.to_thread(self._folder(cluster_id).remove)

    async def _ask(self, make: Callable[[int], Request], *, least_version: int = 1) -> Reply:
        return await self._engine.ask(make, least_version=least_version)


def _order(wanted: Wanted) -> WorkersOrder:
    return WorkersOrder(minimum=wanted.minimum, maximum=wanted.maximum, adaptive=wanted.adaptive)


def _accepted(asked: Wanted, most: int) -> Accepted:
    """Return what there is room for, and say so if it is less than was asked for."""
    maximum = min(asked.maximum, most)
    wanted = Wanted(minimum=min(asked.minimum, most), maximum=maximum, adaptive=asked.adaptive)
    if maximum == asked.maximum:
        return Accepted(wanted=wanted, note=None)
    workers = "1 worker" if maximum == 1 else f"{maximum} workers"
    return Accepted(wanted=wanted, note=f"Reduced to {workers}: this server has no room for more.")


def _request(
    launch: ClusterLaunch, folder: ClusterFolder, options: Options, wanted: Wanted
) -> JobRequest:
    share = options.share
    return JobRequest(
        job_id=launch.cluster_id,
        tag=launch.tag,
        name=launch.name,
        run_directory=str(folder.path),
        script_path=str(folder.script),
        stdout_path=str(folder.log),
        stderr_path=str(folder.log),
        cores=share.cores(wanted.maximum),
        memory_bytes=share.memory_bytes(wanted.maximum),
        walltime_seconds=_FOR_EVER_SECONDS,
        cluster=share,
    )
