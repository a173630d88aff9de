"""What lies in the run directory of a job, as a list to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.generated import JobFile, JobFiles
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.quantities import format_memory

if TYPE_CHECKING:
    from jupyterlab_batch.client.transport import Transport

_WINDOW = 500
_UNSEEN = (
    "Nothing that the job wrote is to be seen from the Jupyter server: the machine that ran it may "
    "not share the run directory."
)


def list_files(
    transport: Transport, job_id: str, *, folder: str, limit: int, offset: int
) -> Listing[JobFile]:
    """Return entries of a folder of the run directory, folders first, then by name."""
    files: list[JobFile] = []
    while True:
        window = min(_WINDOW, max(1, limit - len(files)))
        answer = transport.request(
            "GET",
            f"jobs/{job_id}/files",
            query={"folder": folder or None, "limit": window, "offset": offset + len(files)},
        ).decode(JobFiles)
        files += answer.files
        if len(files) >= limit or not answer.files or offset + len(files) >= answer.total:
            break
    more = "more than " if answer.is_more else ""
    notes = [_UNSEEN] if answer.is_nothing_seen else []
    if answer.is_more or answer.total > len(files):
        notes.append(f"{len(files):,} of {more}{answer.total:,} files and folders.")
    return Listing(
        files,
        columns=("Name", "Size", "Modified"),
        cells=_cells,
        empty="The folder is empty.",
        note=" ".join(notes),
    )


def _cells(file: JobFile) -> tuple[str, ...]:
    return (
        plain(file.path) + ("/" if file.kind == "folder" else ""),
        "" if file.size_bytes is None else format_memory(file.size_bytes),
        "" if file.modified_at is None else f"{file.modified_at.astimezone():%Y-%m-%d %H:%M:%S}",
    )
