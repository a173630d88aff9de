"""The run directories of jobs: what they take up, and their removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.generated import (
    RemovalResult,
    RemovalResults,
    RunDirectory,
    RunDirectoryList,
)
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.quantities import format_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyterlab_batch.client.transport import Transport

_WINDOW = 500


def list_run_directories(transport: Transport, limit: int) -> Listing[RunDirectory]:
    """Return run directories, newest first."""
    rows: list[RunDirectory] = []
    cursor = None
    while len(rows) < limit:
        query = {"limit": min(_WINDOW, limit - len(rows)), "cursor": cursor}
        answer = transport.request("GET", "run-directories", query=query).decode(RunDirectoryList)
        rows += answer.rows
        cursor = answer.cursor
        if cursor is None:
            break
    known = format_memory(sum(row.size_bytes or 0 for row in rows))
    more = ", and there are more" if cursor else ""
    return Listing(
        rows,
        columns=("Job", "Name", "Made", "Size", "State", "Path"),
        cells=_cells,
        empty="There are no run directories.",
        note=f"{known} in {len(rows)} run directories{more}.",
    )


def remove_run_directories(transport: Transport, job_ids: Sequence[str]) -> Listing[RemovalResult]:
    """Remove the run directories of jobs that are over; tell of each what came of it."""
    results: list[RemovalResult] = []
    for start in range(0, len(job_ids), _WINDOW):
        body = {"job_ids": list(job_ids[start : start + _WINDOW])}
        answer = transport.request("POST", "run-directories/remove", body=body)
        results += answer.decode(RemovalResults).results
    return Listing(
        results,
        columns=("Job", "Outcome", "Message"),
        cells=lambda result: (result.job_id, result.outcome, plain(result.message or "")),
        empty="Nothing was to be removed.",
    )


def _cells(row: RunDirectory) -> tuple[str, ...]:
    state = "forgotten" if row.is_forgotten else "over" if row.is_over else "not over"
    size = "not known yet" if row.size_bytes is None else format_memory(row.size_bytes)
    made = row.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return row.job_id, plain(row.name), made, size, state, plain(row.path)
