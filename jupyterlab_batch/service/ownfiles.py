"""Opening files of a run directory, whatever the job put in their place: that, or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def open_own(directory: Path, parts: Sequence[str]) -> Iterator[tuple[int, os.stat_result]]:
    """Open a regular file of the user's own below a folder, step by step, following no link.

    What was opened is looked at, rather than a name. Blocks.

    Yields
    ------
    Its descriptor, which is closed at the end, and what it is.

    Raises
    ------
    FileNotFoundError
    OSError
        There is something else in its place, or it may not be read.
    """
    folder = open_own_folder(directory, parts[:-1])
    try:
        descriptor = os.open(parts[-1], _OPEN, dir_fd=folder)
        try:
            status = os.fstat(descriptor)
            _check(status, os.stat(parts[-1], dir_fd=folder, follow_symlinks=False))
            yield descriptor, status
        finally:
            os.close(descriptor)
    finally:
        os.close(folder)


def open_own_folder(directory: Path, parts: Sequence[str]) -> int:
    """Open a folder of the user's own below another, each step from the one before it. Blocks."""
    folder = os.open(directory, _OPEN | os.O_DIRECTORY)
    try:
        _check_owner(os.fstat(folder))
        for part in parts:
            above, folder = folder, os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=folder)
            os.close(above)
            _check_owner(os.fstat(folder))
    except BaseException:
        os.close(folder)
        raise
    return folder


def parts_of(path: str) -> list[str] | None:
    """Return the steps of a path that leads downwards; ``None`` if it is none."""
    parts = path.split("/")
    return None if "\0" in path or {"", ".", ".."} & set(parts) else parts


def is_own_file(status: os.stat_result) -> bool:
    """Tell whether it is a regular file of the user's own that has no other name."""
    is_one = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return is_one and status.st_uid == os.getuid()


def is_own_folder(status: os.stat_result) -> bool:
    """Tell whether it is a folder of the user's own."""
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def _check(opened: os.stat_result, named: os.stat_result) -> None:
    """Refuse what is no regular file of the run directory's own.

    A file that was opened by a second name has one name again when that was removed: so the name
    must lead to it still, and be its only one.
    """
    _check_owner(opened)
    is_own = named.st_nlink == 1 and os.path.samestat(opened, named)
    if not stat.S_ISREG(opened.st_mode) or not is_own:
        raise OSError("it is no regular file of its own")


def _check_owner(status: os.stat_result) -> None:
    if status.st_uid != os.getuid():
        raise OSError("it belongs to somebody else")
