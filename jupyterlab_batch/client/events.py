"""What happened to a job, as a list to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import WORDS, plain
from jupyterlab_batch.client.generated import JobEvent, JobEvents
from jupyterlab_batch.client.listing import Listing

if TYPE_CHECKING:
    from jupyterlab_batch.client.transport import Transport


def list_events(transport: Transport, job_id: str) -> Listing[JobEvent]:
    """Return when a job came into which phase, oldest first."""
    answer = transport.request("GET", f"jobs/{job_id}/events").decode(JobEvents)
    return Listing(
        answer.events,
        columns=("When", "State", "Attempt", "Reason"),
        cells=_cells,
        empty="Nothing is known of it.",
    )


def _cells(event: JobEvent) -> tuple[str, ...]:
    return (
        f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}",
        WORDS.get(event.phase, event.phase),
        str(event.attempt),
        plain(event.reason_text or ""),
    )
