"""Find jobs: those of a group as a table, one by its id or name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import asked, phase_word, plain, when, where
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Job, JobList, JobRow
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.listing import Listing

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import JobGroup
    from jupyterlab_batch.client.transport import Transport

_WINDOW = 500
_JOB_ID = re.compile(r"[0-9a-z]{26}")
_SHORT_ID = re.compile(r"[0-9a-z]{4,25}")


def list_jobs(transport: Transport, group: JobGroup | None, limit: int) -> Listing[BatchJob]:
    """Return jobs, newest first."""
    rows, total = _rows(transport, limit, group=group)
    note = f"{len(rows)} of {total} jobs." if total > len(rows) else ""
    return Listing(
        [BatchJob(transport, row) for row in rows],
        columns=("Id", "Name", "State", "Where", "Time", "Asked for", "Reason"),
        cells=_cells,
        empty="No jobs yet." if group is None else "No such jobs.",
        note=note,
    )


def find_job(transport: Transport, word: str) -> BatchJob:
    """Find one job by its id, the end or the beginning of one, or its name."""
    if _JOB_ID.fullmatch(word):
        answer = transport.request("GET", f"jobs/{word}")
        return BatchJob(transport, answer.decode(Job))
    return BatchJob(transport, _find(transport, word))


def job_id_of(transport: Transport, job: BatchJob | str) -> str:
    """Return the full id of a job; one that is written in full is not looked up."""
    if not isinstance(job, str):
        return job.id
    return job if _JOB_ID.fullmatch(job) else find_job(transport, job).id


def _find(transport: Transport, word: str) -> JobRow:
    named, _ = _rows(transport, _WINDOW, q=word)
    for row in named:
        if row.name == word:
            return row
    found = []
    if _SHORT_ID.fullmatch(word):
        rows, _ = _rows(transport, _WINDOW)
        found = [row for row in rows if row.id.endswith(word) or row.id.startswith(word)]
    if len(found) > 1:
        message = f'"{word}" is the id of {len(found)} jobs. Write more of it.'
        raise BatchError(message, code="bad_request")
    if not found:
        message = f'No job has the id or name "{word}".'
        raise BatchError(message, code="unknown_job")
    return found[0]


def _rows(transport: Transport, limit: int, **query: object) -> tuple[list[JobRow], int]:
    rows: list[JobRow] = []
    cursor = None
    while True:
        window = min(_WINDOW, max(1, limit - len(rows)))
        answer = transport.request(
            "GET", "jobs", query={**query, "limit": window, "cursor": cursor}
        ).decode(JobList)
        rows += answer.rows
        cursor = answer.cursor
        if cursor is None or len(rows) >= limit:
            return rows, answer.total


def _cells(job: BatchJob) -> tuple[str, ...]:
    row = job.row
    return (
        row.id,
        plain(row.name),
        phase_word(row),
        where(row),
        when(row, job.as_of),
        asked(row),
        plain(row.reason_text or (row.progress.text if row.progress else "")),
    )
