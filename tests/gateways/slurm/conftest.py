"""Gateways to the real Slurm, by either way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.gateways.conformance.bench import Bench
from tests.gateways.rigs.slurm import (
    RestRig,
    SlurmRig,
    StockRestRig,
    StockRig,
    ToolsRig,
    make_gateway,
)

OpenBench = Callable[..., Awaitable[Bench]]


@pytest_asyncio.fixture
async def open_rest(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenBench]:
    """Open a gateway by slurmrestd, with traits of one's own."""
    async for factory in _factory(RestRig(request, tmp_path)):
        yield factory


@pytest_asyncio.fixture
async def open_tools(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenBench]:
    """Open a gateway by the tools, with traits of one's own."""
    async for factory in _factory(ToolsRig(request, tmp_path)):
        yield factory


@pytest_asyncio.fixture(params=[RestRig, ToolsRig], ids=["rest", "tools"])
async def open_bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenBench]:
    """Open a gateway by one way after the other."""
    async for factory in _factory(request.param(request, tmp_path)):
        yield factory


@pytest_asyncio.fixture(params=[StockRestRig, StockRig], ids=["rest", "tools"])
async def open_stock(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenBench]:
    """Open a gateway to the Slurm that is not set up for us, by one way after the other."""
    async for factory in _factory(request.param(request, tmp_path)):
        yield factory


async def _factory(rig: SlurmRig) -> AsyncIterator[OpenBench]:
    rig.start()
    opened: list[Bench] = []

    async def open_one(**traits: Any) -> Bench:
        bench = Bench(rig, make_gateway(rig.gateway_id, **{**rig.traits(), **traits}))
        opened.append(bench)
        await bench.open()
        return bench

    yield open_one
    for bench in opened:
        await bench.close()
