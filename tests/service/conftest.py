"""The whole service over a real store and real run directories; only the batch system is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.loading import AnyGateway
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission

KEY = "key-0123456789abcdef"
START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
Emit = Callable[[str, int], None]
Make = Callable[..., BatchService]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder that JupyterLab shows."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(gateway_id="fake", title="Fake")


@pytest.fixture
def hints() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def statements() -> list[str]:
    """What was said to the store, as SQL."""
    return []


@pytest.fixture
async def make(
    tmp_path: Path,
    root: Path,
    gateway: FakeGateway,
    hints: list[tuple[str, int]],
    statements: list[str],
) -> AsyncIterator[Make]:
    """Make a service on the store of this test; a second one is another server of the same user."""
    made: list[BatchService] = []

    def build(*gateways: AnyGateway) -> BatchService:
        service = BatchService(
            store_path=tmp_path / "data" / "store.db",
            gateways=gateways or [gateway],
            context=RunContext(
                root_dir=root,
                run_root=root / "batch-jobs",
                python="/usr/bin/python3",
                environment={"PATH": "/usr/bin:/bin", "HOME": str(root)},
            ),
            kernel_names=lambda: ["python3"],
            owner="me",
            emit=lambda store_id, seq: hints.append((store_id, seq)),
            trace=statements.append,
        )
        made.append(service)
        return service

    yield build
    for service in made:
        await service.stop()


@pytest.fixture
async def service(make: Make) -> BatchService:
    """A service that has started."""
    started = make()
    await started.start()
    return started


@pytest.fixture
def asked() -> dict[str, Any]:
    """A submission that is right."""
    return submission()
