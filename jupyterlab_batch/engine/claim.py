"""Who may run in a run directory: the first that claims it, and nobody else.

The wrapper claims it for its native id. The server claims it for nobody, when a job is given up:
should the batch system start that job after all, its wrapper finds the claim and ends at once.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.engine.runfiles import sync_directory
from jupyterlab_batch.engine.status import Claim, read_claim, read_own_file

CLAIM_NAME: Final = "claim"
_NOBODY: Final = ""
"""No batch system has such an id; the wrapper looks for its own, which is never empty."""


def is_withdrawn(directory: Path, nonce: str) -> bool:
    """Tell whether nothing can run in a run directory any more. Blocks."""
    claim = read_claim(directory, nonce)
    return claim is not None and claim.native_id == _NOBODY


def withdraw(directory: Path, *, nonce: str, key: str) -> bool:
    """Claim a run directory for nobody, durably; tell whether it is nobody's now. Blocks.

    Returns
    -------
    ``False`` if something has started in it. A run directory that was removed is nobody's: there
    is nothing to run in it.

    Raises
    ------
    OSError
        Nobody can tell.
    """
    if not directory.exists() and directory.parent.is_dir():
        return True
    own = directory / f"{CLAIM_NAME}.withdrawn.{os.getpid()}"
    _write(own, Claim(nonce=nonce, key=key, native_id=_NOBODY, restart_count=0))
    try:
        _link(own, directory / CLAIM_NAME)
    except FileExistsError:
        if not _is_foreign(directory, nonce):
            return is_withdrawn(directory, nonce)
        own.replace(directory / CLAIM_NAME)
    finally:
        own.unlink(missing_ok=True)
    sync_directory(directory)
    return True


def _is_foreign(directory: Path, nonce: str) -> bool:
    """Tell whether a claim is there that no wrapper of this job wrote, or is about to write."""
    content = read_own_file(directory / CLAIM_NAME)
    return content != b"" and read_claim(directory, nonce) is None


def _write(path: Path, claim: Claim) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- opened by descriptor, for its flags
        file.write(msgspec.json.encode(claim) + b"\n")
        file.flush()
        os.fsync(descriptor)


def _link(own: Path, claim: Path) -> None:
    """Make the claim appear at once and whole; where there are no links, as a file that is new."""
    try:
        os.link(own, claim, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        with claim.open("xb") as file:
            file.write(own.read_bytes())
            file.flush()
            os.fsync(file.fileno())
