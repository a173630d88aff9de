"""What is seen of a cluster that runs, wherever it is: on real Dask, as far as it is told there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from distributed import Client

from jupyterlab_batch.domain.generated import ClusterClient, ClusterWorkerList
from jupyterlab_batch.gateways.clusters import TrackedCluster
from tests.gateways.clusters.rig import ClusterRig, Followed
from tests.gateways.clusters.test_conformance import connected
from tests.gateways.conformance.capabilities import proves


def cluster_of(followed: Followed) -> TrackedCluster:
    return TrackedCluster(native_id=followed.native_id, cluster_id=followed.launch.cluster_id)


def work(told: ClusterClient) -> None:
    """Leave ten results and one failure in the memory of the cluster."""

    def double(number: int) -> int:
        return 2 * number if number >= 0 else 1 // 0

    client = connected(told)
    futures = client.map(double, [-1, *range(10)], pure=False, key="double")
    client.gather(futures, errors="skip")
    WORKED.append((client, futures))


WORKED: list[tuple[Client, object]] = []


def leave() -> None:
    while WORKED:
        client, futures = WORKED.pop()
        del futures
        client.close()


@contextmanager
def kernel_connected(told: ClusterClient) -> Iterator[str]:
    """Connect in a process that has the arguments of a kernel, as the cell of a notebook does."""
    kernel_id = str(uuid.uuid4())
    code = told.code + "\nprint('connected', flush=True)\ninput()\n"
    words = [sys.executable, "-c", code, "-f", f"/nowhere/kernel-{kernel_id}.json"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as kernel:
        assert kernel.stdout is not None and kernel.stdin is not None
        for line in kernel.stdout:
            if line == "connected\n":
                break
        yield kernel_id
        kernel.stdin.close()


async def workers_of(followed: Followed, count: int) -> ClusterWorkerList:
    """Return them once the scheduler has heard how all of so many are."""
    while True:
        told = await followed.gateway.workers(cluster_of(followed))
        if len(told.workers) == count and all(one.memory_used_bytes for one in told.workers):
            return told
        await asyncio.sleep(0.1)


@proves("Its work is told by groups, a worker hands on what it holds and goes, and a log is kept")
async def test_workers_work_retirement_and_log(rig: ClusterRig) -> None:
    followed = await Followed.start(rig, rig.launch(2))
    await followed.ready(2)
    gateway, cluster = followed.gateway, cluster_of(followed)
    can = (await gateway.describe()).capabilities
    if not (can.workers and can.progress and can.retire and can.log):
        pytest.skip("It does not tell all of this.")
    told = await workers_of(followed, 2)
    one, other = told.workers
    assert (one.name, other.name, one.state, one.cores) == ("0", "1", "running", 1)
    assert one.memory_bytes == rig.options["worker_memory_bytes"] and one.address != other.address
    assert one.last_seen_at is not None and one.cpu_percent is not None
    assert (await gateway.progress(cluster)).groups == []
    await asyncio.to_thread(work, gateway.client(followed.launch))
    (group,) = (await gateway.progress(cluster)).groups
    assert (group.total, group.done, group.erred, group.waiting) == (11, 10, 1, 0)
    held = [row.tasks_in_memory for row in (await gateway.workers(cluster)).workers]
    assert sum(count or 0 for count in held) == 10
    retired = await gateway.retire(cluster, [one.address, "tls://nobody:1"])
    assert [result.outcome for result in retired.results] == ["ok", "not_found"]
    assert retired.accepted is not None and retired.accepted.wanted.maximum == 1
    seen = await followed.ready(1)
    assert seen.wanted == 1
    told = await gateway.workers(cluster)
    assert [(row.name, row.tasks_in_memory) for row in told.workers] == [("1", 10)]
    (alone,) = (await gateway.retire(cluster, [other.address])).results
    assert (alone.outcome, alone.message is not None) == ("denied", True)
    assert (await gateway.progress(cluster)).groups[0].done == 10
    assert "Could not retire" in gateway.log_file(followed.launch.cluster_id).read_text()
    leave()
    await gateway.close(followed.native_id)
    await followed.end()
    with pytest.raises(Exception, match=r"answer|earlier"):
        await gateway.workers(cluster)
    await followed.forget()


@proves("The clients that are connected are told")
async def test_who_is_connected_is_told(rig: ClusterRig) -> None:
    followed = await Followed.start(rig, rig.launch(0))
    await followed.until(lambda seen: seen.started_at is not None)
    gateway, cluster = followed.gateway, cluster_of(followed)
    assert (await gateway.users(cluster)).clients == 0
    place = gateway.client(followed.launch)
    client = await asyncio.to_thread(connected, place)
    alone = await gateway.users(cluster)
    assert (alone.clients, alone.kernel_ids or []) == (1, [])
    with kernel_connected(place) as kernel_id:
        both = await gateway.users(cluster)
        assert both.clients == 2
        assert both.kernel_ids in ([kernel_id], None)
    await asyncio.to_thread(client.close)
    while (await gateway.users(cluster)).clients:  # noqa: ASYNC110 -- nobody tells of it
        await asyncio.sleep(0.1)
    await gateway.close(followed.native_id)
    await followed.end()
    await followed.forget()


@proves("Another server finds it as it is, and each of its workers")
async def test_it_outlives_who_started_it(rig: ClusterRig) -> None:
    """A server that is started again knows the name of a cluster, and nothing else of it."""
    followed = await Followed.start(rig, rig.launch(1))
    await followed.forget()
    again = Followed(rig, rig.gateway(), followed.launch, followed.native_id, followed.awaited)
    again.watch()
    await again.ready(1)
    await again.forget()
    later = Followed(rig, rig.gateway(), followed.launch, followed.native_id)
    later.watch()
    assert (await later.ready(1)).phase == "EXECUTING"
    (worker,) = (await workers_of(later, 1)).workers
    assert (worker.state, worker.cores) == ("running", 1)
    await later.gateway.close(later.native_id)
    await later.forget()
    last = Followed(rig, rig.gateway(), followed.launch, followed.native_id)
    last.watch()
    assert (await last.end()).phase in {"ABORTED", "COMPLETED"}
    await last.forget()


@proves("Its dashboard is where it is said to be")
async def test_the_dashboard_is_where_it_is_said_to_be(rig: ClusterRig) -> None:
    followed = await Followed.start(rig, rig.launch(0))
    await followed.until(lambda seen: seen.started_at is not None)
    if not (await followed.gateway.describe()).capabilities.dashboard:
        pytest.skip("It has none.")
    place = await followed.gateway.dashboard(cluster_of(followed))

    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{place.url}/json/counts.json", timeout=60)
    assert answer.json()["workers"] == 0
    await followed.gateway.close(followed.native_id)
    await followed.end()
    await followed.forget()
