"""One Dask cluster, as the user holds it in a variable."""

from __future__ import annotations

import contextlib
import math
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.clustercard import OVER, bundle_of, head_of
from jupyterlab_batch.client.connecting import connect
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Cluster, ClusterActionResult, ClusterClient

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import ClusterPhase, ClusterReason
    from jupyterlab_batch.client.transport import Transport

_FRESH_SECONDS = 1.0


class BatchCluster:
    """One cluster; the same as in the panel.

    What the attributes say is as fresh as the last `refresh`.

    Attributes
    ----------
    note
        How the number of workers that was accepted last differs from what was asked for, or "".
    as_of
        When that was, in UTC.
    """

    def __init__(self, transport: Transport, row: Cluster) -> None:
        self._transport = transport
        self._take(row)

    @property
    def id(self) -> str:
        """The id of the cluster."""
        return self._row.id

    @property
    def name(self) -> str:
        """The name that it was given."""
        return self._row.name

    @property
    def phase(self) -> ClusterPhase:
        """QUEUED, EXECUTING, COMPLETED, ERROR, ABORTED, ..."""
        return self._row.phase

    @property
    def reason(self) -> ClusterReason | None:
        """Why it is where it is: a code to decide by; `reason_text` is the sentence."""
        return self._row.reason

    @property
    def reason_text(self) -> str | None:
        """Why it is where it is, such as ``Waiting for 2 free cores.``."""
        return self._row.reason_text

    @property
    def row(self) -> Cluster:
        """All that is known of it."""
        return self._row

    @property
    def note(self) -> str:
        """How what was accepted differs from what was asked for, or ""."""
        return self._row.workers.note or ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self._row.phase in OVER

    @property
    def is_running(self) -> bool:
        """Whether a client can connect."""
        return self.phase == "EXECUTING" and self._row.started_at is not None

    def refresh(self, *, deadline_seconds: float = 30.0) -> BatchCluster:
        """Ask how it is now.

        Parameters
        ----------
        deadline_seconds
            Give up after so long, instead of after the time that a request usually has.

        Raises
        ------
        BatchError
            The server cannot be asked, or knows no such cluster.
        """
        path = f"clusters/{self.id}"
        answer = self._transport.request("GET", path, deadline_seconds=deadline_seconds)
        self._take(answer.decode(Cluster))
        return self

    def wait(
        self, workers: int | None = None, *, timeout: float | None = None, poll: float = 0.5
    ) -> BatchCluster:
        """Wait until a client can connect and so many workers are there.

        Parameters
        ----------
        workers
            By default all that are wanted; of one that adapts, its least.
        timeout
            Seconds; None to wait for ever.
        poll
            Seconds between two looks.

        Raises
        ------
        TimeoutError
            They are not there yet; it goes on.
        BatchError
            It is over (``not_running``), with the reason.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            self.refresh()
            if self.is_over:
                raise BatchError(self._headline(), code="not_running")
            told = self._row.workers
            wanted = told.minimum if told.adaptive else told.wanted
            if self.is_running and (told.ready or 0) >= (
                wanted or 0 if workers is None else workers
            ):
                return self
            if time.monotonic() >= end:
                message = f"{self._headline()}. Not ready after {timeout} s; it goes on."
                raise TimeoutError(message)
            time.sleep(poll)

    def scale(self, count: int) -> BatchCluster:
        """Have so many workers from now on; that ends adapting. See `note` for what came of it."""
        return self._act("scale", {"count": count})

    def adapt(self, minimum: int, maximum: int) -> BatchCluster:
        """Have as many workers as the work needs from now on, between two numbers."""
        return self._act("adapt", {"minimum": minimum, "maximum": maximum})

    def stop(self) -> BatchCluster:
        """End it, with all results that are only in its memory; one that is over stays so."""
        return self._act("stop", {})

    def client(self) -> Any:  # noqa: ANN401 -- a class of dask, which need not be installed
        """Return a ``distributed.Client`` of it; waits until it is running.

        The versions of python, dask, distributed, cloudpickle and numpy on both sides are compared
        first: a warning says which differ and what to do.

        Raises
        ------
        BatchError
            It is over (``not_running``), or this kernel has no dask (``dask_not_installed``).
        """
        self.wait(workers=0)
        answer = self._transport.request("GET", f"clusters/{self.id}/client")
        return connect(answer.decode(ClusterClient))

    def code(self) -> str:
        """Return the text of a cell that connects any notebook of yours."""
        answer = self._transport.request("GET", f"clusters/{self.id}/client")
        return answer.decode(ClusterClient).code

    def forget(self) -> None:
        """Take it off the list, if it is over.

        Raises
        ------
        BatchError
            It is not over (``not_final``), or was forgotten before (``unknown_cluster``).
        """
        self._transport.request("DELETE", f"clusters/{self.id}")

    def _act(self, verb: str, body: dict[str, int]) -> BatchCluster:
        answer = self._transport.request("POST", f"clusters/{self.id}/{verb}", body=body)
        result = answer.decode(ClusterActionResult)
        self._take(result.cluster)
        if result.outcome in {"denied", "error"}:
            message = result.message or "The gateway did not do it; the cluster goes on."
            raise BatchError(message, code="gateway_refused")
        if result.outcome == "already_final" and verb != "stop":
            raise BatchError(f"{self._headline()}. Nothing was done.", code="not_running")
        return self

    def __repr__(self) -> str:
        return f"<BatchCluster {self.id} {self._headline()}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the live card, with a still picture and a text for where it cannot live."""
        age = datetime.now(timezone.utc) - self.as_of
        if not self.is_over and age.total_seconds() >= _FRESH_SECONDS:
            with contextlib.suppress(BatchError):  # the card says of when it is
                self.refresh(deadline_seconds=2.0)
        return bundle_of(self._row, self.as_of)

    def _take(self, row: Cluster) -> None:
        self._row = row
        self.as_of = datetime.now(timezone.utc)

    def _headline(self) -> str:
        parts = (head_of(self._row), plain(self.reason_text or "").rstrip("."))
        return ". ".join(part for part in parts if part)
