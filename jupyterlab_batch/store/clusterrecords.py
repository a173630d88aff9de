"""One Dask cluster as the store keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from jupyterlab_batch.domain.generated import (
    Cluster,
    ClusterCandidate,
    ClusterPhase,
    ClusterReason,
    ClusterSpec,
    ClusterTasks,
    ClusterWarning,
    ClusterWorkers,
)

OVER: Final[frozenset[ClusterPhase]] = frozenset({"COMPLETED", "ERROR", "ABORTED"})


class ClusterRecord(msgspec.Struct, kw_only=True, frozen=True):
    """All that we keep of one cluster; see the contract for what the fields of a `Cluster` mean."""

    id: str
    key: str
    tag: str
    gateway_id: str
    native_id: str | None = None
    name: str
    phase: ClusterPhase
    substate: Literal["starting", "stopping"] | None = None
    reason: ClusterReason | None = None
    reason_text: str | None = None
    workers: ClusterWorkers
    cores: int | None = None
    memory_bytes: int | None = None
    memory_used_bytes: int | None = None
    tasks: ClusterTasks | None = None
    has_dashboard: bool = False
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ends_at: datetime | None = None
    idle_since: datetime | None = None
    idle_stop_seconds: int | None
    """``None`` where only the gateway knows."""
    working_directory: str
    """Absolute."""
    spec: ClusterSpec
    owner: str
    stale_since: datetime | None = None
    warnings: list[ClusterWarning] = []
    stop_requested: bool = False
    """The user wants it ended, also if nobody knows yet where it is."""
    awaits_workers: bool = False
    """Its gateway is to be asked for its workers as soon as it is up."""
    is_found: bool = False
    """It is there, and was not started here."""
    candidates: list[ClusterCandidate] | None = None
    """Which it may be, if only its user can say that."""
    is_clean: bool = False
    """It is over, and what it left is removed."""
    revision: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.phase in OVER

    @property
    def is_forgettable(self) -> bool:
        """Whether it is over, or out of sight: on another machine, or in an earlier container."""
        return self.is_over or (self.phase == "UNKNOWN" and self.native_id is not None)

    def to_wire(self) -> Cluster:
        """Return the cluster as the contract describes it."""
        names = set(Cluster.__struct_fields__) - {"idle_stop_at"}
        stop_at = None
        seconds = self.idle_stop_seconds
        if self.idle_since is not None and seconds is not None and not self.is_over:
            stop_at = self.idle_since + timedelta(seconds=seconds)
        return Cluster(**{name: getattr(self, name) for name in names}, idle_stop_at=stop_at)
