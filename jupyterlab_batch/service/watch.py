"""From what gateways see to what the store knows."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timezone
from functools import partial
from typing import Any, Final

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.engine.status import Evidence, read_evidence
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.observation import Gone, HealthChanged, Observation, WatchEvent
from jupyterlab_batch.gateways.tracking import Tracked, is_same_job
from jupyterlab_batch.service.activejob import ActiveJob, active_job, count_outputs
from jupyterlab_batch.service.claimed import claimed_by_another, moved
from jupyterlab_batch.service.filereader import FileReader
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.launching import tracked
from jupyterlab_batch.service.listening import by_job, heard_together
from jupyterlab_batch.service.merge import (
    as_proven,
    merge_gone,
    merge_observation,
    with_outputs,
)
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.service.watcharrays import ArrayPlace, ArrayWatcher
from jupyterlab_batch.store.jobs import Change
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0
_AT_ONCE: Final = 200
"""So many events are taken at once; what a user does meanwhile waits no longer than for these."""


class Watcher:
    """Follows all jobs that are not over, each until it is.

    Parameters
    ----------
    ensure_all_known
        Returns when the store knows all jobs, and raises `StoreUnavailable` while it does not: one
        that was lost is made again.
    """

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        tasks: BackgroundTasks,
        ensure_all_known: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._tasks = tasks
        self._ensure_all_known = ensure_all_known
        self._files = FileReader()
        self._arrays = ArrayWatcher(store=store, files=self._files)
        self._active: dict[tuple[str, str], ActiveJob] = {}
        self._has_active = asyncio.Event()
        self._said: dict[tuple[str, str], Observation] = {}
        """What is stored already of jobs of which no event came yet."""
        self._moved: Callable[[JobRecord], None] = lambda record: self.follow([record])

    def on_moved(self, callback: Callable[[JobRecord], None]) -> None:
        """Say who takes up a job that turns out to run under another native id."""
        self._moved = callback

    @property
    def active(self) -> list[ActiveJob]:
        """The jobs that are watched now."""
        return list(self._active.values())

    async def until_active(self) -> None:
        """Return as soon as a job is watched."""
        await self._has_active.wait()

    def start(self) -> None:
        """Listen to all gateways."""
        for gateway in self._gateways:
            self._tasks.start(self._listen(gateway), name=f"watch {gateway.gateway_id}")

    def follow(self, records: Iterable[JobRecord]) -> None:
        """Watch these jobs too; those whose native id is not known yet are left out."""
        by_gateway: dict[str, list[JobRecord]] = {}
        for record in records:
            if record.native_id is not None and not is_final(record.phase):
                self._watch(record, record.native_id)
                by_gateway.setdefault(record.gateway_id, []).append(record)
        for gateway_id, followed in by_gateway.items():
            jobs = [tracked(r, r.native_id) for r in followed if r.native_id]
            self._gateways.tell(gateway_id, partial(_track, jobs))

    def _watch(self, record: JobRecord, native_id: str) -> None:
        """Watch a job. An older one of the same native id is gone: such ids are given again."""
        key = (record.gateway_id, native_id)
        before = self._active.get(key)
        if before is not None and before.job_id == record.id:
            return
        job = active_job(record, native_id)
        if before is None:
            self._active[key] = job
            self._has_active.set()
            return
        # Not by our own ids: of two that are sent at once the first may be answered last.
        older, self._active[key] = sorted((before, job), key=lambda one: one.submitted_at)
        self._tasks.start(self._take_gone(older), name=f"end {older.job_id}")

    def forget(self, record: JobRecord) -> None:
        """Stop watching a job that is over."""
        if record.native_id is not None:
            self._drop(record.id, (record.gateway_id, record.native_id))

    def note_said(self, record: JobRecord, said: Observation) -> None:
        """Take note that this was stored with a job that is followed now: it need not be again."""
        self._said[record.gateway_id, said.native_id] = said

    def _drop(self, job_id: str, key: tuple[str, str]) -> None:
        job = self._active.get(key)
        if job is not None and job.job_id == job_id:
            del self._active[key]
            self._said.pop(key, None)
        if not self._active:
            self._has_active.clear()

    async def _listen(self, gateway: JobGateway) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                watching = heard_together(gateway.watch(), at_most=_AT_ONCE)
                async with aclosing(watching) as heard:
                    async for events in heard:
                        pause = _FIRST_PAUSE_SECONDS
                        for said in by_job(events):
                            await self._take_at_last(gateway, said)
                _log.warning("Gateway %s stopped watching", gateway.gateway_id)
            except Exception:
                # An adapter may be a stranger's: its mistake must not end all watching.
                _log.exception("Gateway %s cannot watch", gateway.gateway_id)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            try:
                self.follow(await self._store.active())
            except StoreUnavailable as problem:
                _log.error("%s", problem.message)

    async def _take_at_last(self, gateway: JobGateway, said: Sequence[deque[WatchEvent]]) -> None:
        """Take events, however long the store cannot: most gateways say a thing only once."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            taking = [self._take_in_order(gateway, events) for events in said]
            problem = next(filter(None, await asyncio.gather(*taking)), None)
            if problem is None:
                return
            _log.error("%s", problem.message)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _take_in_order(
        self, gateway: JobGateway, events: deque[WatchEvent]
    ) -> StoreUnavailable | None:
        """Take events out one by one; what the store cannot take stays, with all behind it."""
        while events:
            try:
                await self._take(gateway, events[0])
            except StoreUnavailable as problem:
                return problem
            except Exception:
                # A mistake in one must not lose the others.
                _log.exception("Gateway %s says %r: not taken", gateway.gateway_id, events[0])
            events.popleft()
        return None

    async def _take(self, gateway: JobGateway, event: WatchEvent) -> None:
        if isinstance(event, HealthChanged):
            description = await self._gateways.describe(gateway.gateway_id)
            self._gateways.note_health(description, datetime.now(timezone.utc))
            await self._store.note_gateways()
            return
        if self._said.pop((gateway.gateway_id, event.native_id), None) == event:
            return
        job = await self._find(gateway.gateway_id, event.native_id)
        if job is None:
            return
        if isinstance(event, Gone):
            await self._take_gone(job)
        elif is_same_job(job.tracked, event):
            await self.take(job, event)

    async def take(self, job: ActiveJob, seen: Observation) -> None:
        """Store what a gateway says of one job."""
        found: Evidence | None = None
        if seen.phase not in {"QUEUED", "HELD"}:
            found = await self._files.read(read_evidence, job.directory, job.nonce)
            if await self._follow_claim(job, found):
                return
        if job.is_array:
            count = await self._count(job, is_over=True) if is_final(seen.phase) else None
            await self._settle(job, lambda: self._arrays.take(_place(job), seen, count))
            return
        if found is not None and is_final(seen.phase):
            seen = as_proven(seen, found)
        status = None if found is None else found.status
        now = datetime.now(timezone.utc)
        change = partial(merge_observation, seen=seen, status=status, now=now)
        await self._apply(job, change, is_over=is_final(seen.phase))

    async def heed_claim(self, job: ActiveJob) -> None:
        """Follow the native id that owns a job's run directory, if it is not the one we know."""
        found = await self._files.read(read_evidence, job.directory, job.nonce)
        await self._follow_claim(job, found)

    async def _follow_claim(self, job: ActiveJob, found: Evidence) -> bool:
        """Tell whether another native id owns the run directory; that one is followed instead."""
        native_id = claimed_by_another(found.claim, job.native_id)
        if native_id is None:
            return False
        change = partial(moved, before=job.native_id, native_id=native_id, status=found.status)
        record = await self._update(lambda: self._store.update(job.job_id, change))
        self._drop(job.job_id, (job.gateway_id, job.native_id))
        if record is not None and not is_final(record.phase):
            _log.warning("Job %s runs as %s, not as %s", record.id, native_id, job.native_id)
            self._moved(record)
        return True

    async def _take_gone(self, job: ActiveJob) -> None:
        found = await self._files.read(read_evidence, job.directory, job.nonce)
        if await self._follow_claim(job, found):
            return
        if job.is_array:
            count = await self._count(job, is_over=True)
            await self._settle(job, lambda: self._arrays.take_gone(_place(job), count))
            return
        now = datetime.now(timezone.utc)
        change = partial(merge_gone, status=found.status, has_begun=found.has_begun, now=now)
        await self._apply(job, change, is_over=True)

    async def _apply(self, job: ActiveJob, change: Change, *, is_over: bool) -> None:
        count = await self._count(job, is_over=is_over)

        def changed(record: JobRecord) -> Mapping[str, Any]:
            changes = change(record)
            if changes and record.native_id is None:
                # A store that was made again may not know what we do.
                changes = {"native_id": job.native_id, **changes}
            return with_outputs(record, changes, count)

        await self._settle(job, lambda: self._store.update(job.job_id, changed))

    async def _count(self, job: ActiveJob, *, is_over: bool) -> int:
        """Return how many of the outputs of a job are there."""
        return await self._files.read(count_outputs, job, is_over=is_over) if job.outputs else 0

    async def _settle(
        self, job: ActiveJob, change: Callable[[], Awaitable[JobRecord | None]]
    ) -> None:
        """Change a job, and watch it no longer if it is over or forgotten."""
        record = await self._update(change)
        if record is None or is_final(record.phase):
            self._drop(job.job_id, (job.gateway_id, job.native_id))

    async def _update(self, change: Callable[[], Awaitable[JobRecord | None]]) -> JobRecord | None:
        record = await change()
        if record is None:
            # A store that is being made again does not know it yet, and this is told only once.
            await self._ensure_all_known()
            record = await change()
        return record

    async def _find(self, gateway_id: str, native_id: str) -> ActiveJob | None:
        job = self._active.get((gateway_id, native_id))
        if job is not None:
            return job
        # A requeue of a job that was over, or one that another server of this user submitted.
        record = await self._store.get_native(gateway_id, native_id)
        if record is None:
            await self._ensure_all_known()
            record = await self._store.get_native(gateway_id, native_id)
        return None if record is None else active_job(record, native_id)


def _track(jobs: list[Tracked], gateway: JobGateway) -> None:
    gateway.track(jobs)


def _place(job: ActiveJob) -> ArrayPlace:
    return ArrayPlace(
        job_id=job.job_id, native_id=job.native_id, directory=job.directory, nonce=job.nonce
    )
