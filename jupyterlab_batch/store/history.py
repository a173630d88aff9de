"""The SQL on what jobs of before used; each function runs inside a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from jupyterlab_batch.domain.generated import Similar

MOST_JOBS: Final = 40
_MOST_ARRAYS: Final = 5
"""The tasks of so many are looked at; an array can have 100,000."""
_TASKS: Final = "SELECT MAX(elapsed_seconds) FROM tasks WHERE job_id = ? AND phase = 'COMPLETED'"


def similar(connection: sqlite3.Connection, likenesses: Sequence[str]) -> Similar | None:
    """Return what the last jobs used that completed and did the same; ``None`` if there is none.

    Parameters
    ----------
    likenesses
        One file can be named in several ways.
    """
    marks = ", ".join("?" * len(likenesses))
    rows = connection.execute(
        "SELECT id, array, elapsed_seconds, memory_peak_bytes FROM jobs"  # noqa: S608 -- question marks only
        f" WHERE likeness IN ({marks}) AND phase = 'COMPLETED' ORDER BY id DESC LIMIT ?",
        (*likenesses, MOST_JOBS),
    ).fetchall()
    arrays = [row["id"] for row in rows if row["array"] is not None][:_MOST_ARRAYS]
    used = [row for row in rows if row["array"] is None or row["id"] in arrays]
    if not used:
        return None
    elapsed = [row["elapsed_seconds"] for row in used if row["array"] is None]
    elapsed += [connection.execute(_TASKS, (job_id,)).fetchone()[0] for job_id in arrays]
    memory = [row["memory_peak_bytes"] for row in used]
    return Similar(
        jobs=len(used),
        max_elapsed_seconds=max((one for one in elapsed if one is not None), default=None),
        max_memory_bytes=max((one for one in memory if one is not None), default=None),
    )
