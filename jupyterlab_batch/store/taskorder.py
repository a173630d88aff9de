"""The SQL that puts the tasks of an array in the order of what they used."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from jupyterlab_batch.domain.generated import TaskSort

MEASURED: Final[Mapping[TaskSort, str]] = {
    "memory": "memory_peak_bytes",
    "elapsed": "elapsed_seconds",
}
"""The column of each order by what was measured."""


def measured(
    connection: sqlite3.Connection, job_id: str, sort: TaskSort, *, descending: bool
) -> list[int]:
    """Return the indices of the tasks of which it is known, in order; equals by their index."""
    column = MEASURED[sort]
    rows = connection.execute(
        f"SELECT task_index FROM tasks WHERE job_id = ? AND {column} IS NOT NULL"  # noqa: S608 -- our own constants
        f" ORDER BY {column} {'DESC' if descending else 'ASC'}, task_index",
        (job_id,),
    )
    return [row[0] for row in rows]
