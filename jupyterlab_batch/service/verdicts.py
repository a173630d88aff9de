"""Asks batch systems how jobs ended of which, after a loss of the store, only their files told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.tracking import is_same_job
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.launching import tracked
from jupyterlab_batch.service.merge import TOLD_BY_FILES, overrule
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_RECENT: Final = timedelta(days=1)
"""Most batch systems forget sooner, and some must be asked for each job alone."""
_AT_ONCE: Final = 10
"""So many can be answered in time also by one that has to be asked for each job alone."""
_PAUSES_SECONDS: Final = (0.0, 1.0, 3.0, 10.0, 30.0)


class Verdicts(msgspec.Struct, frozen=True, kw_only=True):
    """Tells a job that was cancelled or ran out of time or memory from one that failed."""

    store: Store
    gateways: Gateways
    pauses_seconds: Sequence[float] = _PAUSES_SECONDS

    async def ask(self, records: Sequence[JobRecord]) -> None:
        """Ask for the jobs that failed of late; where nobody answers, their files count."""
        by_gateway: dict[str, list[JobRecord]] = {}
        since = datetime.now(timezone.utc) - _RECENT
        for record in records:
            if record.reason in TOLD_BY_FILES and record.ended_at and record.ended_at > since:
                by_gateway.setdefault(record.gateway_id, []).append(record)
        for gateway_id, failed in by_gateway.items():
            gateway = self.gateways.find(gateway_id)
            if gateway is None:
                continue
            try:
                await self._ask_until_over(gateway, failed)
            except Exception:
                # A stranger's adapter: its mistake must not cost the verdicts of the others.
                _log.exception("Gateway %s cannot say how jobs ended", gateway_id)

    async def _ask_until_over(self, gateway: JobGateway, failed: Sequence[JobRecord]) -> None:
        """Ask again for jobs that have ended by their files, but not yet for the batch system."""
        oldest = sorted(failed, key=lambda record: record.id)
        # An id that was given again is that of the last one: the others are forgotten.
        jobs = {record.native_id: record for record in oldest if record.native_id is not None}
        jobs = dict(sorted(jobs.items(), key=lambda item: item[1].id, reverse=True))
        for pause in self.pauses_seconds:
            if not jobs:
                return
            await asyncio.sleep(pause)
            try:
                for batch in [list(jobs)[i : i + _AT_ONCE] for i in range(0, len(jobs), _AT_ONCE)]:
                    going_on = await self._ask_once(gateway, {one: jobs[one] for one in batch})
                    jobs = {one: jobs[one] for one in jobs if one not in batch or one in going_on}
            except BatchProblem as problem:
                _log.info("%s cannot say how jobs ended: %s", gateway.title, problem.message)

    async def _ask_once(self, gateway: JobGateway, jobs: Mapping[str, JobRecord]) -> set[str]:
        """Store the verdicts on some jobs; return the native ids of those that go on."""
        seen_now = await question(gateway, gateway.look_at(list(jobs)))
        found = [
            seen
            for seen in seen_now
            if is_same_job(tracked(jobs[seen.native_id], seen.native_id), seen)
        ]
        now = datetime.now(timezone.utc)
        for seen in found:
            await self.store.update(jobs[seen.native_id].id, partial(overrule, seen=seen, now=now))
        return {seen.native_id for seen in found if not is_final(seen.phase)}
