"""Dask clusters of a fake gateway, as far as a test wants them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from jupyterlab_batch.gateways.clusters import ClusterObservation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from tests.fakes.gateway import FakeGateway

STARTED: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def cluster_submission(**spec: Any) -> dict[str, Any]:
    """Return what asks for two workers."""
    return {"gateway_id": "fake", "spec": {"workers": {"kind": "fixed", "count": 2}, **spec}}


async def cluster_of(service: BatchService, key: str, **spec: Any) -> ClusterRecord:
    """Start one, and return it."""
    return (await service.clusters.starter.start(cluster_submission(**spec), key=key)).record


async def cluster_becomes(
    service: BatchService, cluster_id: str, is_so: Callable[[ClusterRecord], bool]
) -> ClusterRecord:
    """Return a cluster once it is as described."""
    changed = asyncio.Event()
    service.store.on_change(lambda *_: changed.set())

    async def look() -> ClusterRecord:
        while True:
            record = await service.store.cluster(cluster_id)
            if record is not None and is_so(record):
                return record
            await changed.wait()
            changed.clear()

    return await asyncio.wait_for(look(), 60)


async def cluster_sees(
    service: BatchService, gateway: FakeGateway, record: ClusterRecord, **seen: Any
) -> ClusterRecord:
    """Let the gateway notice something, and return the cluster when it was taken in."""
    assert record.native_id is not None
    gateway.dask.see(ClusterObservation(native_id=record.native_id, **seen))
    phase = seen["phase"]
    return await cluster_becomes(service, record.id, lambda now: now.phase == phase)


async def runs(service: BatchService, gateway: FakeGateway, record: ClusterRecord) -> ClusterRecord:
    """Let a cluster come up."""
    return await cluster_sees(
        service, gateway, record, phase="EXECUTING", ready=2, started_at=STARTED
    )
