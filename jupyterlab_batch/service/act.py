"""Actions on jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.arrays import array_of, task_indices
from jupyterlab_batch.domain.generated import ActionResult, TaskRefusal
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import BatchProblem, GatewayRefused, TasksRefused, UnknownJob
from jupyterlab_batch.engine.cancelmark import mark_cancelled, unmark_cancelled
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.service.asking import order, question
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
UNCONFIRMED: Final = "The batch system has not confirmed this job yet. Try again when it has."
_FORGOTTEN: Final = (
    "The batch system has forgotten this job and given its number to another one, which goes on. "
    "Nothing was cancelled; the job will be shown as gone."
)
_WAITING: Final = frozenset({"QUEUED", "HELD"})


def unknown_job() -> UnknownJob:
    """Return the problem of an id that nobody has."""
    return UnknownJob("There is no such job. List the jobs again.")


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Does to a job what its user asks for."""

    store: Store
    gateways: Gateways

    async def cancel(self, job_id: str) -> ActionResult:
        """End a job; one that nobody has found yet is ended when it is found.

        Raises
        ------
        UnknownJob
        """
        before = await self.store.get(job_id)
        record = await self.store.update(job_id, self._ask_to_cancel)
        if record is None or before is None:
            raise unknown_job()
        if is_final(record.phase):
            return result("already_final", None, record)
        await note_cancel(record)
        native_id = record.native_id
        if native_id is None:
            message = "The batch system has not confirmed this job yet. It is cancelled then."
            return result("ok", message, record)
        holder = await self.store.get_native(record.gateway_id, native_id)
        if holder is not None and holder.id != job_id:
            return result("ok", _FORGOTTEN, record)
        try:
            gateway = self.gateways.get(record.gateway_id)
            await order(gateway, gateway.cancel(native_id))
        except Exception as error:
            # An adapter may be a stranger's: its mistake must not leave a job "cancelling".
            change = _keep if before.cancel_requested else _take_back
            record = await self.store.update(job_id, change) or record
            await note_cancel(record)
            return self.failed(error, record)
        self.gateways.tell(record.gateway_id, lambda gateway: gateway.nudge([native_id]))
        return result("ok", None, await self.store.get(job_id) or record)

    def _ask_to_cancel(self, record: JobRecord) -> Mapping[str, Any]:
        is_nobodys = record.native_id is not None and self.gateways.find(record.gateway_id) is None
        if is_nobodys or is_final(record.phase):
            return {}
        return {"cancel_requested": True, "substate": "cancelling"}

    async def cancel_tasks(self, job_id: str, indices: Sequence[int]) -> ActionResult:
        """End some tasks of an array; those that are over already stay as they are.

        Raises
        ------
        UnknownJob
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        if is_final(record.phase):
            return result("already_final", None, record)
        message = no_such_tasks(record, indices)
        native_id = record.native_id
        if message is not None or native_id is None:
            return result("denied", message or UNCONFIRMED, record)
        if _are_all(record, indices):
            return await self.cancel(job_id)
        try:
            gateway = self.gateways.get(record.gateway_id)
            await order(gateway, gateway.cancel_tasks(native_id, list(indices)))
        except Exception as error:
            # As in `cancel`.
            return self.failed(error, await self.store.get(job_id) or record)
        self.gateways.tell(record.gateway_id, lambda gateway: gateway.nudge([native_id]))
        return result("ok", None, await self.store.get(job_id) or record)

    async def hold(self, job_id: str) -> ActionResult:
        """Keep a job that waits from starting.

        Raises
        ------
        UnknownJob
        """
        return await self._hold(job_id, is_held=True)

    async def release(self, job_id: str) -> ActionResult:
        """Let a held job start again.

        Raises
        ------
        UnknownJob
        """
        return await self._hold(job_id, is_held=False)

    async def _hold(self, job_id: str, *, is_held: bool) -> ActionResult:
        before = await self.store.get(job_id)
        if before is None:
            raise unknown_job()
        if is_final(before.phase):
            return result("already_final", None, before)
        native_id = before.native_id
        if native_id is None:
            return result("denied", UNCONFIRMED, before)
        if before.phase not in _WAITING:
            return result("denied", "It has started already.", before)
        try:
            gateway = self.gateways.get(before.gateway_id)
            hold = gateway.hold if is_held else gateway.release
            await order(gateway, hold(native_id))
            is_held = await self._is_held(gateway, before, native_id, is_held=is_held)
        except Exception as error:
            # An adapter may be a stranger's.
            return self.failed(error, await self.store.get(job_id) or before)
        self.gateways.tell(before.gateway_id, lambda gateway: gateway.nudge([native_id]))
        after = await self.store.update(job_id, partial(_held, is_held))
        return result("ok", None, after or before)

    def failed(self, error: Exception, now: JobRecord) -> ActionResult:
        """Say why an order came to nothing, of a job as it is by now: it may have ended meanwhile.

        A batch system that refuses may know more of the job than is shown: it is asked soon.
        """
        if is_final(now.phase):
            return result("already_final", None, now)
        native_id = now.native_id
        if native_id is not None and isinstance(error, GatewayRefused):
            self.gateways.tell(now.gateway_id, lambda gateway: gateway.nudge([native_id]))
        outcome = "denied" if isinstance(error, GatewayRefused) else "error"
        refused = error.refused if isinstance(error, TasksRefused) else ()
        return result(outcome, told(error, now), now, refused)

    async def _is_held(
        self, gateway: JobGateway, before: JobRecord, native_id: str, *, is_held: bool
    ) -> bool:
        """Tell whether a job is held after an order; what came meanwhile may be older or newer."""
        now = await self.store.get(before.id)
        if now is None or now.revision == before.revision or now.phase not in _WAITING:
            return is_held
        seen = await question(gateway, gateway.look_at([native_id]))
        return seen[0].phase == "HELD" if seen else is_held


async def note_cancel(record: JobRecord) -> None:
    """Note in its run directory whether a job is to be ended, for a store that is made again."""
    directory = Path(record.run_directory)
    # Where it cannot be noted, the store alone knows it.
    with suppress(OSError):
        if record.cancel_requested:
            await asyncio.to_thread(mark_cancelled, directory, record.nonce)
        else:
            await asyncio.to_thread(unmark_cancelled, directory)


def no_such_tasks(record: JobRecord, indices: Sequence[int]) -> str | None:
    """Say which task of those there is not; ``None`` if there are all."""
    array = array_of(record.spec)
    if array is None:
        return "It is no array: it has no tasks. Nothing was done."
    known = task_indices(array)
    unknown = [index for index in indices if index not in known]
    return f"It has no task {unknown[0]}. Nothing was done." if unknown else None


def _are_all(record: JobRecord, indices: Sequence[int]) -> bool:
    array = array_of(record.spec)
    return array is not None and set(indices).issuperset(task_indices(array))


def told(error: Exception, record: JobRecord) -> str:
    """Return what a user is told when a gateway did not do what was asked."""
    if isinstance(error, BatchProblem):
        return error.message
    _log.error("Gateway %s failed at %s", record.gateway_id, record.id, exc_info=error)
    return "The gateway made a mistake. The job goes on; try again."


def _keep(_: JobRecord) -> Mapping[str, Any]:
    return {}


def _take_back(record: JobRecord) -> Mapping[str, Any]:
    if is_final(record.phase) or not record.cancel_requested:
        return {}
    return {"cancel_requested": False, "substate": None}


def _held(is_held: bool, record: JobRecord) -> Mapping[str, Any]:
    """Show what was ordered, unless the job has started since or is shown so already."""
    if record.phase not in _WAITING or (record.phase == "HELD") == is_held:
        return {}
    if is_held:
        return {"phase": "HELD", "reason": "held_by_user", "reason_text": None}
    return {"phase": "QUEUED", "reason": None, "reason_text": None}


def result(
    outcome: Any,  # noqa: ANN401 -- a literal
    message: str | None,
    record: JobRecord,
    refused_tasks: Sequence[TaskRefusal] = (),
) -> ActionResult:
    """Return what came of an order."""
    return ActionResult(
        outcome=outcome,
        message=message,
        refused_tasks=list(refused_tasks),
        row=record.to_row(),
    )
