from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.engine.harness import TestEngine
from tests.engine.wrapped import SHELLS, WrappedRun

EngineFactory = Callable[..., TestEngine]


@pytest_asyncio.fixture
async def make_engine(tmp_path: Path) -> AsyncIterator[EngineFactory]:
    """Make engines with traits of one's own; each is stopped at the end."""
    engines: list[TestEngine] = []

    def make(**traits: Any) -> TestEngine:
        engines.append(TestEngine(tmp_path, **traits))
        return engines[-1]

    yield make
    for engine in engines:
        await engine.close()


@pytest.fixture
def engine(make_engine: EngineFactory) -> TestEngine:
    """An engine with two cores and 1 GB."""
    return make_engine()


@pytest.fixture(params=SHELLS)
def wrapped(request: pytest.FixtureRequest, tmp_path: Path) -> WrappedRun:
    """Wrappers in each of the shells that are here."""
    return WrappedRun(tmp_path, request.param)
