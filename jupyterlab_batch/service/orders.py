"""What a user orders for jobs beside ending them, where their batch systems can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType, structs

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import ActionResult, Capabilities, Issue, JobPatch, JobSpec
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.gateways.order import Change, Hold, Order, Requeue, SendSignal
from jupyterlab_batch.service.act import (
    UNCONFIRMED,
    Actor,
    no_such_tasks,
    result,
    unknown_job,
)
from jupyterlab_batch.service.asking import order as ordered
from jupyterlab_batch.service.rules import tag_issues
from jupyterlab_batch.store.records import JobRecord

_TERMS: Final = ("walltime_seconds", "nice", "comment")
_CHANGES: Final = {
    "walltime_seconds": "the time limit",
    "nice": "the nice value",
    "comment": "the comment",
}


class Orderer(msgspec.Struct, frozen=True, kw_only=True):
    """Gives orders to jobs and to tasks of arrays; the batch system's refusal is told for each."""

    actor: Actor

    async def give(
        self, job_id: str, order: Order, task_indices: Sequence[int] | UnsetType = UNSET
    ) -> ActionResult:
        """Give one order.

        Raises
        ------
        UnknownJob
        """
        store, gateways = self.actor.store, self.actor.gateways
        record = await store.get(job_id)
        if record is None:
            raise unknown_job()
        if is_final(record.phase):
            return result("already_final", None, record)
        tasks = [] if isinstance(task_indices, UnsetType) else list(task_indices)
        native_id = record.native_id
        why_not = no_such_tasks(record, tasks) if tasks else None
        if why_not is not None or native_id is None:
            return result("denied", why_not or UNCONFIRMED, record)
        try:
            gateway = gateways.get(record.gateway_id)
            described = await gateways.describe(record.gateway_id)
            why_not = _cannot(order, described.capabilities, described.title, tasks)
            if why_not is not None:
                return result("denied", gateway.why_never(native_id, order) or why_not, record)
            await ordered(
                gateway, gateway.order(native_id, order, tag=record.tag, task_indices=tasks)
            )
        except Exception as error:
            # An adapter may be a stranger's.
            return self.actor.failed(error, await store.get(job_id) or record)
        gateways.tell(record.gateway_id, lambda one: one.nudge([native_id]))
        return result("ok", None, await store.get(job_id) or record)

    async def patch(self, job_id: str, patch: JobPatch) -> ActionResult:
        """Change the terms of a job that is not over, then its tags, which always can be.

        Raises
        ------
        UnknownJob
        NotValid
            Nothing was changed.
        """
        issues = list(_wrong(patch))
        if issues:
            message = "Something is not right. Nothing was changed."
            raise NotValid(message, field=issues[0].field_, detail=issues)
        record = await self.actor.store.get(job_id)
        if record is None:
            raise unknown_job()
        terms = {name: value for name in _TERMS if (value := getattr(patch, name)) is not UNSET}
        if terms:
            done = await self.give(job_id, Change(**terms), patch.task_indices)
            if done.outcome != "ok":
                return done
        is_whole = isinstance(patch.task_indices, UnsetType)
        walltime = terms.get("walltime_seconds") if is_whole else None
        after = await self.actor.store.update(job_id, lambda now: _with(now, patch, walltime))
        return result("ok", None, after or record)


def _with(now: JobRecord, patch: JobPatch, walltime: int | None) -> Mapping[str, Any]:
    """Return what changes in the record; what was resubmitted would ask for the new terms."""
    changes: dict[str, Any] = {}
    spec: JobSpec = now.spec
    if patch.tags is not UNSET:
        spec = structs.replace(spec, tags=patch.tags)
    if walltime is not None:
        resources = structs.replace(spec.resources, walltime_seconds=walltime)
        spec = structs.replace(spec, resources=resources)
        changes["walltime_seconds"] = walltime
    return {**changes, "spec": spec}


def _wrong(patch: JobPatch) -> list[Issue]:
    if all(getattr(patch, name) is UNSET for name in (*_TERMS, "tags")):
        return [issue("", "required", "Say what is to be different.")]
    found = [] if isinstance(patch.tags, UnsetType) else list(tag_issues(patch.tags, "tags"))
    comment = "" if isinstance(patch.comment, UnsetType) else patch.comment
    if not comment.isprintable():
        found.append(issue("comment", "control_character", "A comment is one line of text."))
    return found


def _cannot(order: Order, can: Capabilities, title: str, tasks: Sequence[int]) -> str | None:
    """Say what a batch system has not of what is ordered."""
    if tasks and not can.task_orders:
        return f"On {title} single tasks of an array can only be cancelled."
    if isinstance(order, Change):
        missing = [
            words
            for name, words in _CHANGES.items()
            if getattr(order, name) is not None and name not in can.changes
        ]
        return f"On {title} {missing[0]} of a job cannot be changed." if missing else None
    if isinstance(order, Hold):
        return None if can.hold else f"{title} cannot hold jobs."
    if isinstance(order, SendSignal):
        return None if can.signal else f"{title} cannot send signals to jobs."
    if isinstance(order, Requeue):
        return None if can.requeue else f"{title} cannot put a job into the queue again."
    return None if can.suspend else f"{title} cannot suspend and resume jobs."
