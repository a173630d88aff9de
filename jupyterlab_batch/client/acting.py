"""What the user does to a job that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import ActionResult
from jupyterlab_batch.client.resources import to_walltime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from jupyterlab_batch.client.generated import JobRow, SignalName
    from jupyterlab_batch.client.transport import Transport

Self = TypeVar("Self", bound="ActingJob")


class ActingJob:
    """The part of a job that gives orders.

    Each raises `BatchError` if the gateway cannot or may not do it (``gateway_refused``, with its
    words), or cannot be asked.
    """

    _transport: Transport

    @property
    def id(self) -> str:
        """Ours, not the batch system's."""
        raise NotImplementedError

    def _take(self, row: JobRow) -> None:
        raise NotImplementedError

    def cancel(
        self: Self, tasks: Sequence[int] | None = None, *, signal: SignalName | None = None
    ) -> Self:
        """End it, if it is not over.

        Parameters
        ----------
        tasks
            Of an array: the indices of those to be ended; None for all of it.
        signal
            Send only this, such as ``"USR1"``; what the job does then is its own matter.
        """
        body = _of_tasks(tasks)
        if signal is not None:
            body["signal"] = signal
        return self._act("cancel", "The gateway did not cancel the job; it goes on.", body)

    def hold(self: Self, tasks: Sequence[int] | None = None) -> Self:
        """Keep it from starting, if it waits; it keeps its place."""
        return self._act("hold", "The gateway did not hold the job.", _of_tasks(tasks))

    def release(self: Self, tasks: Sequence[int] | None = None) -> Self:
        """Let it start again, if it is held."""
        return self._act("release", "The gateway did not release the job.", _of_tasks(tasks))

    def suspend(self: Self, tasks: Sequence[int] | None = None) -> Self:
        """Stop it where it is; it keeps its cores and memory. Many sites let only operators."""
        return self._act("suspend", "The gateway did not suspend the job.", _of_tasks(tasks))

    def resume(self: Self, tasks: Sequence[int] | None = None) -> Self:
        """Let it go on, if it is suspended."""
        return self._act("resume", "The gateway did not resume the job.", _of_tasks(tasks))

    def requeue(self: Self, tasks: Sequence[int] | None = None) -> Self:
        """End it and let it wait and run again, as a new attempt of the same job."""
        return self._act("requeue", "The gateway did not requeue the job.", _of_tasks(tasks))

    def change(
        self: Self,
        *,
        time: str | int | timedelta | None = None,
        nice: int | None = None,
        comment: str | None = None,
        tags: Mapping[str, str] | None = None,
        tasks: Sequence[int] | None = None,
    ) -> Self:
        """Change its terms while it is not over, or its tags, which always can be.

        Parameters
        ----------
        time
            The new time limit in all, as in `Batch.submit`; many sites let only operators give
            more.
        nice
            The greater the later it starts.
        comment
            One line; our own mark stays before it.
        tags
            All of them; those that are not named go.
        tasks
            Of an array: change only these; not for tags.
        """
        terms = {
            "walltime_seconds": None if time is None else to_walltime(time),
            "nice": nice,
            "comment": comment,
            "tags": None if tags is None else dict(tags),
        }
        body = {name: value for name, value in terms.items() if value is not None}
        answer = self._transport.request(
            "PATCH", f"jobs/{self.id}", body={**body, **_of_tasks(tasks)}
        )
        return self._taken(answer.decode(ActionResult), "The gateway did not change the job.")

    def _act(self: Self, verb: str, otherwise: str, body: dict[str, Any] | None = None) -> Self:
        answer = self._transport.request("POST", f"jobs/{self.id}/{verb}", body=body or {})
        return self._taken(answer.decode(ActionResult), otherwise)

    def _taken(self: Self, result: ActionResult, otherwise: str) -> Self:
        self._take(result.row)
        if result.outcome in {"denied", "error"}:
            raise BatchError(result.message or otherwise, code="gateway_refused")
        return self


def _of_tasks(tasks: Sequence[int] | None) -> dict[str, Any]:
    return {} if tasks is None else {"task_indices": list(tasks)}
