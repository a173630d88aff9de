"""How often a Dask Gateway is asked: by its own log, however many look."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from jupyterlab_batch.gateways.clusters import ClusterGateway
from tests.gateways.clusters.daskserver import missing
from tests.gateways.clusters.rig import DEADLINE_SECONDS, Followed
from tests.gateways.clusters.test_dask_gateway_days import running

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))
LOOKERS = 20
LOOKS = 20
SHORTEST_SECONDS = 0.4
"""Between two looks, of 0.5 s on an average."""
AFTER_AN_ORDER = 12
"""So many looks at most come sooner, as something was ordered."""


async def _look(gateway: ClusterGateway) -> None:
    """Ask again and again, as a tab does that shows the clusters."""
    while True:
        gateway.looked()
        await gateway.describe()
        await asyncio.sleep(0.05)


async def test_twenty_who_look_cost_no_more_calls_than_one(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        followed = await Followed.start(rig, rig.launch(0))
        await followed.until(lambda seen: seen.ready == 0)

        def asked(path: str) -> int:
            return rig.server.log.read_text().count(f"GET {path} ")

        async def until_listed(count: int) -> None:
            while True:
                if asked(listing) >= count:
                    return
                await asyncio.sleep(0.05)

        listing = "/api/v1/clusters/?status=PENDING,RUNNING,STOPPING"
        before, began = asked(listing), time.monotonic()
        lookers = [asyncio.create_task(_look(followed.gateway)) for _ in range(LOOKERS)]
        await asyncio.wait_for(until_listed(before + LOOKS), DEADLINE_SECONDS)
        seconds = time.monotonic() - began
        for looker in lookers:
            looker.cancel()
        assert asked(listing) - before <= AFTER_AN_ORDER + 1 + seconds / SHORTEST_SECONDS
        assert asked("/api/v1/options") <= 1 + seconds / 60
        await followed.forget()
