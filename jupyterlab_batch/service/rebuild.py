"""A store that is broken or gone is made again from run directories, before anything is sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.engine.cancelmark import is_marked_cancelled
from jupyterlab_batch.engine.jobfile import RunOrigin, read_origins
from jupyterlab_batch.engine.status import read_claim, read_status
from jupyterlab_batch.service.lookup import GIVEN_UP, absent
from jupyterlab_batch.service.merge import end_by_status, merge_status
from jupyterlab_batch.service.newjob import new_record
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.service.watcharrays import remember_tasks
from jupyterlab_batch.store.intents import Intent
from jupyterlab_batch.store.rebuilding import Remembered
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from jupyterlab_batch.store.tasks import TaskRecord

_log = logging.getLogger(__name__)
_PATIENCE_SECONDS: Final = 2.0
_RETRY_SECONDS: Final = 5.0
_LOST: Final = (
    "The store of jobs was lost, and nothing in the run directory says whether the batch system "
    "took this job. It is looked for, and it is not sent again."
)


class Rebuilder(msgspec.Struct, kw_only=True):
    """Makes sure that the store knows all jobs of the run directories, once per store."""

    store: Store
    tasks: BackgroundTasks
    run_roots: Sequence[Path]
    """Each gateway may have one of its own."""
    owner: str
    taken_up: Callable[[Sequence[JobRecord]], None] = lambda _: None
    """Called with the jobs of a store that was made again."""
    patience_seconds: float = _PATIENCE_SECONDS
    _running: asyncio.Task[None] | None = msgspec.field(default=None)

    @property
    def problem(self) -> StoreUnavailable | None:
        """What to say of a job that the store does not know, while it is examined or rebuilt."""
        is_at_work = self._running is not None or self.store.is_suspect
        return _not_ready() if is_at_work else None

    async def is_done(self) -> bool:
        """Tell whether the store, as it is now, is known to know all jobs."""
        try:
            if self.store.is_suspect:
                return False
            # One after the other: there are few, and most often one.
            return all([await self.store.is_taken_up(root) for root in self.run_roots])
        except StoreUnavailable:
            # Broken, or only not to be had now: `run` finds out which.
            return False

    async def ensure(self) -> None:
        """Let a submission pass only when the store knows all keys.

        Raises
        ------
        StoreUnavailable
            The store cannot be used, or is being rebuilt still.
        """
        if self._running is None and await self.is_done():
            return
        running = self._start()
        await asyncio.wait({running}, timeout=self.patience_seconds)
        if not running.done():
            raise _not_ready()
        running.result()

    async def intent(self, key: str) -> Intent | None:
        """Return what a key was used for, once the store knows all keys.

        Raises
        ------
        StoreUnavailable
            As `ensure`.
        """
        if self._running is None and not self.store.is_suspect:
            with contextlib.suppress(StoreUnavailable):  # as in `is_done`
                is_done, intent = await self.store.intent_of(self.run_roots, key)
                if is_done:
                    return intent
        await self.ensure()
        return await self.store.intent(key)

    async def take(self, record: JobRecord, digest: str) -> Intent:
        """Store a new job under its key, or find what the key was used for.

        Raises
        ------
        StoreUnavailable
            As `ensure`; or the store that it let pass was put aside since, perhaps with this key.
        """
        intent = None
        if self._running is None and not self.store.is_suspect:
            intent = await self._begin(record, digest)
        if intent is None:
            await self.ensure()
            intent = await self.store.begin_if_taken_up(self.run_roots, record, digest)
        if intent is None:
            self.begin()
            raise _not_ready()
        return intent

    async def _begin(self, record: JobRecord, digest: str) -> Intent | None:
        try:
            return await self.store.begin_if_taken_up(self.run_roots, record, digest)
        except StoreUnavailable:
            if self.store.is_suspect:
                return None  # it is examined, and rebuilt if need be
            raise

    def begin(self) -> None:
        """Do what `run` does; nobody need wait."""
        self._start()

    async def run(self) -> None:
        """Put a broken store aside, and take up what run directories remember, if need be.

        Raises
        ------
        StoreUnavailable
        """
        await asyncio.shield(self._start())

    async def notices(self) -> list[str]:
        """Return what the user should know of stores that were put aside, while they are there."""
        return [
            f"The job store was damaged. Its jobs were taken up again from "
            f"{', '.join(map(str, self.run_roots))}; what had no run directory there is missing. "
            f"The damaged file is kept as {file}. Delete it when you no longer need it: then this "
            "message goes too."
            for file in await self.store.put_aside()
        ]

    def _start(self) -> asyncio.Task[None]:
        if self._running is None:
            self._running = self.tasks.start(self._run(), name="rebuild the store")
            self._running.add_done_callback(self._ended)
        return self._running

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if not task.cancelled():
            # Whoever waits reads it too; nobody need wait.
            task.exception()

    async def _run(self) -> None:
        aside = await self.store.mend()
        if aside is not None:
            _log.error("The job store was damaged. It is kept as %s, and a new one is made", aside)
        if await self.is_done():
            return
        for run_root in self.run_roots:
            if not await self.store.is_taken_up(run_root):
                await self._take_up(run_root)
        if aside is not None:
            await self.store.note_gateways()

    async def _take_up(self, run_root: Path) -> None:
        try:
            found = await asyncio.to_thread(_read, run_root, self.owner)
        except OSError as error:
            raise StoreUnavailable(
                f"The store of jobs is to be rebuilt, and {run_root} cannot be read "
                f"({error.strerror}). Nothing was submitted; running jobs go on. Make it "
                "readable, then try again.",
                retry_after_seconds=_RETRY_SECONDS,
            ) from error
        taken = await self.store.take_up(run_root, found)
        if taken:
            _log.warning("%d jobs were taken up from %s", taken, run_root)
            self.taken_up([one.record for one in found])


def _not_ready() -> StoreUnavailable:
    return StoreUnavailable(
        "The store of jobs is not ready: it is examined, or rebuilt from the run directories. "
        "Nothing was submitted; running jobs go on. Try again in a few seconds.",
        retry_after_seconds=_RETRY_SECONDS,
    )


def _read(run_root: Path, owner: str) -> list[Remembered]:
    now = datetime.now(timezone.utc)
    return [remember(origin, owner, now) for origin in read_origins(run_root)]


def remember(origin: RunOrigin, owner: str, now: datetime) -> Remembered:
    """Return a job as its run directory tells it. Blocks."""
    record = replace(
        new_record(origin.job, origin.submission.spec, directory=origin.directory, owner=owner),
        phase="UNKNOWN",
        reason="answer_lost",
        reason_text=_LOST,
    )
    if is_marked_cancelled(origin.directory, record.nonce):
        record = replace(record, cancel_requested=True)
    claim = read_claim(origin.directory, record.nonce)
    status = read_status(origin.directory, record.nonce)
    if claim is not None and not claim.native_id:
        given_up = replace(record, **{**absent(record, GIVEN_UP), "seen": True})
        return Remembered(record=given_up, digest=origin.digest, is_key_free=True)
    if claim is not None and status is not None and status.native_id != claim.native_id:
        # The claim says who may run; what another one wrote says nothing of that run.
        status = None
    owner_of_run = claim or status
    native_id = None if owner_of_run is None else owner_of_run.native_id
    if native_id is not None:
        record = replace(
            record,
            native_id=native_id,
            submitted_at=record.created_at,
            phase="QUEUED",
            reason=None,
            reason_text=None,
        )
    if status is not None:
        has_ended = status.ended_at is not None
        merge = end_by_status if has_ended else merge_status
        record = replace(record, **merge(record, status, now=now))
    tasks: list[TaskRecord] = []
    if record.array is not None and native_id is not None:
        record, tasks = remember_tasks(record, native_id, now)
    # What is over was over before the store was lost: it is no news.
    record = replace(record, seen=is_final(record.phase))
    return Remembered(record=record, digest=origin.digest, tasks=tasks, is_key_free=False)
