"""``progress.json``: what the notebook runner tells of its run."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.engine.status import Outcome, ProgressRecord

MAX_TEXT: Final = 200
_HEARTBEAT_SECONDS: Final = 10.0
_INJECTED: Final = "injected-parameters"


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of another as a whole: a reader sees the old or the new."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


def _identity(run_directory: Path) -> Path:
    """Return where the nonce is: a task of an array has that of its job."""
    own = run_directory / "job.json"
    return own if own.exists() else run_directory.parent.parent / "job.json"


class ProgressFile:
    """``progress.json``: how far the notebook is; replaced as a whole at every change."""

    def __init__(self, run_directory: Path) -> None:
        self._path = run_directory / "progress.json"
        self._nonce: str = json.loads(_identity(run_directory).read_bytes())["nonce"]
        self._code_cells: list[int] = []
        self._done = 0
        self._total: int | None = None
        self._cell: int | None = None
        self._text = ""
        self._written = 0.0

    @property
    def cell(self) -> int | None:
        """Number of the code cell that runs or ran last, as a user counts: from 1."""
        return self._cell

    def write(self, outcome: Outcome | None = None) -> None:
        """Replace the file."""
        record = ProgressRecord(
            nonce=self._nonce,
            done=self._done,
            total=self._total,
            text=self._text,
            cell=self._cell,
            heartbeat_at=datetime.now(timezone.utc),
            outcome=outcome,
        )
        replace_file(self._path, msgspec.json.encode(record))
        self._written = time.monotonic()

    def beat(self) -> None:
        """Show that we are alive, if nothing else did for a while."""
        if time.monotonic() - self._written >= _HEARTBEAT_SECONDS:
            self.write()

    def start(self, notebook: Any) -> None:  # noqa: ANN401 -- nbformat has no types
        """Count the code cells that hold code; the one that papermill adds is not the user's."""
        self._code_cells = [
            index
            for index, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
            and cell.source.strip()
            and _INJECTED not in cell.metadata.get("tags", [])
        ]
        self._total = len(self._code_cells)
        self.write()

    def cell_started(self, cell_index: int) -> None:
        """Say which cell runs."""
        self._cell = max(1, sum(index <= cell_index for index in self._code_cells))
        self._text = f"cell {self._cell} of {self._total}"
        self.write()

    def cell_done(self, cell_index: int) -> None:
        """Count a cell that ended well."""
        self._done = sum(index <= cell_index for index in self._code_cells)
        self.write()
