"""What is known at one instant, read from the outside: files, databases, the ledger.

It tells where in the life of a job a kill fell, and lets a kill be aimed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from tests.referee.cases import Case
from tests.referee.ledger import Ledger
from tests.referee.phases import FINAL

Place = Literal[
    "before intent", "in sending", "in answering", "in storing the answer", "running", "ending"
]
_JOURNAL_HEADER_BYTES: Final = 28
"""All of them are 0 when SQLite has done with a journal, https://sqlite.org/fileformat.html."""
PLACES: Final[tuple[Place, ...]] = get_args(Place)


class Crossings:
    """What passed between server and a batch system that the referee stands in front of.

    One file for each step of each job, so that a script can make them too: ``NAME.asked`` when
    the order came by, ``NAME.answered`` when the answer did. While ``NAME.asked.hold`` or
    ``NAME.answered.hold`` is there, the step is not passed on. While there is a file ``spoil``,
    nobody's answers are what they should be: it says how. A file ``clock`` says by how many seconds
    the clock of the batch system is ahead.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder

    def has(self, name: str, step: str) -> bool:
        return (self.folder / f"{name}.{step}").exists()

    def note(self, name: str, step: str) -> None:
        (self.folder / f"{name}.{step}").touch()

    def hold(self, name: str, step: str) -> None:
        self.note(name, f"{step}.hold")

    def is_held(self, name: str, step: str) -> bool:
        return self.has(name, f"{step}.hold")

    def spoil(self, how: str) -> None:
        self._write("spoil", how)

    def spoilt(self) -> str | None:
        return self._read("spoil")

    def set_clock(self, seconds: int) -> None:
        self._write("clock", str(seconds))

    def clock_seconds(self) -> int:
        return int(self._read("clock") or 0)

    def mend(self) -> None:
        """Let all answers be as they should be."""
        for name in ("spoil", "clock"):
            (self.folder / name).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> None:
        new = self.folder / f"{name}.new"
        new.write_text(text)
        new.rename(self.folder / name)  # whoever reads it finds it whole

    def _read(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text()
        except FileNotFoundError:
            return None

    def let_go(self, name: str) -> None:
        for step in ("asked", "answered"):
            (self.folder / f"{name}.{step}.hold").unlink(missing_ok=True)


@dataclass(frozen=True)
class Evidence:
    """The places to look at."""

    store: Path
    engine: Path
    """The queue of the local engine."""
    ledger: Ledger
    crossings: Crossings

    def row(self, case: Case) -> tuple[str, str | None] | None:
        """Return phase and native id as the server has stored them."""
        found = _select(self.store, case.ROW, case.name)
        return None if found is None else (str(found[0]), found[1])

    def is_taken(self, case: Case) -> bool:
        """Tell whether the batch system has the job."""
        if case.gateway_id != "local":
            return self.crossings.has(case.name, "answered")
        pattern = f'%"name":"{case.name}"%'
        query = "SELECT 1 FROM job WHERE CAST(record AS TEXT) LIKE ?"
        return _select(self.engine, query, pattern) is not None

    def place(self, case: Case, is_out: bool) -> Place | None:
        """Tell where a job is now; ``None`` if it waits in a queue, is over or was not sent.

        Parameters
        ----------
        is_out
            A request was out when the blow fell; its client may have noticed since.
        """
        row = self.row(case)
        if row is None:
            return "before intent" if is_out else None
        if is_out and not case.answered.is_set() and row[0] not in FINAL:
            return self._submitting(case, row[1])
        if row[0] in FINAL or not self.ledger.starts_of(case.key):
            return None
        return "ending" if self.ledger.ends_of(case.key) else "running"

    def _submitting(self, case: Case, native_id: str | None) -> Place:
        if native_id is not None:
            return "in storing the answer"
        if not self.is_taken(case):
            return "in sending"
        passed_on = case.gateway_id != "local" and not self.crossings.is_held(case.name, "answered")
        return "in storing the answer" if passed_on or self._is_written() else "in answering"

    def _is_written(self) -> bool:
        """Tell whether the store is being written: its journal stays, but for these bytes."""
        try:
            with self.store.with_name(self.store.name + "-journal").open("rb") as journal:
                return any(journal.read(_JOURNAL_HEADER_BYTES))
        except OSError:
            return False

    def has_reached(self, case: Case, place: Place) -> bool:
        """Tell whether it is time for a kill that is aimed at a place."""
        looks: dict[Place, Callable[[], bool]] = {
            "before intent": case.sent.is_set,
            "in sending": lambda: self._is_asked(case),
            "in answering": lambda: self.is_taken(case),
            "in storing the answer": lambda: (self.row(case) or ("", None))[1] is not None,
            "running": lambda: bool(self.ledger.starts_of(case.key)),
            "ending": lambda: bool(self.ledger.ends_of(case.key)),
        }
        return looks[place]()

    def _is_asked(self, case: Case) -> bool:
        if case.gateway_id == "local":
            return self.row(case) is not None
        return self.crossings.has(case.name, "asked")


def _select(path: Path, query: str, value: str) -> tuple[str, str | None] | None:
    """Read one line of somebody else's database, without keeping anybody waiting."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.05)
    except sqlite3.Error:
        return None
    try:
        found: tuple[str, str | None] | None = connection.execute(query, (value,)).fetchone()
        return found
    except sqlite3.Error:
        return None
    finally:
        connection.close()
