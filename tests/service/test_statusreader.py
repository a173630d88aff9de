"""How often the run directories of jobs are looked at."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import cast

import pytest

from jupyterlab_batch.service import statusreader
from jupyterlab_batch.service.activejob import ActiveJob
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.statusreader import NOT_BEGUN_AT_ONCE, StatusReader
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.store import Store


class Watched:
    def __init__(self, count: int) -> None:
        self.active = [waiting(f"job-{number}") for number in range(count)]


def waiting(name: str) -> ActiveJob:
    return ActiveJob(
        job_id=name,
        gateway_id="slurm",
        native_id=name,
        submitted_at=datetime.now(timezone.utc),
        directory=Path("/nowhere", name),
        nonce="n",
        outputs=(),
        is_array=False,
        tag=name,
    )


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []

    def note(path: str) -> None:
        paths.append(path)

    monkeypatch.setattr(statusreader, "_stamp", note)
    return paths


async def test_of_many_that_wait_some_are_looked_at_each_time_and_each_in_its_turn(
    looks: list[str],
) -> None:
    watched = Watched(1000)
    reader = StatusReader(cast(Store, None), cast(Gateways, None), cast(Watcher, watched))
    await reader.look()
    assert len(looks) == NOT_BEGUN_AT_ONCE
    for _ in range(4):
        await reader.look()
    assert set(Counter(looks).values()) == {1} and len(looks) == 1000
    watched.active = watched.active[:150]
    looks.clear()
    await reader.look()
    assert len(looks) == 150
