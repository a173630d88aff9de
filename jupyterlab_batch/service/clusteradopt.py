"""Clusters that are there and that the store does not know: it broke, or was another one."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import ClusterSpec, ClusterWorkers, FixedWorkers
from jupyterlab_batch.domain.identifiers import TAG_PREFIX, new_job_id
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.gateways.clusters import ClusterGateway, FoundCluster
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterwatch import ClusterWatcher
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.store import Store

_NOT_KNOWN: Final = ClusterWorkers(
    ready=None, wanted=None, adaptive=False, minimum=None, maximum=None, note=None
)
_log = logging.getLogger(__name__)


class _Memo(msgspec.Struct, kw_only=True, frozen=True):
    record: ClusterRecord
    digest: str


def memo_of(record: ClusterRecord, digest: str) -> str:
    """Return what makes the record of a cluster again, and keeps its key in use."""
    return msgspec.json.encode(_Memo(record=record, digest=digest)).decode()


class ClusterAdopter(msgspec.Struct, frozen=True, kw_only=True):
    """Takes up clusters that are there."""

    store: Store
    gateways: ClusterGateways
    watcher: ClusterWatcher
    owner: str

    async def look(self) -> None:
        """Take up what is there and not known.

        Raises
        ------
        StoreUnavailable
        """
        known = await self.store.cluster_ids()
        for gateway in self.gateways:
            for found in await self._survey(gateway, known):
                await self._take(gateway, found)

    async def _survey(self, gateway: ClusterGateway, known: set[str]) -> list[FoundCluster]:
        try:
            return await question(gateway, gateway.survey(known))
        except BatchProblem as problem:
            _log.info("Gateway %s: %s", gateway.gateway_id, problem.message)
        except Exception:
            # An adapter may be a stranger's: its mistake must not hide other clusters.
            _log.exception("Gateway %s cannot tell which clusters it has", gateway.gateway_id)
        return []

    async def _take(self, gateway: ClusterGateway, found: FoundCluster) -> None:
        if found.memo is None:
            stranger = await self.store.adopt_cluster(self._stranger(gateway, found))
            self.watcher.follow([] if stranger is None else [stranger])
            return
        try:
            memo = msgspec.json.decode(found.memo, type=_Memo)
        except msgspec.MsgspecError:
            _log.warning("Nobody knows what the cluster %s is", found.native_id)
            return
        record = msgspec.structs.replace(
            memo.record, gateway_id=gateway.gateway_id, native_id=found.native_id, phase="QUEUED"
        )
        intent = await self.store.begin_cluster(record, memo.digest)
        if intent.is_new and intent.record is not None:
            self.watcher.follow([intent.record])

    def _stranger(self, gateway: ClusterGateway, found: FoundCluster) -> ClusterRecord:
        """Return the record of a cluster that was started elsewhere, or that we forgot."""
        now = datetime.now(timezone.utc)
        cluster_id = new_job_id(now)
        return ClusterRecord(
            id=cluster_id,
            key=cluster_id,
            tag=TAG_PREFIX + cluster_id,
            gateway_id=gateway.gateway_id,
            native_id=found.native_id,
            name=f"dask {found.native_id.rpartition('.')[2][:8]}",
            phase="QUEUED",
            workers=_NOT_KNOWN,
            created_at=found.asked_at or now,
            idle_stop_seconds=None,
            working_directory="",
            spec=ClusterSpec(workers=FixedWorkers(count=0), options=dict(found.options)),
            owner=self.owner,
            is_found=True,
        )
