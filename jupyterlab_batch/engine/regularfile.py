"""Opening a file that anybody may have put there: a regular one, or none at all."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO
from pathlib import Path


class NotRegular(OSError):
    """There is something else under that name: a folder, a FIFO, a device, a process."""


def open_regular(path: Path, *, follow_links: bool) -> FileIO:
    """Open a regular file for reading. Never blocks: a FIFO in its place has no writer.

    Raises
    ------
    NotRegular
    OSError
        It is not there or may not be read.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags if follow_links else flags | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        # A descriptor of a folder can be had, but Python makes no file of it.
        if not stat.S_ISREG(status.st_mode) or _is_of_a_process(status):
            raise NotRegular(errno.EINVAL, "It is no regular file", str(path))
        return FileIO(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _is_of_a_process(status: os.stat_result) -> bool:
    """Tell whether it is part of a process, such as the server's own environment or memory."""
    try:
        return status.st_dev == Path("/proc/self").stat().st_dev
    except OSError:
        return False
