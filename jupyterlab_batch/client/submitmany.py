"""Submit many jobs with few requests, each once and answered for itself."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client import sending
from jupyterlab_batch.client.card import phase_word, plain
from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.gateways import default_gateway
from jupyterlab_batch.client.generated import SubmissionResult, SubmissionResults
from jupyterlab_batch.client.job import BatchJob
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.sending import UNCERTAIN, ask_once, new_key, with_advice
from jupyterlab_batch.client.submission import Asked
from jupyterlab_batch.client.submitting import SubmitJobs
from jupyterlab_batch.client.transport import to_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyterlab_batch.client.transport import Transport

    Piece = dict[str, Any]

_MOST_JOBS = 100
_MOST_BYTES = 2**20
"""So much goes in one request: the server takes 2 MB, and one call may take so long."""


@dataclass(frozen=True)
class SubmittedJob:
    """What came of one of many: a job, or why there is none."""

    job: BatchJob | None
    error: BatchError | None


class SubmitManyJobs(SubmitJobs):
    """The part of a client that hands many jobs to gateways at once."""

    def submit_many(
        self,
        jobs: Iterable[Mapping[str, Any]],
        *,
        anyway: bool = False,
        key: str | None = None,
        **same: Any,  # noqa: ANN401 -- typed by Asked
    ) -> Listing[SubmittedJob]:
        """Hand many jobs to gateways, each once; what is wrong with one stops no other.

        Parameters
        ----------
        jobs
            The arguments of `submit` for each: ``[{"command": ["fit", name]} for name in names]``.
        anyway
            Submit those too about which there are warnings.
        key
            Of an earlier try with the same list whose outcome is not known (`BatchError.key`).
        **same
            Arguments of all jobs, where a job itself does not say otherwise.

        Returns
        -------
        What came of each, in their order: its `job`, or the `error` that says why there is none.

        Raises
        ------
        BatchError
            The server does not answer (any more). The same with its `key` runs none a second time.
        """
        key = key or new_key()
        errors: dict[str, BatchError] = {}
        submissions: Piece = {}
        for number, asked in enumerate(self._all_asked(jobs, same)):
            own = hashlib.sha256(f"{key} {number}".encode()).hexdigest()
            after = asked.pop("after", None)
            try:
                submission = self._submission(Asked(**asked), after)
                submissions[own] = encode(submission, omit_null=True)
            except BatchError as error:
                errors[own] = error
                submissions[own] = None
        results: dict[str, SubmissionResult] = {}
        for piece in _pieces({own: one for own, one in submissions.items() if one is not None}):
            try:
                results |= _send(self._transport, piece, key=key, anyway=anyway)
            except BatchError as error:
                if error.code != "too_large":
                    raise
                errors |= dict.fromkeys(piece, error)  # one alone: others are smaller together
        return _listing(
            [
                SubmittedJob(None, errors[own])
                if own in errors
                else _submitted(self._transport, results[own])
                for own in submissions
            ]
        )

    def _all_asked(
        self, jobs: Iterable[Mapping[str, Any]], same: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        asked = [{**same, **job} for job in jobs]
        unsaid = [one for one in asked if not one.get("gateway")]
        if unsaid:
            gateway = default_gateway(self._transport)
            for one in unsaid:
                one["gateway"] = gateway
        return asked


def _pieces(submissions: Piece) -> Iterator[Piece]:
    """Yield what goes in one request each."""
    piece: Piece = {}
    size = 0
    for key, submission in submissions.items():
        more = len(json.dumps(submission))
        if piece and (len(piece) == _MOST_JOBS or size + more > _MOST_BYTES):
            yield piece
            piece, size = {}, 0
        piece[key] = submission
        size += more
    if piece:
        yield piece


def _send(
    transport: Transport, piece: Piece, *, key: str, anyway: bool
) -> dict[str, SubmissionResult]:
    """Send a piece, and again what a request before it, whose answer was lost, is still sending."""
    results: dict[str, SubmissionResult] = {}
    rest = list(piece)
    for pause in (0.0, *sending.PAUSES_SECONDS):
        time.sleep(pause)
        body = {"submissions": [{"key": own, "submission": piece[own]} for own in rest]}
        told = ask_once(
            transport, "jobs/submissions", body, kind=SubmissionResults, key=key, anyway=anyway
        ).results
        results |= {one.key: one for one in told}
        rest = [one.key for one in told if one.problem and one.problem.code == "key_in_flight"]
        if not rest:
            break
    return results


def _submitted(transport: Transport, result: SubmissionResult) -> SubmittedJob:
    if result.row is not None:
        return SubmittedJob(BatchJob(transport, result.row), None)
    if result.problem is None:
        message = "The server did not say what came of it."
        return SubmittedJob(None, BatchError(message, code="not_understood", key=result.key))
    error = to_error(result.problem)
    is_uncertain = error.code in UNCERTAIN
    return SubmittedJob(None, with_advice(error, result.key, "job", is_uncertain=is_uncertain))


def _listing(results: list[SubmittedJob]) -> Listing[SubmittedJob]:
    done = sum(result.job is not None for result in results)
    return Listing(
        results,
        columns=("Id", "Name", "State", "Why there is no job"),
        cells=lambda result: (
            result.job.id if result.job else "",
            plain(result.job.name) if result.job else "",
            phase_word(result.job.row) if result.job else "",
            plain(str(result.error)) if result.error else "",
        ),
        empty="Nothing was to be submitted.",
        note=f"{done} of {len(results)} submitted.",
    )
