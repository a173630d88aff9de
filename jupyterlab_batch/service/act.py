"""Actions on jobs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyterlab_batch.domain.generated import ActionResult
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import BatchProblem, GatewayRefused, UnknownJob
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)


def unknown_job() -> UnknownJob:
    """Return the problem of an id that nobody has."""
    return UnknownJob("There is no such job. List the jobs again.")


@dataclass(frozen=True, kw_only=True)
class Actor:
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
        record = await self.store.update(job_id, _ask_to_cancel)
        if record is None or before is None:
            raise unknown_job()
        if is_final(record.phase):
            return _result("already_final", None, record)
        native_id = record.native_id
        if native_id is None:
            message = "The batch system has not confirmed this job yet. It is cancelled then."
            return _result("ok", message, record)
        try:
            await self.gateways.get(record.gateway_id).cancel(native_id)
        except Exception as error:
            # An adapter may be a stranger's: its mistake must not leave a job "cancelling".
            if not before.cancel_requested:
                record = await self.store.update(job_id, _take_back) or record
            outcome = "denied" if isinstance(error, GatewayRefused) else "error"
            return _result(outcome, told(error, record), record)
        self.gateways.tell(record.gateway_id, lambda gateway: gateway.nudge([native_id]))
        return _result("ok", None, await self.store.get(job_id) or record)


def told(error: Exception, record: JobRecord) -> str:
    """Return what a user is told when a gateway did not cancel."""
    if isinstance(error, BatchProblem):
        return error.message
    _log.error("Gateway %s failed to cancel %s", record.gateway_id, record.id, exc_info=error)
    return "The gateway made a mistake. The job goes on; try again."


def _ask_to_cancel(record: JobRecord) -> Mapping[str, Any]:
    if is_final(record.phase):
        return {}
    return {"cancel_requested": True, "substate": "cancelling"}


def _take_back(record: JobRecord) -> Mapping[str, Any]:
    if is_final(record.phase):
        return {}
    return {"cancel_requested": False, "substate": None}


def _result(outcome: Any, message: str | None, record: JobRecord) -> ActionResult:  # noqa: ANN401 -- a literal
    return ActionResult(outcome=outcome, message=message, row=record.to_row())
