"""One action on many jobs, answered for each."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    ActionInput,
    ActionResult,
    JobActionResult,
    ResubmitPatch,
)
from jupyterlab_batch.domain.problems import (
    BatchProblem,
    GatewayRefused,
    HasWarnings,
    JobForgotten,
    KeyReused,
    NotFinal,
    NotValid,
    StoreUnavailable,
    UnknownJob,
)
from jupyterlab_batch.gateways.order import Requeue, Resume, Suspend
from jupyterlab_batch.service.act import Actor, result, unknown_job
from jupyterlab_batch.service.orders import Orderer
from jupyterlab_batch.service.refusals import not_valid, valid_key
from jupyterlab_batch.service.resubmit import Resubmitter
from jupyterlab_batch.service.retention import NOT_OVER
from jupyterlab_batch.store.forgetting import Forgotten
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
AT_ONCE: Final = 8
"""So many orders of one user are on their way to a batch system at the same time."""
_REFUSALS: Final = (GatewayRefused, HasWarnings, JobForgotten, KeyReused, NotFinal, NotValid)
"""Trying the same again leads to nothing."""
_FORGET: Final[Mapping[str, tuple[Any, str | None]]] = {
    "ok": ("ok", None),
    "not_final": ("denied", NOT_OVER),
    "not_found": ("not_found", unknown_job().message),
}


class ManyActor(msgspec.Struct, frozen=True, kw_only=True):
    """Does the same to many jobs; what fails at one stops no other."""

    store: Store
    actor: Actor
    orderer: Orderer
    resubmitter: Resubmitter

    async def act(
        self, given: ActionInput, *, key: str | None = None, anyway: bool = False
    ) -> list[JobActionResult]:
        """Return what came of each job, once for each id, in the order of the first mention.

        Raises
        ------
        KeyMissing
            A key that can be none.
        NotValid
            To resubmit there has to be a key; another action has nothing to be different.
        """
        if key is not None:
            valid_key(key)
        job_ids = list(dict.fromkeys(given.job_ids))
        patch = ResubmitPatch() if isinstance(given.patch, msgspec.UnsetType) else given.patch
        if given.action == "resubmit":
            if key is None:
                message = "To resubmit needs an Idempotency-Key. Nothing was submitted."
                raise not_valid([issue("Idempotency-Key", "required", message)])
            again = partial(self._resubmit, patch=patch, key=key, anyway=anyway)
            return await _each(again, job_ids)
        if given.patch is patch:
            message = "Only what is resubmitted can be different. Nothing was changed."
            raise not_valid([issue("patch", "not_supported", message)])
        if given.action == "forget":
            return list(map(_forgotten, job_ids, await self.store.forget(job_ids)))
        actions: Mapping[str, Callable[[str], Awaitable[ActionResult]]] = {
            "cancel": self.actor.cancel,
            "hold": self.actor.hold,
            "release": self.actor.release,
            "suspend": partial(self.orderer.give, order=Suspend()),
            "resume": partial(self.orderer.give, order=Resume()),
            "requeue": partial(self.orderer.give, order=Requeue()),
        }
        return await _each(actions[given.action], job_ids)

    async def _resubmit(
        self, job_id: str, *, patch: ResubmitPatch, key: str, anyway: bool
    ) -> ActionResult:
        """Resubmit one of many, under a key that is its own and the same with each try."""
        own = hashlib.sha256(f"{key} {job_id}".encode()).hexdigest()
        try:
            taken = await self.resubmitter.resubmit(job_id, patch, key=own, anyway=anyway)
        except _REFUSALS as problem:
            record = await self.store.get(job_id)
            if record is None:
                raise unknown_job() from problem
            message = " ".join([problem.message, *(one.message for one in problem.detail)])
            return result("denied", message, record)
        return result("ok", None, taken.record)


async def _each(
    action: Callable[[str], Awaitable[ActionResult]], job_ids: Sequence[str]
) -> list[JobActionResult]:
    turns = asyncio.Semaphore(AT_ONCE)
    unusable: list[StoreUnavailable] = []

    async def one(job_id: str) -> JobActionResult:
        async with turns:
            if unusable:
                # It was waited for already: if each waited in turn, nobody would hear the answer.
                return _told(job_id, "error", unusable[0].message, None)
            try:
                result = await action(job_id)
            except UnknownJob as problem:
                return _told(job_id, "not_found", problem.message, None)
            except BatchProblem as problem:
                if isinstance(problem, StoreUnavailable):
                    unusable.append(problem)
                return _told(job_id, "error", problem.message, None)
            except Exception:
                _log.exception("Job %s", job_id)
                message = "The server made a mistake; the job goes on. Try again."
                return _told(job_id, "error", message, None)
        return JobActionResult(
            job_id=job_id, outcome=result.outcome, message=result.message, row=result.row
        )

    return list(await asyncio.gather(*map(one, job_ids)))


def _forgotten(job_id: str, forgotten: Forgotten) -> JobActionResult:
    outcome, message = _FORGET[forgotten.outcome]
    is_gone = forgotten.outcome == "ok"
    return _told(job_id, outcome, message, None if is_gone else forgotten.record)


def _told(
    job_id: str,
    outcome: Any,  # noqa: ANN401 -- a literal of the contract
    message: str | None,
    record: JobRecord | None,
) -> JobActionResult:
    row = None if record is None else record.to_row()
    return JobActionResult(job_id=job_id, outcome=outcome, message=message, row=row)
