"""One job, as the user holds it in a variable."""

from __future__ import annotations

import dataclasses
import math
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.acting import ActingJob
from jupyterlab_batch.client.asking import AskingJob
from jupyterlab_batch.client.card import (
    FINAL_PHASES,
    MIME_TYPE,
    card_html,
    card_text,
    phase_word,
    plain,
    where,
)
from jupyterlab_batch.client.decode import encode
from jupyterlab_batch.client.errors import BatchError, WaitInterrupted
from jupyterlab_batch.client.generated import Job, JobRow, Output
from jupyterlab_batch.client.sending import new_key, send_once
from jupyterlab_batch.client.submission import to_patch
from jupyterlab_batch.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from jupyterlab_batch.client.generated import Phase, ReasonCode

_PASSING = frozenset({"server_unreachable", "answer_lost", "store_unavailable"})
_PATIENCE_SECONDS = 60.0
_FRESH_SECONDS = 1.0


class BatchJob(ActingJob, AskingJob):
    """One job; the same as its row in the panel.

    What the attributes say is as fresh as the last `refresh`.

    Attributes
    ----------
    as_of
        When that was, in UTC.
    """

    def __init__(self, transport: Transport, row: JobRow) -> None:
        self._transport = transport
        self._take(row)

    @property
    def id(self) -> str:
        """The id of the job, the same in panel, client and run directory."""
        return self._row.id

    @property
    def name(self) -> str:
        """The name that it was given."""
        return self._row.name

    @property
    def phase(self) -> Phase:
        """The IVOA UWS phase: QUEUED, EXECUTING, COMPLETED, ERROR, ABORTED, ..."""
        return self._row.phase

    @property
    def reason(self) -> ReasonCode | None:
        """Why it is where it is: a code to decide by; `reason_text` is the sentence."""
        return self._row.reason

    @property
    def reason_text(self) -> str | None:
        """Why it is where it is, such as ``ValueError: no data in cell 7``."""
        return self._row.reason_text

    @property
    def row(self) -> JobRow:
        """All that lists show of it."""
        return self._row

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self._row.phase in FINAL_PHASES

    @property
    def detail(self) -> Job:
        """All that is known of it, asked afresh unless it is over."""
        if not (isinstance(self._row, Job) and self.is_final):
            self.refresh()
        if not isinstance(self._row, Job):
            message = "What answered is not the batch extension; the job is unharmed."
            raise BatchError(message, code="not_understood")
        return self._row

    @property
    def outputs(self) -> list[Output]:
        """The files it leaves, with their paths; a size of None means not there yet."""
        return self.detail.outputs

    def refresh(self, *, deadline_seconds: float = 30.0) -> BatchJob:
        """Ask how it is now.

        Raises
        ------
        BatchError
            The server cannot be asked, or knows no such job.
        """
        answer = self._transport.request(
            "GET", f"jobs/{self.id}", deadline_seconds=deadline_seconds
        )
        self._take(answer.decode(Job))
        return self

    def wait(self, timeout: float | None = None, poll: float = 1.0) -> BatchJob:
        """Wait until it is over, however it ended: look at `phase` and `reason`.

        Parameters
        ----------
        timeout
            Seconds; None to wait for ever.
        poll
            Seconds between two looks.

        Raises
        ------
        TimeoutError
            It is not over yet, and goes on.
        KeyboardInterrupt
            The user stopped waiting; the job goes on.
        BatchError
            The server has not answered for a minute, or knows no such job.
        """
        end = None if timeout is None else time.monotonic() + timeout
        try:
            while True:
                self._refresh_patiently(poll, end)
                if self.is_final:
                    return self
                left = math.inf if end is None else end - time.monotonic()
                if left <= 0:
                    message = f"{self._headline()}. Not over after {timeout} s; it goes on."
                    raise TimeoutError(message)
                time.sleep(min(poll, left))
        except KeyboardInterrupt:
            message = f"Stopped waiting. The job goes on: {self._headline()}."
            raise WaitInterrupted(message) from None

    def resubmit(  # noqa: PLR0913 -- as `Batch.submit`, all by name
        self,
        *,
        name: str | None = None,
        cores: int | None = None,
        memory: str | None = None,
        time: str | int | timedelta | None = None,
        queue: str | None = None,
        account: str | None = None,
        tasks: Sequence[int] | None = None,
        anyway: bool = False,
        key: str | None = None,
    ) -> BatchJob:
        """Run the same once more, if it is over: the copy in its run directory, not the original.

        Parameters
        ----------
        name, cores, memory, time, queue, account
            What is to be different, as in `Batch.submit`.
        tasks
            Of an array: run just these again; their indices and parameters stay.
        anyway
            Submit although there are warnings; one says that the copy was deleted.
        key
            Of an earlier try whose outcome is not known (`BatchError.key`).

        Returns
        -------
        The new job; its ``detail.resubmitted_from`` is the id of this one.

        Raises
        ------
        BatchError
            As `Batch.submit`; ``not_final`` if it is not over.
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
        path, body = f"jobs/{self.id}/resubmit", {"patch": patch}
        sent = send_once(self._transport, path, body, key=key or new_key(), anyway=anyway)
        return BatchJob(self._transport, sent)

    def declare_lost(self) -> BatchJob:
        """Say that it does not exist, if it is unknown and nobody can find it.

        Its key is free then. Should it turn up after all, it ends without running.

        Raises
        ------
        BatchError
            It is known, or it has started after all.
        """
        return self._act("declare-lost", "The job was not given up.")

    def forget(self) -> None:
        """Take it off the list, if it is over; its run directory stays.

        Raises
        ------
        BatchError
            It is not over (``not_final``), or was forgotten before (``unknown_job``).
        """
        self._transport.request("DELETE", f"jobs/{self.id}")

    def __repr__(self) -> str:
        return f"<BatchJob {self.id} {self._headline()}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the live card, with a still picture and a text for where it cannot live."""
        self._refresh_quietly()
        names = {field.name for field in dataclasses.fields(JobRow)}
        row = {name: value for name, value in encode(self._row).items() if name in names}
        return {
            MIME_TYPE: {"version": 1, "job_id": self.id, "row": row},
            "text/html": card_html(self._row, self.as_of),
            "text/plain": card_text(self._row, self.as_of),
        }

    def _headline(self) -> str:
        return f"{plain(self.name)}: {phase_word(self._row)} on {where(self._row)}"

    def _take(self, row: JobRow) -> None:
        self._row = row
        self.as_of = datetime.now(timezone.utc)

    def _refresh_patiently(self, poll: float, end: float | None) -> None:
        """Refresh over a restart of the server, which costs the job nothing."""
        patience_end = time.monotonic() + _PATIENCE_SECONDS
        end = patience_end if end is None else min(end, patience_end)
        while True:
            try:
                self.refresh()
            except BatchError as error:
                if error.code not in _PASSING or time.monotonic() >= end:
                    raise
                time.sleep(poll)
            else:
                return

    def _refresh_quietly(self) -> None:
        """Refresh what is about to be shown; an old picture is better than none."""
        age = datetime.now(timezone.utc) - self.as_of
        if self.is_final or age.total_seconds() < _FRESH_SECONDS:
            return
        try:
            self.refresh(deadline_seconds=2.0)
        except BatchError:
            return  # the card says of when it is
