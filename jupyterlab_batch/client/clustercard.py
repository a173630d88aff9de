"""A Dask cluster as a person reads it: a block of text, and a still picture in HTML.

As with jobs the HTML stands in for the live card wherever there is none.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Final

from jupyterlab_batch.client.card import plain, still_table, still_text
from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.generated import Cluster
from jupyterlab_batch.client.quantities import format_duration, format_memory

MIME_TYPE: Final = "application/vnd.jupyterlab-batch.cluster+json"
OVER: Final = frozenset({"COMPLETED", "ERROR", "ABORTED"})
_WORDS: Final = {
    "PENDING": "Submitting",
    "QUEUED": "Waiting",
    "EXECUTING": "Running",
    "COMPLETED": "Stopped",
    "ABORTED": "Stopped",
    "ERROR": "Failed",
    "UNKNOWN": "Unknown",
}
_SUBSTATES: Final = {"starting": "Starting", "stopping": "Stopping"}


def bundle_of(row: Cluster, as_of: datetime) -> dict[str, Any]:
    """Return what a cell shows of a cluster: the live card and its still twins.

    Outputs are kept in notebooks and passed on: what was chosen for the cluster stays behind.
    """
    shown = encode(row)
    shown["spec"] = {"workers": shown["spec"]["workers"]}
    card = {"version": 1, "cluster_id": row.id, "as_of": as_of.isoformat(), "row": shown}
    return {
        MIME_TYPE: card,
        "text/html": cluster_html(row, as_of),
        "text/plain": cluster_text(row, as_of),
    }


def cluster_text(row: Cluster, as_of: datetime) -> str:
    """Return a cluster as text: the first line says what and where, the others how it is."""
    return still_text(head_of(row), _pairs(row, as_of))


def cluster_html(row: Cluster, as_of: datetime) -> str:
    """Return a cluster as a still HTML table.

    Parameters
    ----------
    as_of
        When the row was true.
    """
    bars = {}
    if memory_of(row):
        used = min(row.memory_used_bytes or 0, row.memory_bytes or 0)
        bars["Memory"] = (used, row.memory_bytes or 0)
    return still_table(head_of(row), _pairs(row, as_of), bars)


def head_of(row: Cluster) -> str:
    """Return what and where a cluster is, and what it does."""
    return f"{plain(row.name)}: {state_of(row)} on {plain(row.gateway_id)}"


def state_of(row: Cluster) -> str:
    """Return what people call the state of a cluster."""
    if row.phase == "EXECUTING" and row.substate is None and row.idle_since is not None:
        return "Idle"
    return _SUBSTATES.get(row.substate or "") or _WORDS.get(row.phase, row.phase)


def workers_of(row: Cluster) -> str:
    """Return the workers as ``2 of 3`` or ``2 of 0 to 4``."""
    told = row.workers
    ready = "?" if told.ready is None else str(told.ready)
    if told.adaptive:
        return f"{ready} of {told.minimum} to {told.maximum}"
    return f"{ready} of {told.wanted}"


def memory_of(row: Cluster) -> str:
    """Return the memory as ``185 MB of 2 GB``, or "" if it is not known."""
    if row.memory_used_bytes is None or not row.memory_bytes or row.phase in OVER:
        return ""
    return f"{format_memory(row.memory_used_bytes)} of {format_memory(row.memory_bytes)}"


def remark_of(row: Cluster) -> str:
    """Return why it is where it is, how old that is, or when it stops by itself."""
    now = datetime.now(timezone.utc)
    if row.reason_text:
        return plain(row.reason_text)
    return _silence(row, now) or _idle(row, now) or plain(row.workers.note or "")


def _silence(row: Cluster, as_of: datetime) -> str:
    if row.stale_since is None or row.phase in OVER:
        return ""
    return f"not heard of for {format_duration((as_of - row.stale_since).total_seconds())}"


def _idle(row: Cluster, as_of: datetime) -> str:
    if row.idle_stop_at is None or row.phase in OVER:
        return ""
    rest = max(0.0, (row.idle_stop_at - as_of).total_seconds())
    return f"idle, stops in {format_duration(rest)}"


def _tasks(row: Cluster) -> str:
    told = row.tasks
    if told is None or told.total == 0 or row.phase in OVER:
        return ""
    return f"{told.total:,}, {told.erred:,} failed" if told.erred else f"{told.total:,}"


def _pairs(row: Cluster, as_of: datetime) -> list[tuple[str, str]]:
    pairs = [
        ("Workers", "" if row.phase in OVER else workers_of(row)),
        ("Memory", memory_of(row)),
        ("Tasks", _tasks(row)),
        ("Reason", plain(row.reason_text or "")),
        ("Silent", _silence(row, as_of)),
        ("Work", _idle(row, as_of)),
        ("Note", plain(row.workers.note or "")),
        ("Cluster", row.id),
        ("As of", as_of.astimezone().strftime("%Y-%m-%d %H:%M %Z")),
    ]
    return [(label, value) for label, value in pairs if value]
