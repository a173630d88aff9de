"""What is looked at in a Dask cluster that runs: workers, progress, log, dashboard."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from jupyterlab_batch.domain.generated import ClusterProgress, ClusterUsers, ClusterWorkerList
from jupyterlab_batch.domain.problems import LogNotReadable, NotRunning, UnknownCluster
from jupyterlab_batch.gateways.clusters import ClusterGateway, TrackedCluster
from jupyterlab_batch.gateways.clusterviews import Dashboard
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.logslices import LogSlice, LogSlices
from jupyterlab_batch.service.ownfiles import open_own
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.store import Store

_FRESH_SECONDS: Final = 1.0
"""However many look, a gateway is asked no more often than this for each cluster."""
_REMEMBERED: Final = 100
_Answer = TypeVar("_Answer")


class _Asked(msgspec.Struct, frozen=True):
    at: float
    answer: asyncio.Future[Any]


class ClusterViewer(msgspec.Struct, kw_only=True):
    """Asks gateways for what is seen of a cluster, at most once a second for each of it."""

    store: Store
    gateways: ClusterGateways
    _asked: dict[tuple[str, str], _Asked] = msgspec.field(default_factory=dict)
    _slices: LogSlices = msgspec.field(default_factory=LogSlices)

    async def workers(self, cluster_id: str) -> ClusterWorkerList:
        """Return the workers of a cluster.

        Raises
        ------
        UnknownCluster, NotRunning, UnknownGateway
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        return await self._ask("workers", cluster_id, lambda gateway, one: gateway.workers(one))

    async def progress(self, cluster_id: str) -> ClusterProgress:
        """Return how far its work is; raises as `workers` does."""
        return await self._ask("progress", cluster_id, lambda gateway, one: gateway.progress(one))

    async def users(self, cluster_id: str) -> ClusterUsers:
        """Return who is connected to it; raises as `workers` does."""
        return await self._ask("users", cluster_id, lambda gateway, one: gateway.users(one))

    async def dashboard(self, cluster_id: str) -> Dashboard:
        """Return where its dashboard is; raises as `workers` does."""
        return await self._ask("dashboard", cluster_id, lambda gateway, one: gateway.dashboard(one))

    async def log(self, cluster_id: str, *, offset: int, limit: int) -> LogSlice:
        """Return at most ``limit`` bytes of its log; a negative offset counts from the end.

        Raises
        ------
        UnknownCluster, UnknownGateway, GatewayRefused
        LogNotReadable
            There is something else in its place, or it may not be read.
        """
        record = await self.store.cluster(cluster_id)
        if record is None:
            raise unknown_cluster()
        path = self.gateways.get(record.gateway_id).log_file(cluster_id)
        try:
            return await self._slices.read(path, partial(_open, path), offset=offset, limit=limit)
        except OSError as error:
            message = f"The log cannot be read: {error.strerror or error}."
            raise LogNotReadable(message) from error

    async def _ask(
        self,
        what: str,
        cluster_id: str,
        ask: Callable[[ClusterGateway, TrackedCluster], Coroutine[Any, Any, _Answer]],
    ) -> _Answer:
        record = await self.store.cluster(cluster_id)
        if record is None:
            raise unknown_cluster()
        cluster = running(record)
        gateway = self.gateways.get(record.gateway_id)
        key, now = (what, cluster_id), time.monotonic()
        known = self._asked.get(key)
        if known is None or not _is_fresh(known, now):
            self._forget_old(now)
            answer = asyncio.ensure_future(question(gateway, ask(gateway, cluster)))
            answer.add_done_callback(_note)
            known = self._asked[key] = _Asked(now, answer)
        # One who leaves must not end it for the others.
        answered: _Answer = await asyncio.shield(known.answer)
        return answered

    def _forget_old(self, now: float) -> None:
        if len(self._asked) >= _REMEMBERED:
            self._asked = {key: one for key, one in self._asked.items() if _is_fresh(one, now)}


def running(record: ClusterRecord) -> TrackedCluster:
    """Return a cluster that somebody can connect to.

    Raises
    ------
    NotRunning
    """
    is_up = record.phase == "EXECUTING" and record.started_at is not None
    if not is_up or record.stop_requested or record.native_id is None:
        message = "This cluster is not running. Nothing was done."
        raise NotRunning(message, gateway_id=record.gateway_id)
    return TrackedCluster(native_id=record.native_id, cluster_id=record.id)


def unknown_cluster() -> UnknownCluster:
    """Return that there is no such cluster."""
    return UnknownCluster("There is no such cluster. List the clusters again.")


@contextmanager
def _open(path: Path) -> Iterator[tuple[str, int, os.stat_result]]:
    with open_own(path.parent, [path.name]) as (descriptor, status):
        yield path.name, descriptor, status


def _is_fresh(asked: _Asked, now: float) -> bool:
    if not asked.answer.done():
        return True
    failed = asked.answer.cancelled() or asked.answer.exception() is not None
    return not failed and now - asked.at < _FRESH_SECONDS


def _note(answer: asyncio.Future[Any]) -> None:
    """Take note of how it ended if nobody waits any more, or the loop would complain."""
    if not answer.cancelled():
        answer.exception()
