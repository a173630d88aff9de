"""What Dask Gateway and the schedulers behind it answer, as far as we want to know it.

The record of a cluster comes with its TLS certificate and private key, in the list too: they are
not named here, so they end in the decoder.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Literal

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One cluster, as the gateway (2026.3.0) tells it."""

    name: str
    status: Literal["PENDING", "RUNNING", "STOPPING", "STOPPED", "FAILED"]
    start_time: int | None = None
    """Milliseconds since the epoch, as the other two."""
    stop_time: int | None = None
    dashboard_route: str | None = None
    options: dict[str, Any] = {}

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in {"STOPPED", "FAILED"}

    @property
    def asked_at(self) -> datetime | None:
        """When the gateway was asked for it, by its own clock."""
        return moment(self.start_time)


class Created(msgspec.Struct, frozen=True):
    """The answer to a new cluster."""

    name: str


class Scaled(msgspec.Struct, frozen=True):
    """The answer to another number of workers: ``ok`` is false of one that was reduced."""

    ok: bool = True
    msg: str | None = None


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """Of what kind an option is; any bound may be missing."""

    type: str
    min: float | None = None
    max: float | None = None
    options: list[str] = []


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One option of a cluster."""

    field: str
    label: str = ""
    default: Any = None
    spec: Spec


class Options(msgspec.Struct, frozen=True):
    """All that can be chosen."""

    cluster_options: list[Option]


class Version(msgspec.Struct, frozen=True):
    """Of the gateway."""

    version: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What a scheduler counts (distributed 2023.6 and later).

    Not ``desired_workers``: that is what Dask's own adapting aims at, and stays 0 without.
    """

    workers: int
    cores: int
    tasks: int
    waiting: int
    processing: int
    memory: int
    """Tasks whose results are kept."""
    erred: int
    bytes: int
    """Of these results."""
    unrunnable: int = 0
    clients: int = 1
    """One of them is no client, but what a scheduler keeps for work that nobody waits for."""

    @property
    def has_work(self) -> bool:
        """Whether something is done, or waits for a worker."""
        return bool(self.processing or self.waiting or self.unrunnable)


class Refusal(msgspec.Struct, frozen=True):
    """Why the gateway did not do it."""

    error: str


def moment(milliseconds: int | None) -> datetime | None:
    """Return a time as the gateway counts it."""
    return (
        None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    )
