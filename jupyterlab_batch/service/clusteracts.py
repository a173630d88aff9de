"""What a user does to a cluster that is there."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from jupyterlab_batch.domain.generated import (
    ClusterActionResult,
    ClusterClient,
    ClusterRetireResult,
)
from jupyterlab_batch.domain.problems import (
    BatchProblem,
    GatewayRefused,
    NotFinal,
)
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.clusters import Accepted, Created, Wanted
from jupyterlab_batch.service.asking import order
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterlookup import ClusterLookUp, never_started
from jupyterlab_batch.service.clusterviewer import running, unknown_cluster
from jupyterlab_batch.service.clusterwatch import ClusterWatcher
from jupyterlab_batch.service.clusterworkers import workers_of
from jupyterlab_batch.service.launchcluster import launch_of
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_Outcome = Literal["ok", "already_final", "denied", "error"]
_OVER: Final = "It is over."
_STOPPING: Final = "It is being stopped."
_UNCONFIRMED: Final = "The gateway has not confirmed this cluster yet. Try again when it has."
_LATER: Final = "The gateway has not confirmed this cluster yet. It is stopped then."
_KNOWN: Final = "Its gateway knows it, or is asked about it: nothing is to be said of it."
_NO_CANDIDATE: Final = "It is none of those that it may be. Look at them again."
_FAILED: Final = "The gateway failed; the log of the server says why. Look at the cluster again."


class ClusterActor(msgspec.Struct, frozen=True, kw_only=True):
    """Does to a cluster what its user asks for."""

    store: Store
    gateways: ClusterGateways
    watcher: ClusterWatcher
    look_up: ClusterLookUp
    context: RunContext

    async def get(self, cluster_id: str) -> ClusterRecord:
        """Return a cluster.

        Raises
        ------
        UnknownCluster
        """
        self.watcher.looked()
        record = await self.store.cluster(cluster_id)
        if record is None:
            raise unknown_cluster()
        return record

    async def scale(self, cluster_id: str, wanted: Wanted) -> ClusterActionResult:
        """Want another number of workers.

        Raises
        ------
        UnknownCluster
        """
        record = await self.get(cluster_id)
        if record.is_over:
            return _result("already_final", _OVER, record)
        if record.stop_requested:
            return _result("denied", _STOPPING, record)
        native_id = record.native_id
        if native_id is None:
            return _result("denied", _UNCONFIRMED, record)
        try:
            gateway = self.gateways.get(record.gateway_id)
            accepted = await order(gateway, gateway.scale(native_id, wanted))
        except Exception as error:
            # An adapter may be a stranger's.
            return _failed(error, await self.get(cluster_id))
        changed = await self.store.update_cluster(cluster_id, lambda now: _wants(now, accepted))
        return _result("ok", accepted.note, changed or record)

    async def stop(self, cluster_id: str) -> ClusterActionResult:
        """End a cluster; one that nobody has found yet is ended when it is found.

        Raises
        ------
        UnknownCluster
        """
        record = await self.store.update_cluster(cluster_id, _ask_to_stop)
        if record is None:
            raise unknown_cluster()
        if record.is_over:
            return _result("already_final", None, record)
        if record.native_id is None:
            return _result("ok", _LATER, record)
        try:
            gateway = self.gateways.get(record.gateway_id)
            await order(gateway, gateway.close(record.native_id))
        except Exception as error:
            # As in `scale`; a cluster must not stay "stopping".
            kept = await self.store.update_cluster(cluster_id, _take_back)
            return _failed(error, kept or record)
        return _result("ok", None, await self.get(cluster_id))

    async def retire(self, cluster_id: str, addresses: Sequence[str]) -> ClusterRetireResult:
        """End some workers; one that does not adapt wants so many fewer from then on.

        Raises
        ------
        UnknownCluster, NotRunning, UnknownGateway
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        record = await self.get(cluster_id)
        cluster = running(record)
        gateway = self.gateways.get(record.gateway_id)
        retired = await order(gateway, gateway.retire(cluster, addresses))
        accepted = retired.accepted
        if accepted is not None:
            await self.store.update_cluster(cluster_id, lambda now: _wants(now, accepted))
        changed = await self.get(cluster_id)
        return ClusterRetireResult(results=list(retired.results), cluster=changed.to_wire())

    async def identify(self, cluster_id: str, native_id: str | None) -> ClusterActionResult:
        """Take the word of the user which of its candidates a cluster is; ``None``: of none.

        Raises
        ------
        UnknownCluster
        """
        record = await self.get(cluster_id)
        if record.is_over:
            return _result("already_final", _OVER, record)
        if record.candidates is not None:
            offered = await self.store.offer_candidates(cluster_id, record.candidates)
            record = offered or record
        if record.candidates is None:
            return _result("denied", _KNOWN, record)
        if native_id is None:
            gone = await self.store.give_up_cluster(cluster_id, never_started)
            return _result("ok", None, gone or record)
        if native_id not in {one.native_id for one in record.candidates}:
            return _result("denied", _NO_CANDIDATE, record)
        created = Created(native_id=native_id, accepted=None)
        return _result("ok", None, await self.look_up.acknowledge(record, created))

    async def client(self, cluster_id: str) -> ClusterClient:
        """Return how a notebook connects.

        Raises
        ------
        UnknownCluster, NotRunning, UnknownGateway
        """
        record = await self.get(cluster_id)
        running(record)
        return self.gateways.get(record.gateway_id).client(launch_of(record, self.context))

    async def forget(self, cluster_id: str) -> None:
        """Forget the record of a cluster that is over, or out of sight.

        Raises
        ------
        UnknownCluster, NotFinal
        """
        record = await self.store.forget_cluster(cluster_id)
        if record is None:
            raise unknown_cluster()
        if not record.is_forgettable:
            raise NotFinal("The cluster is not over yet. Nothing was changed. Stop it first.")


def _wants(record: ClusterRecord, accepted: Accepted) -> Mapping[str, Any]:
    workers = workers_of(accepted, ready=record.workers.ready)
    return {} if record.is_over else {"workers": workers, "awaits_workers": False}


def _ask_to_stop(record: ClusterRecord) -> Mapping[str, Any]:
    if record.is_over:
        return {}
    is_there = record.phase == "EXECUTING"
    return {"stop_requested": True, "substate": "stopping" if is_there else record.substate}


def _take_back(record: ClusterRecord) -> Mapping[str, Any]:
    return {} if record.is_over else {"stop_requested": False, "substate": None}


def _failed(error: Exception, record: ClusterRecord) -> ClusterActionResult:
    if isinstance(error, GatewayRefused):
        return _result("denied", error.message, record)
    if isinstance(error, BatchProblem):
        return _result("error", error.message, record)
    _log.error("Gateway %s failed", record.gateway_id, exc_info=error)
    return _result("error", _FAILED, record)


def _result(outcome: _Outcome, message: str | None, record: ClusterRecord) -> ClusterActionResult:
    return ClusterActionResult(outcome=outcome, message=message, cluster=record.to_wire())
