"""The tasks of an array, as a list to look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import WORDS, plain
from jupyterlab_batch.client.generated import Task, TaskList
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.quantities import format_duration, format_memory

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import Phase
    from jupyterlab_batch.client.transport import Transport

_WINDOW = 500


def list_tasks(
    transport: Transport, job_id: str, *, phase: Phase | None, limit: int, offset: int
) -> Listing[Task]:
    """Return tasks of an array, in the order of their indices; none of a single job."""
    tasks: list[Task] = []
    while True:
        window = min(_WINDOW, max(1, limit - len(tasks)))
        answer = transport.request(
            "GET",
            f"jobs/{job_id}/tasks",
            query={"phase": phase, "limit": window, "offset": offset + len(tasks)},
        ).decode(TaskList)
        tasks += answer.tasks
        if len(tasks) >= limit or not answer.tasks or offset + len(tasks) >= answer.total:
            break
    shown = f"{len(tasks):,} of {answer.total:,} tasks."
    return Listing(
        tasks,
        columns=("Task", "Parameters", "State", "Time", "Memory", "Exit code", "Reason"),
        cells=_cells,
        empty="It has no tasks." if phase is None else "No such tasks.",
        note=shown if answer.total > len(tasks) else "",
    )


def _cells(task: Task) -> tuple[str, ...]:
    elapsed, peak = task.usage.elapsed_seconds, task.usage.memory_peak_bytes
    least = "at least " if task.usage.is_partial else ""
    return (
        str(task.index),
        plain(", ".join(f"{name}={json.dumps(value)}" for name, value in task.parameters.items())),
        WORDS.get(task.phase, task.phase),
        "" if elapsed is None else format_duration(elapsed),
        "" if peak is None else f"{least}{format_memory(peak)}",
        "" if task.exit_code is None else str(task.exit_code),
        plain(task.reason_text or ""),
    )
