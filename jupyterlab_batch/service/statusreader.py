"""Reads the status files of jobs between two looks of their gateways, at no scheduler's cost."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.engine.status import RunStatus, read_status
from jupyterlab_batch.service.activejob import ActiveJob, count_outputs
from jupyterlab_batch.service.ending import unnoticed
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.merge import merge_status, with_outputs
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_INTERVAL_SECONDS: Final = 0.5
NOT_BEGUN_AT_ONCE: Final = 200
"""So many jobs that wait are looked at each time, in turn: thousands may wait, and few begin."""
_WRAPPER: Final = "wrapper.json"
_PROGRESS: Final = "progress.json"
_Stamp = tuple[tuple[int, int, int] | None, ...]


class _Reading(msgspec.Struct, frozen=True, kw_only=True):
    job: ActiveJob
    stamp: _Stamp
    status: RunStatus
    outputs_count: int


class StatusReader:
    """Looks twice a second at the files of the jobs that are watched, if there are any."""

    def __init__(self, store: Store, gateways: Gateways, watcher: Watcher) -> None:
        self._store = store
        self._gateways = gateways
        self._watcher = watcher
        self._last: dict[str, _Reading] = {}
        self._unnoticed: set[str] = set()
        """Jobs of which it was said that their batch system has not noticed their end."""
        self._turn = 0

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self._watcher.until_active()
            await asyncio.sleep(_INTERVAL_SECONDS)
            try:
                await self.look()
            except StoreUnavailable as problem:
                _log.error("%s", problem.message)

    async def look(self) -> None:
        """Look once, and store what is new."""
        active = self._watcher.active
        self._last = {j.job_id: self._last[j.job_id] for j in active if j.job_id in self._last}
        jobs = [job for job in active if job.job_id in self._last]
        jobs += self._in_turn([job for job in active if job.job_id not in self._last])
        stamps = {job_id: reading.stamp for job_id, reading in self._last.items()}
        for reading in await asyncio.to_thread(_scan, jobs, stamps):
            before = self._last.get(reading.job.job_id)
            if before is None or _told(before) != _told(reading):
                await self._take(reading)
            # Only now: what could not be stored is read again.
            self._last[reading.job.job_id] = reading
        await self._tell_unnoticed()

    async def _tell_unnoticed(self) -> None:
        """Say once of each job that has ended that its batch system has not noticed."""
        now = datetime.now(timezone.utc)
        self._unnoticed &= self._last.keys()
        for job_id, reading in self._last.items():
            if job_id not in self._unnoticed and unnoticed(reading.status, now):
                await self._take(reading)
                self._unnoticed.add(job_id)

    def _in_turn(self, waiting: Sequence[ActiveJob]) -> Sequence[ActiveJob]:
        """Return some of the jobs that have not begun, each time the next ones."""
        if len(waiting) <= NOT_BEGUN_AT_ONCE:
            return waiting
        start = self._turn % len(waiting)
        self._turn = start + NOT_BEGUN_AT_ONCE
        return [*waiting[start:], *waiting[:start]][:NOT_BEGUN_AT_ONCE]

    async def _take(self, reading: _Reading) -> None:
        job, status, now = reading.job, reading.status, datetime.now(timezone.utc)
        if status.native_id != job.native_id:
            await self._watcher.heed_claim(job)
            return
        record = await self._store.update(
            job.job_id,
            lambda r: with_outputs(r, merge_status(r, status, now=now), reading.outputs_count),
        )
        if record is None:
            return
        if is_final(record.phase):
            self._watcher.forget(record)
        elif status.ended_at is not None:
            self._gateways.tell(job.gateway_id, lambda gateway: gateway.nudge([job.native_id]))


def _scan(jobs: Sequence[ActiveJob], stamps: dict[str, _Stamp]) -> list[_Reading]:
    readings = []
    for job in jobs:
        started = _stamp(f"{job.directory}/{_WRAPPER}")
        if started is None:
            continue
        stamp = (started, _stamp(f"{job.directory}/{_PROGRESS}"))
        if stamp == stamps.get(job.job_id):
            continue
        status = read_status(job.directory, job.nonce)
        if status is not None:
            count = count_outputs(job, is_over=status.ended_at is not None)
            readings.append(_Reading(job=job, stamp=stamp, status=status, outputs_count=count))
    return readings


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _told(reading: _Reading) -> tuple[RunStatus, int]:
    """Return what matters: a heartbeat alone is no news."""
    return replace(reading.status, heartbeat_at=None), reading.outputs_count
