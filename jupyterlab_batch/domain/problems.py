"""Everything that can go wrong, each with its code on the wire and its HTTP status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from jupyterlab_batch.domain.generated import Issue, Problem, ProblemCode, TaskRefusal


class BatchProblem(Exception):
    """Base of all problems that are told to the user.

    Parameters
    ----------
    message
        What happened, what is unharmed, what to do; plain English, no secret, no traceback.
    field
        Path in the submission that the problem concerns, such as ``spec.resources.cores``.
    """

    code: ClassVar[ProblemCode] = "internal"
    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        gateway_id: str | None = None,
        retry_after_seconds: float | None = None,
        detail: Sequence[Issue] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.gateway_id = gateway_id
        self.retry_after_seconds = retry_after_seconds
        self.detail = list(detail)

    def to_wire(self) -> Problem:
        """Return the problem as the contract describes it."""
        return Problem(
            message=self.message,
            code=self.code,
            field_=self.field,
            gateway_id=self.gateway_id,
            retry_after_seconds=self.retry_after_seconds,
            detail=self.detail,
        )


class BadRequest(BatchProblem):
    """A parameter is missing or is not what the contract says."""

    code = "bad_request"
    status = 400


class NotJson(BatchProblem):
    """The body is no JSON, or not an object."""

    code = "not_json"
    status = 400


class TooLarge(BatchProblem):
    """The body is larger than we take."""

    code = "too_large"
    status = 413


class Forbidden(BatchProblem):
    """Signed in, but not the owner."""

    code = "forbidden"
    status = 403


NOTHING_HERE: Final = (
    "There is nothing at this address: who asks may be of another version of jupyterlab-batch than"
    " the server. Your jobs go on. Reload the page, or restart the kernel."
)


class NotFound(BatchProblem):
    """There is no such address, or no such task of a job."""

    code = "not_found"
    status = 404


class UnknownJob(BatchProblem):
    """There is no job of this id."""

    code = "unknown_job"
    status = 404


class UnknownGateway(BatchProblem):
    """No gateway of this id is configured."""

    code = "unknown_gateway"
    status = 404


class UnknownCluster(BatchProblem):
    """There is no Dask cluster of this id."""

    code = "unknown_cluster"
    status = 404


class UnknownDraft(BatchProblem):
    """There is no draft of this key."""

    code = "unknown_draft"
    status = 404


class KeyMissing(BatchProblem):
    """A submission came without an ``Idempotency-Key``."""

    code = "key_missing"
    status = 400


class KeyInFlight(BatchProblem):
    """The same key is being submitted at this moment."""

    code = "key_in_flight"
    status = 409


class KeyReused(BatchProblem):
    """The key was sent with another submission."""

    code = "key_reused"
    status = 422


class JobForgotten(BatchProblem):
    """The key was sent before, and the record of its job is gone: it never runs again."""

    code = "job_forgotten"
    status = 410


class ClusterForgotten(BatchProblem):
    """The key was sent before, and the record of its cluster is gone: nothing starts again."""

    code = "cluster_forgotten"
    status = 410


class NotRunning(BatchProblem):
    """Nobody can connect to the cluster: it is not there yet, or not any more."""

    code = "not_running"
    status = 409


class NotFinal(BatchProblem):
    """What was asked for can only be done to a job that is over."""

    code = "not_final"
    status = 409


class NotValid(BatchProblem):
    """The submission has errors; ``detail`` lists them by field."""

    code = "not_valid"
    status = 422


class HasWarnings(BatchProblem):
    """The submission has warnings and the user has not said *anyway*."""

    code = "warnings"
    status = 422


class GatewayRefused(BatchProblem):
    """The batch system said no: nothing was submitted."""

    code = "gateway_refused"
    status = 422


class TasksRefused(GatewayRefused):
    """The batch system did not do to some tasks of an array what was ordered, but to all others.

    Parameters
    ----------
    refused
        Which tasks, and why.
    """

    def __init__(self, message: str, *, refused: Sequence[TaskRefusal]) -> None:
        super().__init__(message)
        self.refused = list(refused)


class GatewayUnreachable(BatchProblem):
    """The batch system could not be asked: nothing was sent to it."""

    code = "gateway_unreachable"
    status = 503


class NotSignedIn(BatchProblem):
    """The batch system does not accept the user's credential: nothing was done."""

    code = "gateway_not_signed_in"
    status = 503


class LogNotReadable(BatchProblem):
    """The log is no regular file below the job's own run directory, or may not be read."""

    code = "log_not_readable"
    status = 422


class FileNotReadable(BatchProblem):
    """It is no regular file below the job's own run directory, or may not be read."""

    code = "file_not_readable"
    status = 422


class StoreChanged(BatchProblem):
    """The sequence number is too old, or of another store: list again."""

    code = "store_changed"
    status = 410


class TooManyDrafts(BatchProblem):
    """There is no room for one more draft."""

    code = "too_many_drafts"
    status = 422


class StoreUnavailable(BatchProblem):
    """The store cannot be read or written; nothing was submitted."""

    code: ClassVar[ProblemCode] = "store_unavailable"
    status = 503


class StoreOfNewerVersion(StoreUnavailable):
    """A newer version of the extension wrote the store: waiting does not help."""

    code = "store_of_newer_version"


class AnswerLost(Exception):
    """A submission was sent, but no answer was read: the job may exist. Never resend."""
