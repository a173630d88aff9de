"""Asks batch systems how jobs ended of which, after a loss of the store, only their files told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Final

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.service.asking import question
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.merge import TOLD_BY_FILES, overrule
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_RECENT: Final = timedelta(days=1)
"""Most batch systems forget sooner, and some must be asked for each job alone."""
_PAUSES_SECONDS: Final = (0.0, 1.0, 3.0, 10.0, 30.0)


@dataclass(frozen=True, kw_only=True)
class Verdicts:
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
            try:
                await self._ask_until_over(gateway_id, failed)
            except BatchProblem as problem:
                _log.info("Gateway %s cannot say how jobs ended: %s", gateway_id, problem.message)
            except Exception:
                # A stranger's adapter: its mistake must not cost the verdicts of the others.
                _log.exception("Gateway %s cannot say how jobs ended", gateway_id)

    async def _ask_until_over(self, gateway_id: str, failed: Sequence[JobRecord]) -> None:
        """Ask again for a job that has ended by its files, but not yet for its batch system."""
        gateway = self.gateways.find(gateway_id)
        jobs = {record.native_id: record.id for record in failed if record.native_id is not None}
        for pause in self.pauses_seconds:
            if gateway is None or not jobs:
                return
            await asyncio.sleep(pause)
            now = datetime.now(timezone.utc)
            found = await question(gateway, gateway.look_at(list(jobs)))
            for seen in found:
                await self.store.update(jobs[seen.native_id], partial(overrule, seen=seen, now=now))
            going_on = {seen.native_id for seen in found if not is_final(seen.phase)}
            jobs = {native_id: jobs[native_id] for native_id in going_on}
