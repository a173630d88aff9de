"""Giving a Dask cluster more or less of this machine while it waits or runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.engine.admission import Capacity
from jupyterlab_batch.engine.clusterrequest import WorkersOrder, free_for, write_order
from jupyterlab_batch.engine.protocol import Refusal
from jupyterlab_batch.engine.queue import JobRecord

_OVER: Final = "It is over."
_STOPPING: Final = "It is being stopped."


def resize(
    record: JobRecord | None,
    order: WorkersOrder,
    capacity: Capacity,
    running: Sequence[JobRecord],
) -> WorkersOrder | Refusal:
    """Change what a cluster takes, and tell its owner; return what there is room for.

    Parameters
    ----------
    record
        Changed in place. What is taken away counts as free at once, though workers need a moment
        to hand on what they hold.
    running
        What else runs now; nothing if the cluster waits itself.
    """
    if record is None or record.request.cluster is None:
        return Refusal(message=_OVER)
    if record.ended_by is not None:
        return Refusal(message=_STOPPING)
    share = record.request.cluster
    accepted = order.reduced(
        share.most_workers(
            free_for(capacity.cores, [one.request.cores for one in running]),
            free_for(capacity.memory_bytes, [one.request.memory_bytes for one in running]),
        )
    )
    try:
        write_order(Path(record.request.run_directory), accepted)
    except OSError as error:
        return Refusal(message=f"The order cannot be written: {error.strerror or error}.")
    record.request = msgspec.structs.replace(
        record.request,
        cores=share.cores(accepted.maximum),
        memory_bytes=share.memory_bytes(accepted.maximum),
    )
    return accepted
