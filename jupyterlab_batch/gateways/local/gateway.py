"""The embedded engine as a gateway: this machine, nothing to install, nothing to configure."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

import msgspec
from traitlets import Float, Int, List, Unicode, default

from jupyterlab_batch.domain.arrays import MAX_ARRAY_SIZE
from jupyterlab_batch.domain.generated import (
    Gateway,
    Issue,
    JobSpec,
    Limits,
    Preview,
    Survives,
)
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.engine.capacity import usable_cores, usable_gpus, usable_memory_bytes
from jupyterlab_batch.engine.connection import EngineClient, EngineOptions
from jupyterlab_batch.engine.protocol import (
    Cancel,
    Find,
    Hold,
    ListJobs,
    Submit,
    default_state_directory,
)
from jupyterlab_batch.gateways.base import NO_SITE, JobGateway
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.gateways.launch import Launch, Submitted
from jupyterlab_batch.gateways.local.clusters import LocalClusters
from jupyterlab_batch.gateways.local.daskprobe import interpreter_of
from jupyterlab_batch.gateways.local.engine import Engine
from jupyterlab_batch.gateways.local.platform import CAPABILITIES, is_supported, notices
from jupyterlab_batch.gateways.local.request import issues_of, request_of
from jupyterlab_batch.gateways.local.watched import Watched, observation, observed, out_of_sight
from jupyterlab_batch.gateways.observation import Observation, WatchEvent
from jupyterlab_batch.gateways.tracking import Tracked


class LocalGateway(JobGateway):
    """Jobs on the machine of the Jupyter server, by a supervisor that outlives the server."""

    kind: ClassVar[str] = "local"
    is_on_this_machine: ClassVar[bool] = True

    state_directory = Unicode(
        help="Where the supervisor keeps its socket and queue; on a local disk. Default: in the"
        " user's runtime directory, else in the folder for temporary files."
    ).tag(config=True)
    max_cores = Int(
        0, min=0, help="How many cores jobs may use together; 0: all that the server may use."
    ).tag(config=True)
    max_memory_bytes = Int(
        0, min=0, help="How much memory jobs may use together; 0: all that the server may use."
    ).tag(config=True)
    gpus = List(
        Unicode(),
        None,
        allow_none=True,
        help="The GPUs that jobs may use, as CUDA_VISIBLE_DEVICES names them; None: all that the"
        " server may use.",
    ).tag(config=True)
    idle_seconds = Float(
        60.0, min=0.1, help="How long the supervisor stays when there is nothing to do."
    ).tag(config=True)
    grace_seconds = Float(
        10.0, min=0.0, help="How long a job that is ended has between TERM and KILL."
    ).tag(config=True)

    dask_python = Unicode(
        help="The interpreter, or the folder of the virtual environment, in which Dask clusters"
        " run unless the user chooses another; must have dask. Default: the server's own."
    ).tag(config=True)
    dask_scratch_directory = Unicode(
        help="Where workers of Dask clusters put what does not fit into their memory. Default:"
        " the folder for temporary files."
    ).tag(config=True)
    dask_max_idle_stop_seconds = Int(
        24 * 3600, min=1, help="A Dask cluster without work for so long stops by itself."
    ).tag(config=True)

    @default("gateway_id")
    def _default_gateway_id(self) -> str:
        return "local"

    @default("title")
    def _default_title(self) -> str:
        return "This server"

    @cached_property
    def _engine(self) -> Engine:
        own = self.state_directory
        options = EngineOptions(
            state_directory=Path(own) if own else default_state_directory(),
            max_cores=self._limits.max_cores or 1,
            max_memory_bytes=self._limits.max_memory_bytes or 1,
            gpus=tuple(self._gpus),
            grace_seconds=self.grace_seconds,
            idle_seconds=self.idle_seconds,
        )
        return Engine(options, gateway_id=self.gateway_id, watched=self._watched)

    @property
    def _client(self) -> EngineClient:
        return self._engine.client

    @cached_property
    def _clusters(self) -> LocalClusters:
        return LocalClusters(
            engine=self._engine,
            limits=self._limits,
            python=interpreter_of(self.dask_python) if self.dask_python else sys.executable,
            scratch_root=self.dask_scratch_directory,
            max_idle_stop_seconds=self.dask_max_idle_stop_seconds,
            gateway_id=self.gateway_id,
            title=self.title,
        )

    def clusters(self) -> ClusterGateway:
        """Return the Dask clusters of this machine, which share it with the jobs."""
        return self._clusters

    @cached_property
    def _version(self) -> str:
        return version("jupyterlab_batch")

    @cached_property
    def _limits(self) -> Limits:
        return Limits(
            max_cores=self.max_cores or usable_cores(),
            max_memory_bytes=self.max_memory_bytes or usable_memory_bytes(),
            max_gpus=len(self._gpus),
            max_array_size=MAX_ARRAY_SIZE,
            max_name_length=200,
        )

    @cached_property
    def _gpus(self) -> list[str]:
        return usable_gpus() if self.gpus is None else list(self.gpus)

    @cached_property
    def _watched(self) -> Watched:
        return Watched()

    async def stop(self) -> None:
        """Close the connections. Jobs and supervisor go on."""
        self._watched.drop()
        if "_engine" in self.__dict__:
            self._client.close()

    async def describe(self, *, fresh: bool = False) -> Gateway:
        """Return what this machine has. Starts no supervisor."""
        if fresh and is_supported():
            await self._watched.look(self._client)
        return Gateway(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version=self._version,
            health=self._watched.health(),
            capabilities=CAPABILITIES,
            survives=Survives(server_restart=is_supported(), reboot=False),
            limits=self._limits,
            queues=[],
            accounts=[],
            site=msgspec.structs.replace(NO_SITE, accepts=self.environments),
            notices=notices(),
        )

    async def check(self, spec: JobSpec) -> list[Issue]:
        """Return what can never run on this machine."""
        return list(issues_of(spec, self._limits))

    def render(self, launch: Launch) -> Preview:
        """Return the wrapper and what the supervisor gets."""
        request = msgspec.json.format(msgspec.json.encode(request_of(launch)), indent=2)
        return Preview(script=launch.script_text, request=request.decode())

    async def submit(self, launch: Launch) -> Submitted:
        """Hand one job to the supervisor.

        Notes
        -----
        The supervisor writes a job down, under its tag, before it answers and before it starts
        it: asking once more after a lost answer runs nothing twice.
        """
        request = request_of(launch)
        reply = await self._engine.ask_again(
            lambda number: Submit(number=number, job=request),
            least_version=request.needed_version,
        )
        if reply.refusal is not None:
            raise GatewayRefused(
                reply.refusal.message, field=reply.refusal.field, gateway_id=self.gateway_id
            )
        state = reply.jobs[0]
        return Submitted(
            native_id=state.native_id,
            submitted_at=state.submitted_at,
            said=observation(state) if state.phase == "QUEUED" else None,
        )

    async def look_up(self, launch: Launch) -> Observation | None:
        """Find a job by its tag."""
        reply = await self._engine.ask(lambda number: Find(number=number, tag=launch.tag))
        return observation(reply.jobs[0]) if reply.jobs else None

    async def look_at(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask the supervisor for some jobs."""
        wanted = list(native_ids)
        reply = await self._engine.ask(lambda number: ListJobs(number=number, native_ids=wanted))
        known = [await observed(state) for state in reply.jobs]
        missing = set(wanted) - {state.native_id for state in reply.jobs}
        beyond = [out_of_sight(native_id) for native_id in missing]
        return known + [event for event in beyond if isinstance(event, Observation)]

    async def cancel(self, native_id: str) -> None:
        """End a job and all its processes."""
        await self._engine.ask(lambda number: Cancel(number=number, native_id=native_id))

    async def cancel_tasks(self, native_id: str, task_indices: Sequence[int]) -> None:
        """End some tasks of an array and all their processes."""
        chosen = list(task_indices)
        await self._engine.ask(
            lambda number: Cancel(number=number, native_id=native_id, task_indices=chosen),
            least_version=2,
        )

    async def hold(self, native_id: str) -> None:
        """Keep a job in the queue, in its place."""
        await self._hold(native_id, is_held=True)

    async def release(self, native_id: str) -> None:
        """Let a held job start when it is its turn."""
        await self._hold(native_id, is_held=False)

    async def _hold(self, native_id: str, *, is_held: bool) -> None:
        reply = await self._engine.ask(
            lambda number: Hold(number=number, native_id=native_id, is_held=is_held)
        )
        if reply.refusal is not None:
            raise GatewayRefused(reply.refusal.message, gateway_id=self.gateway_id)

    def track(self, jobs: Sequence[Tracked]) -> None:
        """Watch these jobs too."""
        self._watched.add([job.native_id for job in jobs])

    def watch(self) -> AsyncIterator[WatchEvent]:
        """Yield what the supervisor pushes; it is started again as long as jobs are tracked."""
        return self._watched.watch(lambda: self._client)
