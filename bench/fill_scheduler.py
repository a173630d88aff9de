"""Put jobs that are over into the database of jupyter-scheduler, whose server has made it.

Usage: python bench/fill_scheduler.py FILE COUNT.
"""

from __future__ import annotations

import sqlite3
import sys
import time
import uuid

_INSERT = (
    "INSERT INTO jobs (job_id, name, status, input_filename, runtime_environment_name,"
    " output_formats, url, create_time, update_time, start_time, end_time)"
    " VALUES (:id, :name, 'COMPLETED', 'night.ipynb', 'base', '[\"ipynb\"]', '/jobs/' || :id,"
    " :at, :at, :at, :at)"
)


def main() -> None:
    """Insert in one transaction."""
    file, count = sys.argv[1:]
    now = int(time.time() * 1000)
    rows = (
        {"id": str(uuid.uuid4()), "name": f"night-{number:05d}", "at": now - 1000 * number}
        for number in range(int(count))
    )
    with sqlite3.connect(file) as connection:
        connection.executemany(_INSERT, rows)


if __name__ == "__main__":
    main()
