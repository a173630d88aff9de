"""What a submission says of other jobs: which are to be over before it starts."""

from __future__ import annotations

from typing import Final

import msgspec

from jupyterlab_batch.domain.asked import dependencies_of
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Dependency, Issue, IssueCode, Submission
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.gateways.launch import AwaitedJob
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_UNKNOWN: Final = "There is no such job of yours. It may have been forgotten."
_ELSEWHERE: Final = "That job is on another batch system; it cannot be waited for from here."
_UNCONFIRMED: Final = (
    "The batch system has not confirmed that job yet. Submit this one when it has."
)
_NEVER: Final = {
    "succeeded": "“{name}” did not complete, so this job would never start.",
    "failed": "“{name}” completed, so this job would never start.",
}


class Dependencies(msgspec.Struct, frozen=True, kw_only=True):
    """Finds the jobs that others are to wait for."""

    store: Store

    async def issues(self, submission: Submission) -> list[Issue]:
        """Return what is wrong with the jobs that a submission is to wait for."""
        found = []
        for number, wanted in enumerate(dependencies_of(submission.spec)):
            record = await self.store.get(wanted.job_id)
            wrong = _wrong(wanted, record, submission.gateway_id)
            if wrong is not None:
                code, message = wrong
                found.append(issue(f"spec.depends_on[{number}].job_id", code, message))
        return found

    async def awaited(self, submission: Submission) -> tuple[AwaitedJob, ...]:
        """Return the jobs that are to be waited for still.

        One that ended since it was checked, in a way that lets this never start, is among them:
        the batch system says so then.

        Raises
        ------
        NotValid
            One was forgotten since it was checked.
        """
        found = []
        for wanted in dependencies_of(submission.spec):
            record = await self.store.get(wanted.job_id)
            if record is not None and _is_met(wanted, record):
                continue
            if record is None or record.native_id is None:
                raise NotValid(f"{_UNKNOWN} Nothing was submitted.", field="spec.depends_on")
            awaited = AwaitedJob(tag=record.tag, native_id=record.native_id, when=wanted.when)
            found.append(awaited)
        return tuple(found)


def _wrong(
    wanted: Dependency, record: JobRecord | None, gateway_id: str
) -> tuple[IssueCode, str] | None:
    if record is None:
        return "unknown_job", _UNKNOWN
    if record.gateway_id != gateway_id:
        return "unknown_job", _ELSEWHERE
    if is_final(record.phase):
        is_met = _is_met(wanted, record)
        return None if is_met else ("never_starts", _NEVER[wanted.when].format(name=record.name))
    return None if record.native_id is not None else ("unknown_job", _UNCONFIRMED)


def _is_met(wanted: Dependency, record: JobRecord) -> bool:
    if not is_final(record.phase):
        return False
    has_completed = record.phase in {"COMPLETED", "ARCHIVED"}
    return wanted.when == "finished" or has_completed == (wanted.when == "succeeded")
