"""Finds jobs whose answer was lost. Never sends anything again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import BatchProblem
from jupyterlab_batch.engine.claim import is_withdrawn, withdraw
from jupyterlab_batch.engine.status import read_claim
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.launch import Submitted
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.pace import pause_after
from jupyterlab_batch.service.acknowledge import Acknowledger
from jupyterlab_batch.service.asking import LOOK_UP_SECONDS, question
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.launching import launch_of_record
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
PAUSES_SECONDS: Final = (0.5, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
_PROOF: Final = timedelta(seconds=60)
_LOST: Final = (
    "The batch system's answer was lost: the job may be there or not. It is looked for, and it "
    "is not sent again."
)
GIVEN_UP: Final = "It was given up before it started. It can be submitted again."
_ABSENT: Final = (
    "The answer of the batch system was lost, and it has no such job: nothing was started. "
    "It can be submitted again."
)


class LookUp(msgspec.Struct, kw_only=True):
    """Looks with back-off until a job is found or its absence is proven.

    Absence is proven by two looks, 60 s apart, in the queue and the history of a gateway that
    answers. Without a history it is never proven: the job stays UNKNOWN until the user decides.
    """

    store: Store
    gateways: Gateways
    acknowledger: Acknowledger
    tasks: BackgroundTasks
    pauses_seconds: Sequence[float] = PAUSES_SECONDS
    proof: timedelta = _PROOF

    _looking: set[str] = msgspec.field(default_factory=set)

    def start(self, record: JobRecord) -> None:
        """Begin to look for a job, unless it is looked for already."""
        if record.id in self._looking:
            return
        self._looking.add(record.id)
        task = self.tasks.start(self._look(record), name=f"look up {record.id}")
        task.add_done_callback(lambda _: self._looking.discard(record.id))

    async def _look(self, record: JobRecord) -> None:
        first_absence: datetime | None = None
        tries = 0
        while True:
            await asyncio.sleep(pause_after(self.pauses_seconds, tries))
            tries += 1
            gateway = self.gateways.find(record.gateway_id)
            try:
                if await self._is_settled(record.id):
                    return
                if await self.by_claim(record):
                    return
                if gateway is None:
                    continue
                call = gateway.look_up(launch_of_record(record))
                seen = await question(gateway, call, LOOK_UP_SECONDS)
                if seen is not None:
                    await self._found(record, seen)
                    return
                first_absence = first_absence or datetime.now(timezone.utc)
                if await self._is_proven(gateway, first_absence) and await self._give_up(record):
                    return
            except BatchProblem as problem:
                # Nobody could tell: this look proves nothing.
                first_absence = None
                _log.info("Job %s cannot be looked up yet: %s", record.id, problem.message)
            except Exception:
                # A mistake of the adapter proves nothing either.
                first_absence = None
                _log.exception("Job %s cannot be looked up", record.id)

    async def _is_settled(self, job_id: str) -> bool:
        """Tell whether nothing is left to find: another server of the user may have been first.

        What could not be stored when the answer was lost is stored now.
        """
        now = await self.store.update(job_id, mark_answer_lost)
        return now is None or now.native_id is not None or is_final(now.phase)

    async def by_claim(self, record: JobRecord) -> bool:
        """Find a job by what its wrapper wrote; tell whether it is found."""
        claim = await asyncio.to_thread(read_claim, Path(record.run_directory), record.nonce)
        if claim is None or not claim.native_id:
            return False
        found = Submitted(native_id=claim.native_id, submitted_at=record.created_at)
        await self.acknowledger.acknowledge(record.id, found)
        return True

    async def _found(self, record: JobRecord, seen: Observation) -> None:
        if await asyncio.to_thread(is_withdrawn, Path(record.run_directory), record.nonce):
            # A server that was giving it up did not come to say so. It never runs; it is ended.
            await self.store.give_up(record.id, lambda now: absent(now, GIVEN_UP))
        submitted_at = seen.submitted_at or record.created_at
        found = Submitted(native_id=seen.native_id, submitted_at=submitted_at)
        await self.acknowledger.acknowledge(record.id, found)

    async def _is_proven(self, gateway: JobGateway, first_absence: datetime) -> bool:
        description = await self.gateways.describe(gateway.gateway_id)
        age = datetime.now(timezone.utc) - first_absence
        return description.capabilities.history and self.proof <= age

    async def _give_up(self, record: JobRecord) -> bool:
        """End a job that is not there; tell whether it is sure never to run.

        The claim comes first: a batch system that was slow may start the job after all, when the
        user has long sent it again.
        """
        directory = Path(record.run_directory)
        if not await asyncio.to_thread(withdraw, directory, nonce=record.nonce, key=record.key):
            return False
        await self.store.give_up(record.id, lambda now: absent(now, _ABSENT))
        return True


def absent(record: JobRecord, text: str) -> Mapping[str, Any]:
    """Return what changes in a job that is taken as not there."""
    if record.native_id is not None or is_final(record.phase):
        return {}
    return {
        "phase": "ABORTED" if record.cancel_requested else "ERROR",
        "reason": "cancelled_by_user" if record.cancel_requested else "lost",
        "reason_text": text,
        "substate": None,
        "ended_at": datetime.now(timezone.utc),
    }


def mark_answer_lost(record: JobRecord) -> Mapping[str, Any]:
    """Return what changes in a job whose answer was lost."""
    if record.native_id is not None or record.phase != "PENDING":
        return {}
    return {"phase": "UNKNOWN", "reason": "answer_lost", "reason_text": _LOST}
