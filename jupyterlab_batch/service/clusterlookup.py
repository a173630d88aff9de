"""Finds clusters whose answer was lost, and takes them up. Never starts anything again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.clusters import Created
from jupyterlab_batch.gateways.pace import pause_after
from jupyterlab_batch.service.asking import LOOK_UP_SECONDS, order, question
from jupyterlab_batch.service.clustergateways import ClusterGateways
from jupyterlab_batch.service.clusterwatch import ClusterWatcher
from jupyterlab_batch.service.clusterworkers import workers_of
from jupyterlab_batch.service.launchcluster import launch_of
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_PAUSES_SECONDS: Final = (0.5, 2.0, 5.0, 15.0, 30.0, 60.0)
_LOST: Final = (
    "The gateway's answer was lost: the cluster may be there or not. It is looked for, and never "
    "started twice."
)
_DISOWNED: Final = "You said that it was never started. Start it again if you want it."
_ABSENT: Final = "The gateway does not know this cluster: it was never started. Start it again."


class ClusterLookUp(msgspec.Struct, kw_only=True):
    """Looks until a cluster is found, or is surely not there."""

    store: Store
    gateways: ClusterGateways
    watcher: ClusterWatcher
    tasks: BackgroundTasks
    context: RunContext

    def start(self, record: ClusterRecord) -> None:
        """Look for a cluster, beside all else."""
        self.tasks.start(self._run(record), name=f"look for cluster {record.id}")

    async def acknowledge(self, record: ClusterRecord, created: Created) -> ClusterRecord:
        """Store that a cluster is there, and watch it; stop one that is not wanted any more.

        Raises
        ------
        StoreUnavailable
        """

        def change(now: ClusterRecord) -> Mapping[str, Any]:
            if now.native_id is not None or now.is_over:
                return {}
            return {
                "native_id": created.native_id,
                "phase": "QUEUED",
                "reason": None,
                "reason_text": None,
                "candidates": None,
                **_workers(now, created),
            }

        taken = await self.store.update_cluster(record.id, change) or record
        self.watcher.follow([taken])
        if taken.stop_requested:
            self.tasks.start(self._close(taken), name=f"stop cluster {taken.id}")
        return taken

    async def _close(self, record: ClusterRecord) -> None:
        gateway = self.gateways.get(record.gateway_id)
        if record.native_id is not None:
            await order(gateway, gateway.close(record.native_id))

    async def _run(self, record: ClusterRecord) -> None:
        tries = 0
        while True:
            await asyncio.sleep(pause_after(_PAUSES_SECONDS, tries))
            tries += 1
            try:
                if await self._look(record):
                    return
            except BatchProblem as problem:
                _log.info("Cluster %s cannot be looked up yet: %s", record.id, problem.message)
            except Exception:
                # An adapter may be a stranger's.
                _log.exception("Cluster %s cannot be looked up", record.id)

    async def _look(self, record: ClusterRecord) -> bool:
        """Look once; tell whether nothing is left to find."""
        now = await self.store.update_cluster(record.id, mark_answer_lost)
        if now is None or now.native_id is not None or now.is_over:
            return True  # another server of the user was first
        gateway = self.gateways.get(record.gateway_id)
        launch = launch_of(record, self.context)
        created = await question(gateway, gateway.look_up(launch), LOOK_UP_SECONDS)
        if isinstance(created, Created):
            await self.acknowledge(now, created)
            return True
        if created is not None:
            await self.store.offer_candidates(record.id, created)
            return False
        gone = await self.store.give_up_cluster(record.id, _absent)
        if gone is not None:
            self.watcher.settle(gone)
        return True


def _workers(record: ClusterRecord, created: Created) -> Mapping[str, Any]:
    if created.accepted is None:
        return {"awaits_workers": True}
    return {"workers": workers_of(created.accepted, ready=None)}


def never_started(record: ClusterRecord) -> Mapping[str, Any]:
    """Return what changes in a cluster of which its user says that it was never started."""
    return {**_absent(record), "reason_text": _DISOWNED, "candidates": None}


def mark_answer_lost(record: ClusterRecord) -> Mapping[str, Any]:
    """Return what changes in a cluster whose answer was lost."""
    if record.native_id is not None or record.phase != "PENDING":
        return {}
    return {"phase": "UNKNOWN", "reason": "answer_lost", "reason_text": _LOST}


def _absent(record: ClusterRecord) -> Mapping[str, Any]:
    if record.native_id is not None or record.is_over:
        return {}
    ended = {"ended_at": datetime.now(timezone.utc), "substate": None}
    if record.stop_requested:
        return {**ended, "phase": "ABORTED", "reason": "stopped_by_user", "reason_text": _ABSENT}
    return {**ended, "phase": "ERROR", "reason": "lost", "reason_text": _ABSENT}
