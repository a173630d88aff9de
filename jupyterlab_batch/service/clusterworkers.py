"""What is told of the workers of a cluster."""

from __future__ import annotations

import msgspec

from jupyterlab_batch.domain.generated import ClusterWorkers
from jupyterlab_batch.gateways.clusters import Accepted, ClusterObservation


def workers_of(accepted: Accepted, *, ready: int | None) -> ClusterWorkers:
    """Return it when a number of them was accepted."""
    wanted = accepted.wanted
    return ClusterWorkers(
        ready=ready,
        wanted=None if wanted.adaptive else wanted.maximum,
        adaptive=wanted.adaptive,
        minimum=wanted.minimum if wanted.adaptive else None,
        maximum=wanted.maximum if wanted.adaptive else None,
        note=accepted.note,
    )


def seen_workers(workers: ClusterWorkers, seen: ClusterObservation) -> ClusterWorkers:
    """Return it when a gateway told how many there are; what is wanted is our own record."""
    if seen.accepted is not None:
        workers = workers_of(seen.accepted, ready=seen.ready)
    aims_at = seen.wanted if workers.adaptive else workers.wanted
    return msgspec.structs.replace(workers, ready=seen.ready, wanted=aims_at)
