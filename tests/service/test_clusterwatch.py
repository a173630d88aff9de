"""What is seen of a cluster reaches the store in the order in which it was seen."""

from __future__ import annotations

import asyncio

import anyio
import pytest

from jupyterlab_batch.gateways.clusters import ClusterObservation
from jupyterlab_batch.service import clusterwatch
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.clusterrecords import ClusterRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import STARTED, cluster_becomes, cluster_of, runs
from tests.service.conftest import KEY
from tests.service.waiting import eventually

PATIENCE_SECONDS = 0.3


def is_late() -> bool:
    """Tell whether figures that came too soon after others wait to be stored."""
    return any(task.get_name() == "figures" for task in asyncio.all_tasks())


async def test_figures_that_waited_do_not_bring_back_a_worker_that_left_meanwhile(
    service: BatchService, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await runs(service, gateway, await cluster_of(service, KEY))
    native_id = record.native_id
    assert native_id is not None
    read, asks, may_go_on = service.store.cluster, asyncio.Event(), asyncio.Event()

    async def slow(cluster_id: str) -> ClusterRecord | None:
        known = await read(cluster_id)
        task = asyncio.current_task()
        if task is not None and task.get_name() == "figures":
            asks.set()
            await may_go_on.wait()
        return known

    monkeypatch.setattr(service.store, "cluster", slow)
    monkeypatch.setattr(clusterwatch, "_SEEN_SECONDS", 0.1)
    service.clusters.watcher.looked()

    def see(ready: int, memory_used_bytes: int) -> None:
        gateway.dask.see(
            ClusterObservation(
                native_id=native_id,
                phase="EXECUTING",
                started_at=STARTED,
                ready=ready,
                memory_used_bytes=memory_used_bytes,
            )
        )

    see(2, 1)
    see(2, 2)
    await asks.wait()
    see(1, 1)
    with anyio.move_on_after(PATIENCE_SECONDS):
        await cluster_becomes(service, record.id, lambda now: now.workers.ready == 1)
    may_go_on.set()
    await cluster_becomes(service, record.id, lambda now: now.workers.ready == 1)
    await eventually(lambda: not is_late())
    after = await service.store.cluster(record.id)
    assert after is not None and after.workers.ready == 1
