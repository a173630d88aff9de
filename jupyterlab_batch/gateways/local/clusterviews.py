"""What is seen of a cluster of this machine: asked of its owner, over the socket in its folder."""

from __future__ import annotations

import asyncio
import os
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypeVar

import anyio
import msgspec

from jupyterlab_batch.domain.generated import (
    ClusterProgress,
    ClusterTaskGroup,
    ClusterUsers,
    ClusterWorker,
    ClusterWorkerList,
    WorkerRetired,
)
from jupyterlab_batch.domain.problems import BatchProblem, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.gateways.clusters import Accepted, ClusterGateway, TrackedCluster, Wanted
from jupyterlab_batch.gateways.clusterviews import Dashboard, Retirement
from jupyterlab_batch.gateways.local.clusterfolder import ClusterFolder, moment

_ASK_SECONDS: Final = 10.0
_RETIRE_SECONDS: Final = 50.0
_MOST_BYTES: Final = 16 * 2**20
_LONGEST_PATH: Final = 100
"""So long is what every system takes as the path of a socket."""
_SILENT: Final = "The cluster does not answer; it may be busy, or about to end. Try again."
_OLDER: Final = (
    "This cluster was started by an earlier version of this extension, which tells less of it. It"
    " goes on; a new one tells all."
)
_NO_PAGES: Final = (
    "This cluster has no dashboard: bokeh is not installed in {python}. Install it there"
    " (pip install bokeh) and start another cluster."
)
_HELD: Final = "It stays: no other worker can take the results that only it holds."
_UNKNOWN: Final = "The cluster has no such worker (any more)."
_Told = TypeVar("_Told")


class _Worker(msgspec.Struct, kw_only=True, frozen=True):
    address: str
    name: str
    state: Literal["starting", "running", "paused", "closing"]
    cores: int | None
    cpu_percent: float | None
    memory_bytes: int | None
    memory_used_bytes: int | None
    spilled_bytes: int | None
    tasks_processing: int | None
    tasks_in_memory: int | None
    last_seen_at: float | None

    def to_wire(self) -> ClusterWorker:
        """Return it as the contract describes it."""
        seen = None if self.last_seen_at is None else moment(self.last_seen_at)
        return ClusterWorker(**{**msgspec.structs.asdict(self), "last_seen_at": seen})


class _Workers(msgspec.Struct, kw_only=True, frozen=True):
    as_of: float
    workers: list[_Worker]


class _Progress(msgspec.Struct, kw_only=True, frozen=True):
    as_of: float
    groups_total: int
    groups: list[ClusterTaskGroup]


class _Users(msgspec.Struct, kw_only=True, frozen=True):
    as_of: float
    clients: int
    kernel_ids: list[str] | None


class _Retired(msgspec.Struct, kw_only=True, frozen=True):
    retired: list[str]
    held: list[str]
    wanted: int | None


class _Pages(msgspec.Struct, kw_only=True, frozen=True):
    port: int | None


