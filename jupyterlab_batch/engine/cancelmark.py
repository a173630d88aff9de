"""That a job is to be ended, noted where it outlives the store. All functions block.

Without it a store that was lost would let a job go on, or come late, that its user had cancelled.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from jupyterlab_batch.engine.status import read_own_file

CANCEL_NAME: Final = "cancel"


def mark_cancelled(directory: Path, nonce: str) -> None:
    """Note that a job is to be ended.

    Raises
    ------
    OSError
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(directory / CANCEL_NAME, flags, 0o600)
    try:
        os.write(descriptor, nonce.encode())
    finally:
        os.close(descriptor)


def unmark_cancelled(directory: Path) -> None:
    """Note that a job goes on after all.

    Raises
    ------
    OSError
    """
    (directory / CANCEL_NAME).unlink(missing_ok=True)


def is_marked_cancelled(directory: Path, nonce: str) -> bool:
    """Tell whether a job is to be ended."""
    return read_own_file(directory / CANCEL_NAME) == nonce.encode()
