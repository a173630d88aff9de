"""A disk that is full, for one process."""

from __future__ import annotations

import resource


def limit_writing(pid: int, size: int) -> None:
    """Let a process write no file beyond a size: for it, the disk is full."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
