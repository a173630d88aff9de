from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_batch.client.batch import Batch
from tests.client.scripted import ScriptedServer


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def scripted_socket(tmp_path: Path) -> Iterator[ScriptedServer]:
    server = ScriptedServer(tmp_path / "s")
    yield server
    server.close()


@pytest.fixture
def batch(scripted: ScriptedServer) -> Batch:
    return Batch(scripted.server)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyterlab_batch.client.sending.PAUSES_SECONDS", (0.0, 0.0, 0.0))
