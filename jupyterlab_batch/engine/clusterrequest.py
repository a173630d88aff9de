"""What a supervisor must know of a job that is a Dask cluster, whose size changes while it runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

ORDER_NAME: Final = "order.json"
"""In the folder of a cluster: how many workers are wanted; its owner follows it."""


class ClusterShare(msgspec.Struct, kw_only=True, frozen=True):
    """What a cluster takes of this machine: its scheduler, and each of its workers."""

    scheduler_memory_bytes: int
    worker_cores: int
    worker_memory_bytes: int

    def cores(self, workers: int) -> int:
        """Return how many cores so many workers take."""
        return self.worker_cores * workers

    def memory_bytes(self, workers: int) -> int:
        """Return how much memory the cluster takes with so many workers."""
        return self.scheduler_memory_bytes + self.worker_memory_bytes * workers

    def most_workers(self, cores: int, memory_bytes: int) -> int:
        """Return how many workers have room in so much."""
        by_memory = (memory_bytes - self.scheduler_memory_bytes) // self.worker_memory_bytes
        return max(0, min(cores // self.worker_cores, by_memory))


class WorkersOrder(msgspec.Struct, kw_only=True, frozen=True):
    """How many workers are wanted: ``maximum``, or as many as there is work for."""

    minimum: int
    maximum: int
    adaptive: bool

    def reduced(self, most: int) -> WorkersOrder:
        """Return the same with at most so many."""
        return WorkersOrder(
            minimum=min(self.minimum, most),
            maximum=min(self.maximum, most),
            adaptive=self.adaptive,
        )


class Scale(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="scale"):
    """Want another number of workers of a cluster; what is accepted is in the answer."""

    number: int
    native_id: str
    order: WorkersOrder


def write_order(folder: Path, order: WorkersOrder) -> None:
    """Tell the owner of a cluster what is wanted; it never reads half of it.

    Raises
    ------
    OSError
    """
    fresh = folder / f".{ORDER_NAME}.new"
    fresh.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with open(os.open(fresh, flags, 0o600), "wb") as file:  # noqa: PTH123 -- by descriptor
        file.write(msgspec.json.encode(order))
    fresh.replace(folder / ORDER_NAME)


def free_for(total: int, taken: Sequence[int]) -> int:
    """Return what is left of something; never less than nothing."""
    return max(0, total - sum(taken))
