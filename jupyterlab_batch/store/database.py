"""One SQLite file: a single writer thread, a few readers, and one problem for all that can fail."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from jupyterlab_batch.domain.problems import BatchProblem, StoreUnavailable
from jupyterlab_batch.store.broken import broken_files, is_broken, is_damage, locked, put_aside
from jupyterlab_batch.store.file import identity_of, make_private
from jupyterlab_batch.store.schema import migrate
from jupyterlab_batch.store.together import AT_ONCE, Asked, Raised, is_busy, settle

Result = TypeVar("Result")
Place = TypeVar("Place")
Work = Callable[[sqlite3.Connection], Result]

_BUSY_SECONDS: Final = 5.0
_READ_SECONDS: Final = 5.0
_WRITE_SECONDS: Final = 20.0
_PAUSE_SECONDS: Final = 0.001
_JOURNAL_BYTES: Final = 2**20


class Database:
    """Access to the file, which is opened (and made) at the first use.

    Parameters
    ----------
    path
        Made with mode 0600 in a directory of mode 0700.
    trace
        Called with every statement, from any thread; tests count with it.

    Notes
    -----
    Rollback journal and ``synchronous=FULL``: what was answered survives a power cut. The journal
    stays: a commit is its header overwritten and synced, where a file that is removed would have
    to be made again for the next one, and can come back with a power cut and undo what was
    answered. A writer that commits without pause starves a second server on the same file for
    seconds (SQLite 3.40), so one millisecond passes between two commits.

    A file that somebody else has locked is waited for from when a work was asked for, not from when
    its turn comes: of many that wait one after another the last is told as soon as the first.
    """

    def __init__(self, path: Path, *, trace: Callable[[str], None] | None = None) -> None:
        self.path = path
        self._trace = trace
        self._opening = threading.Lock()
        self._ready = False
        self._connections: list[sqlite3.Connection] = []
        self._local = threading.local()
        self._last_commit = 0.0
        self._file: tuple[int, int] | None = None
        """Which file was opened last, by whichever thread."""
        self._has_vanished = False
        self._tell_of_damage: Callable[[], None] = lambda: None
        self._find_place: Work[Any] = lambda _: None
        self._tell_of_commit: Callable[[Any], None] = lambda _: None
        self.is_suspect = False
        """Damage was met, and nobody has examined the file since."""
        self._asked: deque[Asked[Any]] = deque()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="batch-store-writer")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="batch-store-reader")

    async def write(self, work: Work[Result]) -> Result:
        """Run one function after all that were asked before; all of it is kept, or nothing.

        Raises
        ------
        StoreUnavailable
        """
        asked = Asked(work)
        self._asked.append(asked)
        self._writer.submit(self._write_waiting)
        return await self._outcome(asked.outcome)

    async def read(self, work: Work[Result]) -> Result:
        """Run one function on a consistent view of the store.

        Raises
        ------
        StoreUnavailable
        """
        asked = Asked(work)
        self._readers.submit(self._read_for, asked)
        return await self._outcome(asked.outcome)

    async def _outcome(self, asked: asyncio.Future[Result]) -> Result:
        try:
            result = await asked
        except StoreUnavailable as problem:
            if is_damage(problem.__cause__):
                self.is_suspect = True
                self._tell_of_damage()
            raise
        if self._has_vanished:
            self._has_vanished = False
            self._tell_of_damage()
        return result

    def on_damage(self, callback: Callable[[], None]) -> None:
        """Call back, on the event loop, when the file is no whole database or another one."""
        self._tell_of_damage = callback

    def on_commit(self, find: Work[Place], tell: Callable[[Place], None]) -> None:
        """After each commit tell, on the event loop, what a function found at its end."""
        self._find_place, self._tell_of_commit = find, tell

    async def put_aside_if_broken(self) -> Path | None:
        """Move a file that is no whole database away; return where to, or ``None`` if it is whole.

        Raises
        ------
        StoreUnavailable
            It cannot be read or moved; that is no proof that it is broken.
        """
        return await asyncio.wrap_future(self._writer.submit(self._put_aside_if_broken))

    def broken_files(self) -> list[Path]:
        """Return the files that were put aside, oldest first. Blocks."""
        return broken_files(self.path)

    def close(self) -> None:
        """Wait for what is being written and close the file. Blocks."""
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _write_waiting(self) -> None:
        """Write what waits by now in one commit; if that fails, each by itself."""
        waiting: list[Asked[Any]] = []
        while self._asked and len(waiting) < AT_ONCE:
            asked = self._asked.popleft()
            if not asked.outcome.cancelled():
                waiting.append(asked)
        if len(waiting) > 1:
            self._pause()
            patience = waiting[0].patience(_BUSY_SECONDS, _WRITE_SECONDS)
            works = [asked.work for asked in waiting]
            try:
                outcomes, place = self._commit(lambda c: [work(c) for work in works], patience)
            except Exception:  # noqa: S110 -- each is told what is wrong when it is tried by itself
                pass
            else:
                settle(waiting, outcomes, partial(self._tell_of_commit, place))
                return
            finally:
                self._last_commit = time.monotonic()
        for asked in waiting:
            self._write_alone(asked)

    def _write_alone(self, asked: Asked[Any]) -> None:
        try:
            result, place = self._write(asked)
        except BaseException as error:  # whoever waits gets it, whatever it is
            settle([asked], [Raised(error)])
        else:
            settle([asked], [result], partial(self._tell_of_commit, place))

    def _commit(self, work: Work[Result], patience: float) -> tuple[Result, Any]:
        place = self._find_place
        return self._transaction("BEGIN IMMEDIATE", lambda c: (work(c), place(c)), patience)

    def _pause(self) -> None:
        pause = self._last_commit + _PAUSE_SECONDS - time.monotonic()
        if pause > 0:
            time.sleep(pause)

    def _write(self, asked: Asked[Result]) -> tuple[Result, Any]:
        while True:
            self._pause()
            patience = asked.patience(_BUSY_SECONDS, _WRITE_SECONDS)
            try:
                return self._commit(asked.work, patience)
            except sqlite3.OperationalError as error:
                if not is_busy(error) or not patience:
                    raise self._unavailable(error) from error
            except (sqlite3.DatabaseError, OSError) as error:
                raise self._unavailable(error) from error
            finally:
                self._last_commit = time.monotonic()

    def _read_for(self, asked: Asked[Any]) -> None:
        if asked.outcome.cancelled():
            return
        try:
            result = self._read(asked)
        except BaseException as error:  # as above
            settle([asked], [Raised(error)])
        else:
            settle([asked], [result])

    def _read(self, asked: Asked[Result]) -> Result:
        try:
            patience = asked.patience(_BUSY_SECONDS, _READ_SECONDS)
            return self._transaction("BEGIN", asked.work, patience)
        except (sqlite3.DatabaseError, OSError) as error:
            raise self._unavailable(error) from error

    def _transaction(self, begin: str, work: Work[Result], patience: float) -> Result:
        connection = self._connection(patience)
        if patience != self._local.patience:
            connection.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
            self._local.patience = patience
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
        return result

    def _connection(self, patience: float) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None and identity_of(self.path) != self._local.file:
            # Removed, or put aside by another server: what is written there would be lost.
            self._drop(connection)
            connection = None
        if connection is None:
            connection = self._connect(patience)
            self._local.connection = connection
        return connection

    def _drop(self, connection: sqlite3.Connection) -> None:
        with self._opening:
            self._connections.remove(connection)
            self._ready = False
        self._local.connection = None
        connection.close()

    def _put_aside_if_broken(self) -> Path | None:
        try:
            make_private(self.path)
            with locked(self.path):
                connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
                if connection is not None:
                    self._drop(connection)
                self.is_suspect = False
                self._file = None
                return put_aside(self.path) if is_broken(self.path) else None
        except (sqlite3.DatabaseError, OSError) as error:
            raise self._unavailable(error) from error

    def _connect(self, patience: float) -> sqlite3.Connection:
        with self._opening:
            if identity_of(self.path) is None:
                self._ready = False
            if not self._ready:
                make_private(self.path)
            # Before it is opened: should it be put aside meanwhile, the next use finds another one.
            file = identity_of(self.path)
            if self._file not in (None, file):
                self._has_vanished = True
            self._file = file
            # The thread that closes it is another one; each is used by one thread at a time.
            connection = sqlite3.connect(
                self.path, timeout=patience, isolation_level=None, check_same_thread=False
            )
            try:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA journal_mode = PERSIST")
                connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_BYTES}")
                connection.execute("PRAGMA synchronous = FULL")
                if not self._ready:
                    migrate(connection)
                    self._ready = True
            except BaseException:
                connection.close()
                raise
            connection.set_trace_callback(self._trace)
            self._local.file = file
            self._local.patience = patience
            self._connections.append(connection)
            return connection

    def _unavailable(self, error: Exception) -> BatchProblem:
        return StoreUnavailable(
            f"The job store {self.path} cannot be used ({error}). Nothing was submitted or "
            "changed; running jobs go on. Mend the file or move it away, then try again."
        )
