"""Running again what a job ran: the copy in its run directory, whatever became of the original.

What the user saw fail is what he wants to see succeed. A notebook that was edited since is
another job, and the form is the place for it.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.decoding import decode_submission, issue
from jupyterlab_batch.domain.generated import ResubmitPatch, Submission
from jupyterlab_batch.domain.identifiers import digest_of_resubmission
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import NotFinal
from jupyterlab_batch.engine.claim import withdraw
from jupyterlab_batch.engine.rundirectory import Origin, copy_of_source
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.refusals import not_valid, valid_key
from jupyterlab_batch.service.submit import Order, Submitter, Taken
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_NOT_OVER: Final = (
    "The job is not over yet. Nothing was submitted. Cancel it first, or wait for it."
)
_STARTED: Final = (
    "The job that was lost has started after all. Nothing was submitted. Cancel it first if you "
    "want to run it again."
)
_COPY_GONE: Final = (
    "The copy of what ran was deleted with its run directory. The file as it is now would be "
    "submitted."
)


class Resubmitter(msgspec.Struct, frozen=True, kw_only=True):
    """Makes a new job of one that is over."""

    store: Store
    submitter: Submitter
    watcher: Watcher
    context: RunContext

    async def resubmit(
        self, job_id: str, patch: ResubmitPatch, *, key: str | None, anyway: bool
    ) -> Taken:
        """Submit once per key what a job ran, with some fields replaced.

        Raises
        ------
        UnknownJob
        NotFinal
            The job is not over, or it was thought lost and has started.
        BatchProblem
            As `Submitter.submit`.
        """
        key = valid_key(key)
        digest = digest_of_resubmission(job_id, patch)
        known = await self.submitter.find(key, digest)
        if known is not None:
            return known
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        if not is_final(record.phase):
            raise NotFinal(_NOT_OVER)
        order = await self._order(record, patch, digest)
        await self._make_sure_that_it_never_runs(record)
        return await self.submitter.take(order, key=key, anyway=anyway)

    async def _order(self, record: JobRecord, patch: ResubmitPatch, digest: str) -> Order:
        submission, issues = decode_submission(_patched(record, patch))
        if submission is None:
            raise not_valid(issues)
        copy = copy_of_source(record.spec, Path(record.run_directory), self.context)
        if copy is not None and not await asyncio.to_thread(_is_file, copy):
            issues.append(issue("spec.task.path", "source_changed", _COPY_GONE, warning=True))
            copy = None
        return Order(
            submission=submission,
            issues=issues,
            digest=digest,
            origin=Origin(job_id=record.id, directory=Path(record.run_directory), source=copy),
        )

    async def _make_sure_that_it_never_runs(self, record: JobRecord) -> None:
        """Claim the run directory of a lost job, lest it turns up and runs beside the new one."""
        if record.reason != "lost" or record.started_at is not None:
            return
        directory = Path(record.run_directory)
        if await asyncio.to_thread(withdraw, directory, nonce=record.nonce, key=record.key):
            return
        found = await self.store.update(record.id, _found_again)
        if found is not None:
            self.watcher.follow([found])
        raise NotFinal(_STARTED)


def _patched(record: JobRecord, patch: ResubmitPatch) -> dict[str, Any]:
    submission = Submission(gateway_id=record.gateway_id, spec=record.spec)
    raw: dict[str, Any] = msgspec.to_builtins(submission)
    spec = raw["spec"]
    if not isinstance(patch.name, msgspec.UnsetType):
        spec["name"] = patch.name
    if not isinstance(patch.resources, msgspec.UnsetType):
        spec["resources"] = {**spec["resources"], **patch.resources}
    # Whoever runs a job again means now.
    spec.get("placement", {}).pop("begin_at", None)
    if not isinstance(patch.placement, msgspec.UnsetType):
        spec["placement"] = {**spec.get("placement", {}), **patch.placement}
    if not isinstance(patch.task_indices, msgspec.UnsetType):
        if "array" not in spec:
            message = "This job is no array: it has no tasks."
            raise not_valid([issue("patch.task_indices", "not_supported", message)])
        spec["array"] = {**spec["array"], "only": patch.task_indices}
    return raw


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _found_again(record: JobRecord) -> Mapping[str, Any]:
    if record.reason != "lost":
        return {}
    text = "It was thought lost, and it has started. Nothing says yet how it goes on."
    return {"phase": "UNKNOWN", "reason": "lost", "reason_text": text, "ended_at": None}
