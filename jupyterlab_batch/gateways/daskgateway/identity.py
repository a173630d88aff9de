"""The workers of a cluster, as its scheduler tells them of itself: some 1 kB for each."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Final, Literal

import msgspec

from jupyterlab_batch.domain.generated import ClusterWorker, ClusterWorkerList

_State = Literal["starting", "running", "paused", "closing"]
_STATES: Final[dict[str, _State]] = {
    "init": "starting",
    "running": "running",
    "paused": "paused",
    "closing": "closing",
    "closing_gracefully": "closing",
    "closed": "closing",
}


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker measures of itself."""

    cpu: float | None = None
    memory: int | None = None
    spilled_bytes: dict[str, Any] = {}
    task_counts: dict[str, Any] = {}


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """One worker (distributed 2023.6 and later)."""

    name: str | int = ""
    nthreads: int | None = None
    memory_limit: int | None = None
    last_seen: float | None = None
    status: str = "running"
    metrics: Metrics = Metrics()


class Identity(msgspec.Struct, frozen=True):
    """A scheduler with its workers by address."""

    workers: dict[str, Worker]


def workers_of(identity: Identity, now: datetime) -> ClusterWorkerList:
    """Return the workers, by name."""
    found = [_worker(address, worker) for address, worker in identity.workers.items()]
    return ClusterWorkerList(as_of=now, workers=sorted(found, key=lambda one: one.name))


def _worker(address: str, worker: Worker) -> ClusterWorker:
    metrics = worker.metrics
    counts = metrics.task_counts
    last_seen = worker.last_seen
    return ClusterWorker(
        address=address,
        name=str(worker.name),
        state=_STATES.get(worker.status, "running"),
        cores=worker.nthreads,
        cpu_percent=metrics.cpu,
        memory_bytes=worker.memory_limit or None,
        memory_used_bytes=metrics.memory,
        spilled_bytes=_number(metrics.spilled_bytes.get("disk")),
        tasks_processing=_number(counts.get("executing", 0)) if counts else None,
        tasks_in_memory=_number(counts.get("memory", 0)) if counts else None,
        last_seen_at=None if last_seen is None else datetime.fromtimestamp(last_seen, timezone.utc),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
