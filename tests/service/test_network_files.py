"""What the files of a job prove on a network file system: not to see one is not to know better."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.gateways.observation import Gone
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.test_watch import claim, write_status
from tests.service.waiting import becomes, sees, send


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The folders opened of late: in others files seem absent, as on a network file system."""
    opening, opened = os.open, set[str]()

    def open_as_remembered(path: Any, flags: int, *more: Any, **named: Any) -> int:
        folder, name = os.path.split(path)
        if flags & os.O_DIRECTORY:
            opened.add(os.fspath(path))
        elif name in {"claim", "wrapper.json"} and folder not in opened:
            raise FileNotFoundError(path)
        return opening(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", open_as_remembered)
    return opened


async def test_a_file_that_is_not_shown_yet_is_asked_for(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], opened: set[str]
) -> None:
    array = submission(array={"kind": "index", "start": 0, "stop": 1})
    jobs = [
        await send(service, asking, f"key-of-the-job-number-{number}")
        for number, asking in enumerate((asked, asked, array))
    ]
    for job in jobs:
        claim(job)
    opened.clear()
    failed, gone, gone_array = jobs
    over = await sees(service, gateway, failed, phase="ERROR", reason="exit_nonzero", exit_code=1)
    assert over.reason == "exit_nonzero"
    for job in (gone, gone_array):
        gateway.see(Gone(native_id=job.native_id or ""))
        await becomes(service, job.id, lambda now: now.phase == "UNKNOWN")


async def test_a_file_system_that_is_away_proves_nothing(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    failed = await send(service, asked)
    gone = await send(service, asked, "key-of-one-that-is-gone")
    away = (root / "batch-jobs").rename(root / "away")
    over = await sees(service, gateway, failed, phase="ERROR", reason="exit_nonzero", exit_code=1)
    assert over.reason == "exit_nonzero"
    gateway.see(Gone(native_id=gone.native_id or ""))
    unknown = await becomes(service, gone.id, lambda now: now.phase == "UNKNOWN")
    assert "cannot be read now" in (unknown.reason_text or "")
    away.rename(root / "batch-jobs")
    write_status(gone, ended_at="2026-03-01T12:00:00Z", exit_code=0)
    await becomes(service, gone.id, lambda now: now.phase == "COMPLETED")
