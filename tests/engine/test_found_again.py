"""How a supervisor that comes back tells a wrapper that is starting from one that is gone."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from jupyterlab_batch.engine import running
from jupyterlab_batch.engine.processes import NO_PID
from jupyterlab_batch.engine.queue import JobRecord
from tests.engine.test_queue import make_record


@pytest.fixture
def record(tmp_path: Path) -> JobRecord:
    made = make_record(1)
    made.request = msgspec.structs.replace(made.request, run_directory=str(tmp_path))
    return made


def test_a_wrapper_that_comes_up_while_processes_are_looked_through_is_found(
    record: JobRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def find_wrapper(mark: str) -> int | None:
        looks.append(mark)
        if len(looks) > 1:
            return 4711
        (tmp_path / "claim").touch()  # just too late to be among those looked through
        return None

    monkeypatch.setattr(running, "find_wrapper", find_wrapper)
    assert running.wrapper_of(record) == 4711


def test_one_that_left_its_claim_is_gone(record: JobRecord, tmp_path: Path) -> None:
    (tmp_path / "claim").touch()
    assert running.wrapper_of(record) == NO_PID


def test_one_that_left_nothing_never_was(record: JobRecord) -> None:
    assert running.wrapper_of(record) is None
