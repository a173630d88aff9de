"""What a user is told of a cluster of this machine before it is too late: seen on real Dask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest_asyncio
from distributed import Client

from jupyterlab_batch.domain.generated import ClusterClient, ClusterWarning
from tests.engine.harness import MB
from tests.gateways.clusters.local import LocalRig
from tests.gateways.clusters.rig import Followed, Seen
from tests.gateways.clusters.test_conformance import another_numpy, connected
from tests.gateways.clusters.test_kills import owner_of, workers_of


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[LocalRig]:
    place = LocalRig(tmp_path)
    yield place
    await place.close()


def connected_as_another(told: ClusterClient) -> Client:
    with another_numpy():
        return connected(told)


def warned(seen: Seen, code: str) -> ClusterWarning | None:
    return next((one for one in seen.warnings if one.code == code), None)


def fill(limit: int) -> int:
    """Take most of what a worker may have, and keep it for a while."""
    rest = int(0.87 * limit) - psutil.Process().memory_info().rss
    taken = bytearray(b"x") * max(0, rest)
    time.sleep(20)
    return len(taken)


async def test_each_is_told_with_its_number(rig: LocalRig) -> None:
    limit = 320 * MB
    launch = rig.launch(2, options={"worker_memory_bytes": limit})
    followed = await Followed.start(rig, launch)
    seen = await followed.ready(2)
    assert list(seen.warnings) == []
    client = await asyncio.to_thread(connected_as_another, followed.gateway.client(launch))
    seen = await followed.until(lambda seen: warned(seen, "versions") is not None)
    (differing,) = (warned(seen, "versions") or AssertionError).packages  # type: ignore[union-attr]
    assert (differing.name, differing.client) == ("numpy", "0.0.1")
    full = client.submit(fill, limit, pure=False)
    seen = await followed.until(lambda seen: warned(seen, "memory") is not None)
    assert (warned(seen, "memory") or AssertionError).workers == 1  # type: ignore[union-attr]
    del full
    await asyncio.to_thread(client.close)
    await followed.until(lambda seen: warned(seen, "versions") is None)
    for _ in range(2):
        for worker in workers_of(owner_of(followed)):
            worker.kill()
        await followed.until(lambda seen: seen.ready == 0)
        await followed.ready(2)
    seen = await followed.until(lambda seen: warned(seen, "workers_killed") is not None)
    told = warned(seen, "workers_killed")
    assert told is not None and told.since is not None and (told.workers or 0) >= 3
    await followed.scale(0)
    seen = await followed.ready(0)
    assert warned(seen, "memory") is None
    await followed.gateway.close(followed.native_id)
    over = await followed.end()
    assert list(over.warnings) == []
    await followed.forget()
