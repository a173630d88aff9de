"""One submission: what it is to do, and what its clients were told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.referee.ledger import Ledger
from tests.referee.processes import MARK

Kind = Literal["short", "long", "failing", "cancelled"]
Surface = Literal["http", "python", "magic", "form"]

_WORK: dict[Kind, tuple[float, int, float]] = {
    # Seconds, exit code, and seconds between the last line and the end.
    "short": (0.05, 0, 0),
    "long": (1.0, 0, 0.4),
    "failing": (0.05, 3, 0.1),
    "cancelled": (60, 0, 0),
}


@dataclass
class Case:
    """A key, and everything that was said about it."""

    key: str
    name: str
    kind: Kind
    gateway_id: str
    surface: Surface
    clients: int
    """How many send it, at the same time."""
    insists: bool
    """Sends again, under the same key, until it knows; otherwise gives up after one try."""
    after_seconds: float
    sent: threading.Event = field(default_factory=threading.Event)
    waiting: set[int] = field(default_factory=set)
    """Clients whose request is out."""
    answered: threading.Event = field(default_factory=threading.Event)
    """A client was told that there is a job."""
    cancel_asked: bool = False
    says_submitted: bool = False
    """The form says so, perhaps without a request: the page before had sent it."""
    is_forgotten: bool = False
    """The batch system lost it, and its processes go on without anybody who could end them."""
    told: list[str] = field(default_factory=list)
    """What clients were told, in words."""
    refused: list[str] = field(default_factory=list)
    """Refusals for good: there is no reason for one in a submission of ours."""
    acknowledged: list[tuple[str, str | None]] = field(default_factory=list)
    """Job id and native id of each 200 and 201."""

    @property
    def code(self) -> int:
        """The exit code of a job that is left alone."""
        return _WORK[self.kind][1]

    def argv(self, ledger: Ledger) -> list[str]:
        return ledger.argv(self.key, *_WORK[self.kind])

    def submission(self, ledger: Ledger) -> dict[str, Any]:
        """Return the body of the request."""
        return {
            "gateway_id": self.gateway_id,
            "spec": {
                "name": self.name,
                "task": {"kind": "command", "argv": self.argv(ledger)},
                "environment": {"kind": "inherit", "variables": {MARK: {"value": self.key}}},
                "resources": {
                    "cores": 1,
                    "memory_bytes": 64 * 1024 * 1024,
                    "walltime_seconds": 300,
                },
            },
        }

    def acknowledge(self, job_id: str, native_id: str | None, how: str) -> None:
        self.acknowledged.append((job_id, native_id))
        self.told.append(f"{how}: job {job_id}, native {native_id}")
        self.answered.set()
