"""Slurm as a gateway."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.arrays import MAX_ARRAY_SIZE
from jupyterlab_batch.domain.generated import (
    Capabilities,
    Gateway,
    Issue,
    JobSpec,
    Limits,
    Preview,
    Survives,
)
from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
)
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.gateways.launch import Launch, Submitted
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.order import Requeue, SendSignal, Suspend
from jupyterlab_batch.gateways.slurm.arrayrules import array_issues
from jupyterlab_batch.gateways.slurm.awaited import ids_of, without_met
from jupyterlab_batch.gateways.slurm.charges import balance_issues, charge_of, place_of
from jupyterlab_batch.gateways.slurm.configuration import SlurmOptions
from jupyterlab_batch.gateways.slurm.limits import issues_of, most_gpus
from jupyterlab_batch.gateways.slurm.logrules import log_issues
from jupyterlab_batch.gateways.slurm.native import native_issues
from jupyterlab_batch.gateways.slurm.partitionlimits import partition_limits
from jupyterlab_batch.gateways.slurm.script import MAX_NAME_BYTES
from jupyterlab_batch.gateways.slurm.scriptspec import read_script
from jupyterlab_batch.gateways.slurm.site import NOTHING_KNOWN
from jupyterlab_batch.gateways.slurm.transport import PUZZLES, Cluster, time_of_id

CLUSTER_SECONDS: Final = 300.0
"""How old what there is to choose from may get before Slurm is asked again."""
LOOK_UP_MARGIN: Final = timedelta(minutes=15)
UNKNOWN_CLUSTER: Final = Cluster(
    version=None,
    queues=[],
    accounts=[],
    site=NOTHING_KNOWN,
    has_history=True,
    record_seconds=None,
)


class SlurmGateway(SlurmOptions):
    """A Slurm cluster, by slurmrestd (if ``url`` is set) or by its command-line tools."""

    kind = "slurm"

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self._transport = self.make_transport()
        self._cluster: Cluster | None = None
        self._cluster_read_at = 0.0
        self._reading: asyncio.Task[Cluster] | None = None

    @property
    def looks_at_once(self) -> int | None:
        """As the way to Slurm has it."""
        return self._transport.looks_at_once

    async def stop(self) -> None:
        """Close the connections. Jobs go on."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self.stop_charging()
        await self._transport.stop()

    async def describe(self, *, fresh: bool = False) -> Gateway:
        """Return what the cluster is, has and can, and how it is."""
        try:
            cluster = await self._read_cluster(fresh=fresh)
        except (GatewayUnreachable, NotSignedIn):
            cluster = self._cluster or UNKNOWN_CLUSTER
        orders = self._transport.orders
        return Gateway(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version=cluster.version,
            health=self.health,
            capabilities=Capabilities(
                push=False,
                history=cluster.has_history,
                memory_limit=True,
                walltime_limit=True,
                usage=cluster.has_history,
                accounts=bool(cluster.accounts),
                hold=True,
                dependencies=True,
                signal=SendSignal in orders,
                requeue=Requeue in orders,
                suspend=Suspend in orders,
                changes=["walltime_seconds", "nice", "comment"],
                task_orders=True,
                script_options=True,
            ),
            survives=Survives(server_restart=True, reboot=True),
            limits=Limits(
                max_gpus=most_gpus(cluster.queues) if cluster.queues else None,
                max_array_size=self._most_tasks(cluster),
                max_cores=max((queue.max_cores or 0 for queue in cluster.queues), default=0)
                or None,
                max_memory_bytes=max(
                    (queue.max_memory_bytes or 0 for queue in cluster.queues), default=0
                )
                or None,
                max_name_length=MAX_NAME_BYTES,
            ),
            queues=cluster.queues,
            accounts=cluster.accounts,
            site=replace(cluster.site, accepts=self.environments + cluster.site.accepts),
            notices=[],
        )

    def _most_tasks(self, cluster: Cluster) -> int:
        told = cluster.max_array_size or self.max_array_size or MAX_ARRAY_SIZE
        return min(told, MAX_ARRAY_SIZE)

    async def _read_cluster(self, *, fresh: bool) -> Cluster:
        """Return the cluster as it was a few minutes ago, or as it is now.

        However many ask, Slurm is asked once, and not at all while it rests after failures, unless
        a user asks for it.
        """
        age = time.monotonic() - self._cluster_read_at
        if self._cluster is not None and not fresh and age <= CLUSTER_SECONDS:
            return self._cluster
        if self._reading is None or self._reading.done():
            if self.is_resting and not fresh:
                raise GatewayUnreachable("Slurm is left alone for a while.")
            self._reading = asyncio.create_task(self._read_cluster_now())
            # Those who asked may have gone away meanwhile.
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        done, _ = await asyncio.wait({self._reading})
        return done.pop().result()

    async def _read_cluster_now(self) -> Cluster:
        cluster = await self._call(self._transport.cluster())
        if self._cluster is not None and cluster.has_history and not cluster.accounts:
            # A slurmdbd that is silent has taken nobody's account away.
            cluster = replace(cluster, accounts=self._cluster.accounts)
        self._cluster = cluster
        self._cluster_read_at = time.monotonic()
        self.record_seconds = self._cluster.record_seconds or self.min_job_age_seconds or None
        return self._cluster

    async def check(self, spec: JobSpec) -> list[Issue]:
        """Compare a submission with the limits of its queue; nothing while Slurm is silent."""
        try:
            cluster = await self._read_cluster(fresh=False)
        except (GatewayUnreachable, NotSignedIn):
            cluster = self._cluster or UNKNOWN_CLUSTER
        balances = await self.balances()
        return [
            *issues_of(spec, cluster),
            *balance_issues(spec, balances, place_of(spec, cluster)),
            *array_issues(spec, self._most_tasks(cluster)),
            *native_issues(spec),
            *log_issues(spec),
        ]

    async def charge(self, spec: JobSpec) -> Charge | None:
        """Return what a job may take of the balance that it presses most, and what limits it."""
        balances, cluster = await self.balances(), self._cluster or UNKNOWN_CLUSTER
        place = place_of(spec, cluster)
        there = partition_limits(place.queue, cluster, self.gateway_id)
        charge = charge_of(spec, balances, place)
        if charge is None:
            return Charge(at_most=None, unit="core_hours", left=None, limits=there)
        return replace(charge, limits=[*charge.limits, *there])

    def read_script(self, script: str, folder: str) -> ScriptReading:
        """Read the ``#SBATCH`` lines of a script."""
        return read_script(script, folder)

    def render(self, launch: Launch) -> Preview:
        """Return exactly what `submit` would send, but for the token."""
        return self._transport.preview(launch)

    async def submit(self, launch: Launch) -> Submitted:
        """Hand one job to Slurm, with our tag as its comment."""
        most = self._most_tasks(self._cluster or UNKNOWN_CLUSTER)
        for wrong in array_issues(launch.spec, most):
            message = f"{wrong.message} Nothing was submitted."
            raise GatewayRefused(message, field=wrong.field_, gateway_id=self.gateway_id)
        try:
            native_id = await self._call(self._send(await self._still_awaiting(launch)))
        except GatewayRefused as problem:
            # Slurm's words are the same for too many cores and for too many processes.
            found = [] if self._cluster is None else issues_of(launch.spec, self._cluster)
            fields = [one.field_ for one in found]
            if fields and problem.field not in fields:
                problem.field = fields[0]
            raise
        return Submitted(native_id=native_id, submitted_at=datetime.now(timezone.utc))

    async def _still_awaiting(self, launch: Launch) -> Launch:
        """Leave out the jobs that it need not wait for any more.

        Slurm starts at once what waits for a job that it has forgotten, however that ended.
        """
        if not launch.awaited:
            return launch
        queued = {one.native_id: one for one in await self.list_active(ids_of(launch))}
        over = await self.list_history([one for one in ids_of(launch) if one not in queued])
        return without_met(launch, queued, {one.native_id: one for one in over})

    async def _send(self, launch: Launch) -> str:
        try:
            return await self._transport.submit(launch)
        except PUZZLES as error:
            raise AnswerLost(repr(error)) from error

    async def look_up(self, launch: Launch) -> Observation | None:
        """Find the user's own job by its tag or its run directory, in queue and history."""
        since = time_of_id(launch.job_id) - LOOK_UP_MARGIN
        return await self._call(self._transport.find(launch, since))

    async def look_at(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask the queue, then the history for those that it does not know."""
        found = await self.list_active(native_ids)
        missing = set(native_ids) - {one.native_id for one in found}
        if missing:
            found += await self.list_history(sorted(missing))
        return found

    async def list_active(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask slurmctld."""
        return await self.with_figures(await self._call(self._transport.jobs(native_ids)))

    async def list_history(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask slurmdbd. Its answer says nothing of slurmctld's health."""
        return await self._understood(self._transport.history(native_ids))
