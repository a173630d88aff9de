"""A store that is no whole database: found, and put aside as it is. All functions block."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

_MARK: Final = ".broken-"
_JOURNAL: Final = "-journal"
_BUSY_SECONDS: Final = 5.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other servers from judging or moving the file at the same time."""
    lock = path.with_name(path.name + ".lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_broken(path: Path) -> bool:
    """Tell whether the content is damaged; one that is new and empty is not.

    Raises
    ------
    sqlite3.OperationalError
        Nobody can tell: it is locked, or cannot be read.
    """
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # What SQLite raises for SQLITE_NOTADB and SQLITE_CORRUPT, and for nothing that passes.
            return True
    return found is None or found[0] != "ok"


def is_damage(error: BaseException | None) -> bool:
    """Tell whether an error says that the file is no whole database."""
    # What can be tried again or was asked wrongly has a class of its own below this one.
    return type(error) is sqlite3.DatabaseError


def put_aside(path: Path) -> Path:
    """Rename the file, and its journal before it: the new store must not be rolled back by that."""
    now = datetime.now(timezone.utc)
    aside = path.with_name(f"{path.name}{_MARK}{now:%Y%m%d-%H%M%S-%f}")
    journal = path.with_name(path.name + _JOURNAL)
    if journal.exists():
        journal.rename(aside.with_name(aside.name + _JOURNAL))
    return path.rename(aside)


def broken_files(path: Path) -> list[Path]:
    """Return what was put aside and is still there, oldest first."""
    found = path.parent.glob(f"{path.name}{_MARK}*")
    return sorted(file for file in found if not file.name.endswith(_JOURNAL))
