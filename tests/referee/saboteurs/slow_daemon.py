"""A supervisor that takes its time to write down whom it has started.

The gap is there anyway; on a slow disk it is hit sooner. No safeguard is missing here.
"""

from __future__ import annotations

import time

from jupyterlab_batch.engine import daemon, execution, running
from jupyterlab_batch.engine.queue import JobRecord

_SLOW_DISK_SECONDS = 0.3


def _start(record: JobRecord) -> int:
    pid = execution.start_wrapper(record)
    time.sleep(_SLOW_DISK_SECONDS)
    return pid


if __name__ == "__main__":
    running.start_wrapper = _start  # type: ignore[attr-defined]  # this is the sabotage
    daemon.main()
