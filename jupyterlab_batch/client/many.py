"""One action on many jobs, answered for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.generated import ActionResults, JobActionResult
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.sending import ask_once, new_key
from jupyterlab_batch.client.submission import to_patch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from jupyterlab_batch.client.transport import Transport

_AT_ONCE = 100
"""So many fit into the time that one call may take."""


class ManyJobs:
    """The part of a client that acts on many jobs; what fails at one stops no other.

    Jobs are those that ``jobs()`` returned, or full ids. Each method returns what came of each:
    ``ok``, ``already_final``, ``denied``, ``not_found`` or ``error``, with a sentence where it is
    not ``ok``.
    """

    _transport: Transport

    def cancel(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """End jobs that are not over."""
        return self._act("cancel", jobs)

    def hold(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """Keep jobs that wait from starting."""
        return self._act("hold", jobs)

    def release(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """Let jobs start again that are held."""
        return self._act("release", jobs)

    def suspend(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """Stop jobs where they are; they keep their cores and memory."""
        return self._act("suspend", jobs)

    def resume(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """Let suspended jobs go on."""
        return self._act("resume", jobs)

    def requeue(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """End jobs and let them wait and run again, as a new attempt each."""
        return self._act("requeue", jobs)

    def forget(self, *jobs: BatchJob | str) -> Listing[JobActionResult]:
        """Take jobs off the list that are over; their run directories stay."""
        return self._act("forget", jobs)

    def resubmit(  # noqa: PLR0913 -- as `BatchJob.resubmit`, all by name
        self,
        *jobs: BatchJob | str,
        name: str | None = None,
        cores: int | None = None,
        memory: str | None = None,
        time: str | int | timedelta | None = None,
        queue: str | None = None,
        account: str | None = None,
        tasks: Sequence[int] | None = None,
        anyway: bool = False,
        key: str | None = None,
    ) -> Listing[JobActionResult]:
        """Run jobs that are over once more, with the same differences; see `BatchJob.resubmit`.

        Returns
        -------
        What came of each; ``row`` is the new job's where that is ``ok``.

        Raises
        ------
        BatchError
            It is not known what came of some: the same with its ``key`` runs none a second time.
        """
        patch = to_patch(
            name=name,
            cores=cores,
            memory=memory,
            time=time,
            queue=queue,
            account=account,
            tasks=tasks,
        )
        key = key or new_key()
        results: list[JobActionResult] = []
        for ids in _in_calls(jobs):
            body = {"action": "resubmit", "job_ids": ids, "patch": patch}
            results += ask_once(
                self._transport, "jobs/actions", body, kind=ActionResults, key=key, anyway=anyway
            ).results
        return _listing(results)

    def _act(
        self,
        action: Literal["cancel", "hold", "release", "suspend", "resume", "requeue", "forget"],
        jobs: Sequence[BatchJob | str],
    ) -> Listing[JobActionResult]:
        results: list[JobActionResult] = []
        for ids in _in_calls(jobs):
            body = {"action": action, "job_ids": ids}
            answer = self._transport.request("POST", "jobs/actions", body=body)
            results += answer.decode(ActionResults).results
        return _listing(results)


def _in_calls(jobs: Sequence[BatchJob | str]) -> list[list[str]]:
    ids = [job.id if isinstance(job, BatchJob) else job for job in jobs]
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _listing(results: list[JobActionResult]) -> Listing[JobActionResult]:
    done = sum(result.outcome == "ok" for result in results)
    return Listing(
        results,
        columns=("Job", "Outcome", "Name", "Message"),
        cells=lambda result: (
            result.job_id,
            result.outcome,
            plain(result.row.name) if result.row else "",
            plain(result.message or ""),
        ),
        empty="Nothing was to be done.",
        note=f"{done} of {len(results)} done.",
    )
