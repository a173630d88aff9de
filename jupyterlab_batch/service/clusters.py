"""All use cases of Dask clusters together, and their life."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from jupyterlab_batch.domain.generated import ClusterGatewayList, ClusterList
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.service.asking import within
from jupyterlab_batch.service.clusteracts import ClusterActor
from jupyterlab_batch.service.clusteradopt import ClusterAdopter
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterlookup import ClusterLookUp
from jupyterlab_batch.service.clusterstart import ClusterStarter
from jupyterlab_batch.service.clusterviewer import ClusterViewer
from jupyterlab_batch.service.clusterwatch import ClusterWatcher
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0


class Clusters:
    """The Dask clusters of one Jupyter server."""

    def __init__(
        self,
        *,
        store: Store,
        tasks: BackgroundTasks,
        gateways: Iterable[JobGateway | ClusterGateway],
        context: RunContext,
        owner: str,
    ) -> None:
        self._store = store
        self.gateways = ClusterGateways(gateways)
        self.watcher = ClusterWatcher(store=store, gateways=self.gateways, tasks=tasks)
        self.look_up = ClusterLookUp(
            store=store,
            gateways=self.gateways,
            watcher=self.watcher,
            tasks=tasks,
            context=context,
        )
        self.starter = ClusterStarter(
            store=store,
            gateways=self.gateways,
            look_up=self.look_up,
            tasks=tasks,
            context=context,
            owner=owner,
        )
        self.actor = ClusterActor(
            store=store,
            gateways=self.gateways,
            watcher=self.watcher,
            look_up=self.look_up,
            context=context,
        )
        self._adopter = ClusterAdopter(
            store=store, gateways=self.gateways, watcher=self.watcher, owner=owner
        )
        self.viewer = ClusterViewer(store=store, gateways=self.gateways)
        self._looked_for: set[str] = set()

    async def start(self) -> None:
        """Begin to watch. Never raises."""
        for gateway in self.gateways:
            try:
                await within(_START_SECONDS, gateway.start())
            except Exception:
                # An adapter may be a stranger's: its mistake must not hide the others.
                _log.exception("Gateway %s cannot start", gateway.gateway_id)
        self.watcher.start()

    async def stop(self) -> None:
        """Stop watching; clusters go on. Bears not having been started."""
        for gateway in self.gateways:
            try:
                await within(_STOP_SECONDS, gateway.stop())
            except Exception:
                # As in `start`.
                _log.exception("Gateway %s cannot stop", gateway.gateway_id)

    async def take_up(self) -> None:
        """Watch all clusters that are not over, also those that a store before knew.

        Those whose answer nobody read are looked for.

        Raises
        ------
        StoreUnavailable
        """
        await self._adopter.look()
        records = await self._store.unsettled_clusters()
        self.watcher.follow(records)
        for record in records:
            if record.is_over:
                self.watcher.settle(record)
            elif record.native_id is None and not self._is_looked_for(record.id, record.key):
                self._looked_for.add(record.id)
                self.look_up.start(record)

    def _is_looked_for(self, cluster_id: str, key: str) -> bool:
        return cluster_id in self._looked_for or self.starter.is_in_flight(key)

    async def listed(self, ended: int, *, is_looked_at: bool = True) -> ClusterList:
        """Return all clusters that are not over, and so many that are."""
        if is_looked_at:
            self.watcher.looked()
        seq, records = await self._store.clusters(ended)
        return ClusterList(
            store_id=await self._store.store_id(),
            seq=seq,
            clusters=[record.to_wire() for record in records],
        )

    async def offers(self) -> ClusterGatewayList:
        """Return where clusters can be started."""
        return ClusterGatewayList(gateways=await self.gateways.offers())
