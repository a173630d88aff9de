"""What the server remembers, for the floors above: jobs, submission keys, drafts, changes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from jupyterlab_batch.domain.generated import Draft, JobCounts, JobEvent, Phase, Similar
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.store import drafts, forgetting, history, intents, jobs, rebuilding
from jupyterlab_batch.store.clusterstore import ClusterStore
from jupyterlab_batch.store.database import Database
from jupyterlab_batch.store.file import stamp_of
from jupyterlab_batch.store.finding import JobFilter, Order
from jupyterlab_batch.store.forgetting import Forgotten
from jupyterlab_batch.store.intents import Intent
from jupyterlab_batch.store.jobs import Change, Window
from jupyterlab_batch.store.listeners import Listener, Listeners
from jupyterlab_batch.store.rebuilding import Remembered
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.taskstore import TaskStore


class Store(TaskStore, ClusterStore):
    """The store of one user. All methods may raise `StoreUnavailable`.

    Parameters
    ----------
    path
        Of the SQLite file; it need not exist.
    trace
        Called with every SQL statement.
    """

    def __init__(self, path: Path, *, trace: Callable[[str], None] | None = None) -> None:
        self._database = Database(path, trace=trace)
        self._stamp: tuple[int, ...] | None = None
        self._listeners = Listeners()
        self._database.on_commit(_place, self._listeners.tell)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._database.path

    def on_change(self, listener: Listener) -> None:
        """Tell somebody of every change from now on."""
        self._listeners.add(listener)

    async def close(self) -> None:
        """Finish what is being written and close the file."""
        await asyncio.to_thread(self._database.close)

    async def store_id(self) -> str:
        """Return the name of this store; another one means that nothing known before holds."""
        return await self._database.read(_store_id)

    async def begin(self, record: JobRecord, digest: str) -> Intent:
        """Store a new job under its key, durably, or find what the key was used for."""
        return await self._database.write(
            lambda connection: intents.take(connection, record, digest)
        )

    async def begin_if_taken_up(
        self, run_roots: Sequence[Path], record: JobRecord, digest: str
    ) -> Intent | None:
        """Do what `begin` does, if the store knows all jobs of some folders; else nothing.

        Both in one transaction: a store that was asked before may have been put aside since.
        """

        def work(connection: sqlite3.Connection) -> Intent | None:
            if not all(rebuilding.is_taken_up(connection, root) for root in run_roots):
                return None
            return intents.take(connection, record, digest)

        return await self._database.write(work)

    async def intent(self, key: str) -> Intent | None:
        """Return what a key was used for."""
        return await self._database.read(lambda connection: intents.find(connection, key))

    async def intent_of(self, run_roots: Sequence[Path], key: str) -> tuple[bool, Intent | None]:
        """Tell whether the store knows all jobs of some folders, and what a key was used for."""
        return await self._database.read(lambda c: rebuilding.intent_of(c, run_roots, key))

    def on_damage(self, callback: Callable[[], None]) -> None:
        """Call back, on the event loop, when damage is met in the file; see `mend`."""
        self._database.on_damage(callback)

    @property
    def is_suspect(self) -> bool:
        """Damage was met, and nobody has mended the file since."""
        return self._database.is_suspect

    async def mend(self) -> Path | None:
        """Put a file that is no whole database aside; return where it is then, if it was.

        The next use makes a new store, with another id.
        """
        return await self._database.put_aside_if_broken()

    async def put_aside(self) -> list[Path]:
        """Return the broken stores that lie beside this one."""
        return await asyncio.to_thread(self._database.broken_files)

    async def is_taken_up(self, run_root: Path) -> bool:
        """Tell whether the store knows all jobs whose run directories are below a folder."""
        return await self._database.read(lambda c: rebuilding.is_taken_up(c, run_root))

    async def take_up(self, run_root: Path, found: Sequence[Remembered]) -> int:
        """Add jobs that run directories remember, all or none; tell how many were not known."""
        return await self._database.write(lambda c: rebuilding.take_up(c, run_root, found))

    async def take_back(self, job_id: str) -> None:
        """Remove a job that was definitely refused; its key is free again."""

        def work(connection: sqlite3.Connection) -> None:
            intents.release(connection, job_id)
            jobs.delete(connection, job_id)

        await self._database.write(work)

    async def give_up(self, job_id: str, change: Change) -> JobRecord | None:
        """Change a job; if it is over then without ever having had an id, its key is free."""

        def work(connection: sqlite3.Connection) -> JobRecord | None:
            record = jobs.update(connection, job_id, change)
            if record is not None and record.native_id is None and is_final(record.phase):
                intents.release(connection, job_id)
            return record

        return await self._database.write(work)

    async def forget(self, job_ids: Sequence[str]) -> list[Forgotten]:
        """Forget jobs that are over, each by itself; their keys stay."""
        return await self._database.write(
            lambda connection: [forgetting.forget(connection, job_id) for job_id in job_ids]
        )

    async def forget_before(self, ended_before: datetime) -> int:
        """Forget what ended long ago and needs nobody; their keys stay. Return how many."""
        return await self._database.write(
            lambda connection: forgetting.forget_before(connection, ended_before)
        )

    async def purge_keys(self, submitted_before: datetime) -> int:
        """Let go of the keys of forgotten jobs that are too old to come again."""
        return await self._database.write(
            lambda connection: intents.purge(connection, submitted_before)
        )

    async def update(self, job_id: str, change: Change) -> JobRecord | None:
        """Change a job; ``change`` sees it as it is in that very transaction."""
        return await self._database.write(
            lambda connection: jobs.update(connection, job_id, change)
        )

    async def get(self, job_id: str) -> JobRecord | None:
        """Return one job."""
        return await self._database.read(lambda connection: jobs.get(connection, job_id))

    async def events(self, job_id: str) -> list[JobEvent]:
        """Return what happened to a job."""
        return await self._database.read(lambda connection: jobs.happened(connection, job_id))

    async def get_native(self, gateway_id: str, native_id: str) -> JobRecord | None:
        """Return the newest job of that native id."""
        return await self._database.read(
            lambda connection: jobs.get_native(connection, gateway_id, native_id)
        )

    async def note_gateways(self) -> None:
        """Let all who follow the changes hear that a gateway is different."""
        await self._database.write(jobs.note_gateways)

    async def phases(self, job_ids: Sequence[str]) -> dict[str, Phase]:
        """Return the phases of those jobs that are known."""
        return await self._database.read(lambda connection: jobs.phases(connection, job_ids))

    async def active(self) -> list[JobRecord]:
        """Return all jobs that are not over."""
        return await self._database.read(jobs.active)

    async def is_behind(self) -> bool:
        """Tell whether another server wrote what we did not tell of; asks the file's date first."""
        stamp = await asyncio.to_thread(stamp_of, self.path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        return await self._database.read(jobs.latest_seq) > self._listeners.seq

    async def notice(self) -> None:
        """Tell the listeners of what another server changed."""
        self._listeners.tell(await self._database.read(_place))

    async def window(
        self, chosen: JobFilter, order: Order, *, limit: int, day_start: datetime | None = None
    ) -> Window:
        """Return the jobs of a filter in an order."""
        return await self._database.read(
            lambda c: jobs.window(c, chosen, order, limit=limit, day_start=day_start)
        )

    async def similar(self, likenesses: Sequence[str]) -> Similar | None:
        """Return what the last jobs used that completed and did the same."""
        return await self._database.read(lambda c: history.similar(c, likenesses))

    async def changes_since(self, since: int, *, day_start: datetime | None = None) -> Window:
        """Return each job that changed after a number once, as it is now.

        Raises
        ------
        StoreChanged
            The number is too old, or newer than the store.
        """
        return await self._database.read(lambda c: jobs.changes_since(c, since, day_start))

    async def mark_seen(self, through_seq: int) -> JobCounts:
        """Mark the jobs that were over by a change as seen."""
        return await self._database.write(
            lambda connection: jobs.mark_seen(connection, through_seq)
        )

    async def drafts(self) -> list[Draft]:
        """Return all drafts, newest first."""
        return await self._database.read(drafts.listed)

    async def draft(self, key: str) -> Draft | None:
        """Return one draft."""
        return await self._database.read(lambda connection: drafts.get(connection, key))

    async def put_draft(self, key: str, *, title: str, content: str, now: datetime) -> Draft | None:
        """Keep a draft.

        Raises
        ------
        TooManyDrafts
        """
        return await self._database.write(
            lambda connection: drafts.put(connection, key, title=title, content=content, now=now)
        )

    async def delete_draft(self, key: str) -> bool:
        """Throw a draft away; tell whether there was one."""
        return await self._database.write(lambda connection: drafts.delete(connection, key))


def _store_id(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE name = 'store_id'").fetchone()
    return str(row[0])


def _place(connection: sqlite3.Connection) -> tuple[str, int]:
    """Return which store this is, and the number of its last change."""
    row = connection.execute(
        "SELECT value, (SELECT seq FROM sqlite_sequence WHERE name = 'changes')"
        " FROM meta WHERE name = 'store_id'"
    ).fetchone()
    return str(row[0]), row[1] or 0
