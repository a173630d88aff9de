"""Real servers, as one that attacks them would meet them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.client.real import RealServer

CHECKOUT = Path(__file__).parents[2]
FAKE = {"kind": "tests.fakes.gateway:FakeGateway", "id": "fake", "title": "Fake"}


@contextmanager
def serving(
    folder: Path, gateways: list[dict[str, Any]], **environment: str
) -> Iterator[RealServer]:
    """Run a server that can import what the tests have."""
    server = RealServer(folder, gateways, {"PYTHONPATH": str(CHECKOUT), **environment})
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server whose one gateway takes everything and runs nothing."""
    with serving(tmp_path_factory.mktemp("fake"), [FAKE]) as server:
        yield server
