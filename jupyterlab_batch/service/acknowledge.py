"""A job got its native id: by the gateway's answer, or because it was found later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.engine.claim import is_withdrawn
from jupyterlab_batch.gateways.launch import Submitted
from jupyterlab_batch.service.act import note_cancel, told
from jupyterlab_batch.service.asking import order
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.merge import merge_observation
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_RETRY_SECONDS: Final = 5.0


class Acknowledger(msgspec.Struct, frozen=True, kw_only=True):
    """Stores the native id, begins to watch, and does what was asked for in the meantime."""

    store: Store
    gateways: Gateways
    watcher: Watcher
    tasks: BackgroundTasks

    async def acknowledge(self, job_id: str, submitted: Submitted) -> JobRecord | None:
        """Take a job as submitted, and return it as it is then; one that was given up stays so."""
        native_id = submitted.native_id
        record = await self.store.update(job_id, partial(_taken, submitted, is_over_too=False))
        if record is not None and record.native_id is None:
            if await asyncio.to_thread(is_withdrawn, Path(record.run_directory), record.nonce):
                self.tasks.start(self._end(record, native_id), name=f"end {job_id}")
                return record
            record = await self.store.update(job_id, partial(_taken, submitted, is_over_too=True))
        if record is not None and record.native_id is not None:
            self.follow(record)
            if submitted.said is not None:
                self.watcher.note_said(record, submitted.said)
        return record

    def follow(self, record: JobRecord) -> None:
        """Watch a job whose native id is known, and do what was asked for before it was."""
        self.watcher.follow([record])
        if record.cancel_requested and record.native_id is not None:
            self.tasks.start(self._cancel(record, record.native_id), name=f"cancel {record.id}")

    async def _end(self, record: JobRecord, native_id: str) -> None:
        """End what turned up too late; it would not run, but would take its place in a queue."""
        try:
            gateway = self.gateways.get(record.gateway_id)
            await order(gateway, gateway.cancel(native_id))
        except Exception:
            # Its wrapper ends by itself.
            _log.exception("Job %s turned up too late and cannot be ended", record.id)

    async def _cancel(self, record: JobRecord, native_id: str) -> None:
        """Do what was asked for before anybody knew the native id, however long it takes."""
        gateway = self.gateways.get(record.gateway_id)
        current: JobRecord | None = record
        while current is not None and not is_final(current.phase):
            try:
                await order(gateway, gateway.cancel(native_id))
            except (GatewayUnreachable, NotSignedIn) as problem:
                _log.info("Job %s cannot be cancelled yet: %s", record.id, problem.message)
            except Exception as error:
                # As in `Actor.cancel`, only later: nobody waits for the answer.
                change = partial(_not_cancelled, told(error, record))
                after = await self.store.update(record.id, change)
                await note_cancel(after or record)
                return
            else:
                self.gateways.tell(record.gateway_id, lambda told: told.nudge([native_id]))
                return
            await asyncio.sleep(_RETRY_SECONDS)
            current = await self.store.get(record.id)


def _taken(submitted: Submitted, record: JobRecord, *, is_over_too: bool) -> Mapping[str, Any]:
    """Return what changes in a job that has its native id now, if it had none."""
    if record.native_id is not None or (is_final(record.phase) and not is_over_too):
        return {}
    taken: dict[str, Any] = {
        "native_id": submitted.native_id,
        "submitted_at": submitted.submitted_at,
        "phase": "QUEUED",
        "reason": None,
        "reason_text": None,
        "ended_at": None,
    }
    if submitted.said is None:
        return taken
    now = datetime.now(timezone.utc)
    return {**taken, **merge_observation(replace(record, **taken), submitted.said, None, now=now)}


def _not_cancelled(message: str, record: JobRecord) -> Mapping[str, Any]:
    if is_final(record.phase):
        return {}
    text = f"It could not be cancelled: {message}"
    return {"cancel_requested": False, "substate": None, "reason_text": text}