class LocalClusterViews(ClusterGateway):
    """The part of the clusters of this machine that their owners tell."""

    @abstractmethod
    def _folder(self, cluster_id: str) -> ClusterFolder:
        """Return the folder of a cluster."""

    async def workers(self, cluster: TrackedCluster) -> ClusterWorkerList:
        """Return the workers that the scheduler knows."""
        told = await self._ask_owner(cluster, _Workers, "workers")
        workers = sorted(told.workers, key=lambda one: _by_number(one.name))
        return ClusterWorkerList(
            as_of=moment(told.as_of), workers=[one.to_wire() for one in workers]
        )

    async def progress(self, cluster: TrackedCluster) -> ClusterProgress:
        """Return how far the groups of tasks are."""
        told = await self._ask_owner(cluster, _Progress, "progress")
        return ClusterProgress(
            as_of=moment(told.as_of), groups_total=told.groups_total, groups=told.groups
        )

    async def users(self, cluster: TrackedCluster) -> ClusterUsers:
        """Return the clients that the scheduler has, and the kernels that they are in."""
        told = await self._ask_owner(cluster, _Users, "users")
        return ClusterUsers(
            as_of=moment(told.as_of), clients=told.clients, kernel_ids=told.kernel_ids
        )

    async def retire(self, cluster: TrackedCluster, addresses: Sequence[str]) -> Retirement:
        """End some workers by their scheduler, and give back the room that they took."""
        told = await self._ask_owner(cluster, _Retired, "retire", addresses)
        results = [_result(address, told) for address in addresses]
        accepted = None
        if told.retired and told.wanted is not None:
            wanted = Wanted(minimum=told.wanted, maximum=told.wanted, adaptive=False)
            try:
                accepted = await self.scale(cluster.native_id, wanted)
            except BatchProblem as problem:
                # They are gone all the same; the room is given back when it is scaled next.
                self.log.warning("The room of %s: %s", cluster.cluster_id, problem.message)
                accepted = Accepted(wanted=wanted, note=None)
        return Retirement(results=results, accepted=accepted)

    async def dashboard(self, cluster: TrackedCluster) -> Dashboard:
        """Return where the owner has its dashboard at this moment."""
        port = (await self._ask_owner(cluster, _Pages, "dashboard")).port
        if port is None:
            python = self._folder(cluster.cluster_id).python()
            raise self._refused(_NO_PAGES.format(python=python))
        return Dashboard(url=f"http://127.0.0.1:{port}")

    def log_file(self, cluster_id: str) -> Path:
        """Return what the owner writes."""
        try:
            return self._folder(cluster_id).log
        except ValueError as error:
            raise self._refused(str(error)) from error

    async def _ask_owner(
        self,
        cluster: TrackedCluster,
        kind: type[_Told],
        what: str,
        workers: Sequence[str] = (),
    ) -> _Told:
        path = self._folder(cluster.cluster_id).socket
        question = msgspec.json.encode({"ask": what, "workers": workers}) + b"\n"
        seconds = _RETIRE_SECONDS if workers else _ASK_SECONDS
        try:
            with anyio.fail_after(seconds):
                return msgspec.json.decode(await _exchange(path, question), type=kind)
        except FileNotFoundError as error:
            raise self._refused(_OLDER) from error
        except (OSError, TimeoutError, msgspec.MsgspecError) as error:
            raise GatewayUnreachable(_SILENT, gateway_id=self.gateway_id) from error

    def _refused(self, message: str) -> GatewayRefused:
        return GatewayRefused(message, gateway_id=self.gateway_id)


async def _exchange(path: Path, question: bytes) -> bytes:
    """Send a line and return all that is answered.

    Raises
    ------
    OSError
        Nobody listens, or it says too much.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        is_short = len(os.fsencode(path)) <= _LONGEST_PATH
        way = str(path) if is_short else f"/proc/self/fd/{folder}/{path.name}"
        reader, writer = await asyncio.open_unix_connection(way)
    finally:
        os.close(folder)
    try:
        writer.write(question)
        await writer.drain()
        answer = bytearray()
        while chunk := await reader.read(2**16):
            answer += chunk
            if len(answer) > _MOST_BYTES:
                raise OSError("It says too much.")
        return bytes(answer)
    finally:
        writer.close()


def _result(address: str, told: _Retired) -> WorkerRetired:
    if address in told.retired:
        return WorkerRetired(worker=address, outcome="ok", message=None)
    if address in told.held:
        return WorkerRetired(worker=address, outcome="denied", message=_HELD)
    return WorkerRetired(worker=address, outcome="not_found", message=_UNKNOWN)


def _by_number(name: str) -> tuple[int, int, str]:
    """Sort numbers as numbers, before all other names."""
    return (0, int(name), "") if name.isdecimal() else (1, 0, name)
