"""What only the user can decide: that a job which nobody can find does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import ActionResult
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.service.act import result, unknown_job
from jupyterlab_batch.service.lookup import LookUp, absent
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_NEVER_WAS: Final = (
    "You said that it does not exist. Should it turn up after all, it ends without running. It "
    "can be submitted again."
)
_OVER: Final = "You said that it is over. Nothing says how it ended; look at its log and outputs."
_STARTED: Final = "It has started after all. Nothing was changed; cancel it if you do not want it."
_KNOWN: Final = "The batch system knows this job. Nothing was changed; cancel it instead."


class Decider(msgspec.Struct, frozen=True, kw_only=True):
    """Takes the user's word for what no evidence can tell."""

    store: Store
    look_up: LookUp

    async def declare_lost(self, job_id: str) -> ActionResult:
        """Give an unknown job up and free its key, after making sure that it never runs.

        Raises
        ------
        UnknownJob
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        if is_final(record.phase):
            return result("already_final", None, record)
        if record.phase != "UNKNOWN":
            return result("denied", _KNOWN, record)
        if record.native_id is not None:
            return await self._declare_over(record)
        directory = Path(record.run_directory)
        try:
            is_nobodys = await asyncio.to_thread(
                withdraw, directory, nonce=record.nonce, key=record.key
            )
        except OSError as error:
            message = f"Its run directory cannot be used ({error.strerror}). Nothing was changed."
            return result("error", message, record)
        if not is_nobodys:
            await self.look_up.by_claim(record)
            return result("denied", _STARTED, await self.store.get(job_id) or record)
        after = await self.store.give_up(job_id, lambda now: absent(now, _NEVER_WAS))
        return result("ok", _NEVER_WAS, after or record)

    async def _declare_over(self, record: JobRecord) -> ActionResult:
        """End a job that had started and of which nothing is heard any more; its key stays."""
        after = await self.store.update(record.id, _over) or record
        if after.reason_text != _OVER:
            return result("denied", _KNOWN, after)
        return result("ok", _OVER, after)


def _over(record: JobRecord) -> Mapping[str, Any]:
    if record.phase != "UNKNOWN":
        return {}
    return {
        "phase": "ABORTED" if record.cancel_requested else "ERROR",
        "reason": "cancelled_by_user" if record.cancel_requested else "lost",
        "reason_text": _OVER,
        "substate": None,
        "ended_at": datetime.now(timezone.utc),
    }
