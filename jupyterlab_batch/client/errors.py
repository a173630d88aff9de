"""The one kind of error that the client raises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import Issue


class BatchError(Exception):
    """What happened, what is unharmed, what to do.

    Parameters
    ----------
    message
        A sentence for a person.
    code
        A ``ProblemCode`` of the contract, or one of the client's own: ``server_not_found``,
        ``server_unreachable`` (nothing was sent), ``answer_lost`` (sent, but no answer was read),
        ``not_understood`` (what answered is not the batch extension).
    field
        Path in the submission that the problem concerns, such as ``spec.resources.cores``.
    detail
        Every problem of the submission, by field.
    key
        The key of the submission that failed: ``submit(..., key=key)`` cannot run it twice.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        field: str | None = None,
        detail: Sequence[Issue] = (),
        retry_after_seconds: float | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.detail = tuple(detail)
        self.retry_after_seconds = retry_after_seconds
        self.key = key

    def __str__(self) -> str:
        lines = [self.message]
        lines += [f"  {issue.field}: {issue.message}" for issue in self.detail]
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the sentence: a traceback through the client helps nobody."""
        return [f"{type(self).__name__}: {self}"]


class ServerNotFound(BatchError):
    """No Jupyter server with the batch extension is known to this process."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="server_not_found")


class WaitInterrupted(KeyboardInterrupt):
    """The user stopped waiting; the job goes on."""

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the sentence alone."""
        return [str(self)]


def not_valid(field: str, message: str) -> BatchError:
    """Return the error of a field that cannot be sent."""
    return BatchError(f"{message} Nothing was submitted.", code="not_valid", field=field)
