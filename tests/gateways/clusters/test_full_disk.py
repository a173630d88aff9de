"""A cluster whose workers can put nothing on the disk any more: seen on real Dask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.engine.disk import limit_writing
from tests.engine.harness import MB
from tests.gateways.clusters.local import LocalRig
from tests.gateways.clusters.rig import Followed
from tests.gateways.clusters.test_conformance import connected
from tests.gateways.clusters.test_kills import owner_of, workers_of
from tests.gateways.clusters.test_warnings import warned

_PART_BYTES = 24 * MB


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[LocalRig]:
    place = LocalRig(tmp_path)
    yield place
    await place.close()


def part(number: int) -> bytes:
    """Return a part of a catalogue, as fast as a worker takes notice of it."""
    time.sleep(0.5)
    return bytes([number]) * _PART_BYTES


async def test_results_stay_in_memory_until_that_is_full_and_nothing_is_lost(rig: LocalRig) -> None:
    launch = rig.launch(1, options={"worker_memory_bytes": 320 * MB})
    followed = await Followed.start(rig, launch)
    await followed.ready(1)
    for worker in workers_of(owner_of(followed)):
        limit_writing(worker.pid, MB)
    client = await asyncio.to_thread(connected, followed.gateway.client(launch))
    parts = client.map(part, range(20), pure=False)
    seen = await followed.until(lambda seen: warned(seen, "memory") is not None)
    assert seen.tasks is not None and seen.tasks.erred == 0
    log = followed.gateway.log_file(launch.cluster_id).read_text()
    assert "Spill to disk failed; keeping data in memory" in log
    done = [one for one in parts if one.status == "finished"]
    assert await asyncio.to_thread(done[0].result) == part(0)
    await asyncio.to_thread(client.close)
    await followed.gateway.close(followed.native_id)
    await followed.end()
    await followed.forget()
