"""Arrays, and what a gateway and the wrappers of tasks tell of them."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jupyterlab_batch.domain.generated import Phase, Task
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.taskorder import TaskQuery
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.waiting import becomes


def array(start: int = 0, stop: int = 3, **more: Any) -> dict[str, Any]:
    """Return a submission of an array of indices."""
    return submission(array={"kind": "index", "start": start, "stop": stop, **more})


def task(record: JobRecord, index: int, phase: Phase, **seen: Any) -> Observation:
    """Return what a gateway says of one task."""
    native_id = f"{record.native_id}_{index}"
    return Observation(native_id=native_id, index=index, phase=phase, **seen)


async def tells(
    service: BatchService,
    gateway: FakeGateway,
    record: JobRecord,
    phase: Phase,
    *tasks: Observation,
    **seen: Any,
) -> JobRecord:
    """Let the gateway say something of an array, and return it when it was taken in."""
    before = await service.store.get(record.id)
    assert before is not None and record.native_id is not None
    gateway.see(Observation(native_id=record.native_id, phase=phase, tasks=tasks, **seen))
    return await becomes(service, record.id, lambda now: now.revision > before.revision)


def counts(record: JobRecord) -> dict[str, int]:
    """Return how many tasks of an array are in each phase."""
    row = record.to_row()
    assert row.array is not None and row.array.size == sum(row.array.by_phase.values())
    return row.array.by_phase


async def tasks_of(service: BatchService, record: JobRecord, **query: Any) -> list[Task]:
    """Return some tasks of an array, as the server lists them."""
    return (await service.task_listing.tasks(record.id, TaskQuery(**query))).tasks


def write_task(record: JobRecord, index: int, native_id: str | None = None, **told: Any) -> None:
    """Write what the wrapper of a task does."""
    folder = Path(record.run_directory, "tasks", str(index))
    folder.mkdir(parents=True)
    content = {
        "nonce": record.nonce,
        "native_id": native_id or f"{record.native_id}_{index}",
        "attempt": 1,
        "host": "node1",
        "pid": 1,
        "started_at": datetime.now(timezone.utc).isoformat(),
        "ended_at": None,
        "exit_code": None,
        **told,
    }
    folder.joinpath("wrapper.json").write_text(json.dumps(content))


def over() -> str:
    """Return when a task ended that just did."""
    return datetime.now(timezone.utc).isoformat()
