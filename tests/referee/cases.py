"""One submission: what it is to do, and what its clients were told."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from tests.referee.ledger import SAID, SCRIPT, Ledger
from tests.referee.phases import WORDS
from tests.referee.processes import MARK

Kind = Literal["short", "long", "lasting", "failing", "cancelled"]
Surface = Literal["http", "many", "python", "magic", "form"]

_WORK: dict[Kind, tuple[float, int, float]] = {
    # Seconds, exit code, and seconds between the last line and the end.
    "short": (0.05, 0, 0),
    "long": (1.0, 0, 0.4),
    "lasting": (8.0, 0, 0.4),
    "failing": (0.05, 3, 0.1),
    "cancelled": (60, 0, 0),
}


@dataclass(frozen=True)
class Oddities:
    """What may be unusual about a submission."""

    title: str = ""
    """In front of its name."""
    says: str = ""
    """What a variable of the job holds."""
    script_bytes: int = 0
    """It is a script of that size, not a command."""
    tasks: int = 0
    is_late: bool = False
    """It is sent when all is mended."""
    is_impossible: bool = False
    """It must be refused, and nothing may be left of it."""


PLAIN: Final = Oddities()


@dataclass
class Case:
    """A key, and everything that was said about it."""

    ROW: ClassVar[str] = "SELECT phase, native_id FROM jobs WHERE name = ? ORDER BY id DESC"
    """How the server has stored it. Not by key: that of a form is known to the page alone."""
    WORDS: ClassVar[Mapping[str, str]] = WORDS
    """What the screen calls its phases."""
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
    odd: Oddities = PLAIN
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
        return ledger.argv(*self._words())

    def submission(self, ledger: Ledger) -> dict[str, Any]:
        """Return the body of the request."""
        said = {SAID: {"value": self.odd.says}} if self.odd.says else {}
        last = self.odd.tasks - 1
        array = {"array": {"kind": "index", "start": 0, "stop": last}} if self.odd.tasks else {}
        return {
            "gateway_id": self.gateway_id,
            "spec": {
                "name": self.name,
                "task": self._task(ledger),
                "environment": {
                    "kind": "inherit",
                    "variables": {MARK: {"value": self.key}, **said},
                },
                "resources": {
                    "cores": 1,
                    "memory_bytes": 64 * 1024 * 1024,
                    "walltime_seconds": 300,
                },
                **array,
            },
        }

    def acknowledge(self, job_id: str, native_id: str | None, how: str) -> None:
        self.acknowledged.append((job_id, native_id))
        self.told.append(f"{how}: job {job_id}, native {native_id}")
        self.answered.set()

    def _task(self, ledger: Ledger) -> dict[str, Any]:
        if not self.odd.script_bytes:
            return {"kind": "command", "argv": self.argv(ledger)}
        path = ledger.folder / f"{self.key}.sh"
        if not path.exists():
            _write_script(path, self.odd.script_bytes)
        return {"kind": "script", "path": str(path), "arguments": ledger.words(*self._words())}

    def _words(self) -> tuple[str | float, ...]:
        return (self.key, *_WORK[self.kind], *([self.odd.says] if self.odd.says else []))


def _write_script(path: Path, size: int) -> None:
    line = "# a line like many\n"
    path.write_text(f"#!/bin/sh\n{line * (size // len(line))}{SCRIPT}")
