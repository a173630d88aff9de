"""One Dask cluster, as the user holds it in a variable."""

from __future__ import annotations

import math
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.connecting import connect
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Cluster, ClusterActionResult, ClusterClient
from jupyterlab_batch.client.quantities import format_duration, format_memory

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import ClusterPhase, ClusterReason
    from jupyterlab_batch.client.transport import Transport

OVER = frozenset({"COMPLETED", "ERROR", "ABORTED"})
_WORDS = {
    "PENDING": "Submitting",
    "QUEUED": "Waiting",
    "EXECUTING": "Running",
    "COMPLETED": "Stopped",
    "ABORTED": "Stopped",
    "ERROR": "Failed",
    "UNKNOWN": "Unknown",
}
_SUBSTATES = {"starting": "Starting", "stopping": "Stopping"}


class BatchCluster:
    """One cluster; the same as in the panel.

    What the attributes say is as fresh as the last `refresh`.

    Attributes
    ----------
    note
        How the number of workers that was accepted last differs from what was asked for, or "".
    """

    def __init__(self, transport: Transport, row: Cluster) -> None:
        self._transport = transport
        self._row = row

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

    def refresh(self) -> BatchCluster:
        """Ask how it is now.

        Raises
        ------
        BatchError
            The server cannot be asked, or knows no such cluster.
        """
        self._row = self._transport.request("GET", f"clusters/{self.id}").decode(Cluster)
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
        self._row = result.cluster
        if result.outcome in {"denied", "error"}:
            message = result.message or "The gateway did not do it; the cluster goes on."
            raise BatchError(message, code="gateway_refused")
        if result.outcome == "already_final" and verb != "stop":
            raise BatchError(f"{self._headline()}. Nothing was done.", code="not_running")
        return self

    def __repr__(self) -> str:
        return f"<BatchCluster {self.id} {self._headline()}>"

    def _headline(self) -> str:
        head = f"{plain(self.name)}: {state_of(self._row)} on {plain(self._row.gateway_id)}"
        return ". ".join(part for part in (head, plain(self.reason_text or "").rstrip(".")) if part)


def state_of(row: Cluster) -> str:
    """Return what people call the state of a cluster."""
    return _SUBSTATES.get(row.substate or "") or _WORDS.get(row.phase, row.phase)


def workers_of(row: Cluster) -> str:
    """Return the workers as ``2 of 3`` or ``2 of 0 to 4``."""
    told = row.workers
    ready = "?" if told.ready is None else str(told.ready)
    if told.adaptive:
        return f"{ready} of {told.minimum} to {told.maximum}"
    return f"{ready} of {told.wanted}"


def memory_of(row: Cluster) -> str:
    """Return the memory as ``185 MB of 2 GB``, or "" if it is not known."""
    if row.memory_used_bytes is None or not row.memory_bytes:
        return ""
    return f"{format_memory(row.memory_used_bytes)} of {format_memory(row.memory_bytes)}"


def remark_of(row: Cluster) -> str:
    """Return why it is where it is, how old that is, or when it stops by itself."""
    now = datetime.now(timezone.utc)
    if row.reason_text:
        return plain(row.reason_text)
    if row.stale_since is not None:
        return f"not heard of for {format_duration((now - row.stale_since).total_seconds())}"
    if row.idle_stop_at is not None:
        rest = format_duration((row.idle_stop_at - now).total_seconds())
        return f"idle, stops in {rest}"
    return plain(row.workers.note or "")
