"""One job as Slurm shows it, by whichever way, as an observation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from jupyterlab_batch.domain.identifiers import TAG_PREFIX
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.harvest import explained
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.slurm.endings import NO_EXIT, Exit, why_ended
from jupyterlab_batch.gateways.slurm.states import Why, phase_of, split_state
from jupyterlab_batch.gateways.slurm.waiting import why_waiting
from jupyterlab_batch.gateways.waiting import Waiting


def tag_of(comment: str | None) -> str | None:
    """Return our tag, which a user's own comment may follow; else the whole of a comment."""
    if comment and comment.startswith(TAG_PREFIX):
        return comment.split(maxsplit=1)[0]
    return comment or None


def name_of(folder: str | None) -> str | None:
    """Return the last part of a path.

    The history holds paths with other characters in place of quotes and of what is not Latin-1
    (seen with 22.05); the name of a run directory has neither.
    """
    return (folder or "").rstrip("/").rpartition("/")[2] or None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What Slurm tells of one job, with its own words for state and reason."""

    native_id: str
    state: str | Sequence[str]
    reason: str | None
    comment: str | None
    folder: str | None
    queue: str | None
    account: str | None
    has_node: bool
    submitted_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    exit: Exit = NO_EXIT
    restarts: int = 0
    elapsed_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_peak_bytes: int | None = None
    memory_asked_bytes: int | None = None
    is_cancelled_by_other: bool = False
    is_cancelled_by_nobody: bool = False
    array_id: str | None = None
    """Of the array that it is a part of."""
    index: int | None = None
    """Of the one task of an array that it is."""
    waiting: Waiting | None = None
    """The tasks of an array that it stands for together."""

    def observation(self) -> Observation:
        """Return the record in our words.

        The start of a job that has no node yet is Slurm's guess, and that of a job that never got
        one is the time of its end: that is not taken. Nor is the exit status of such a job.
        """
        phase, substate = phase_of(self.state, self.reason)
        is_over = is_final(phase)
        why = self._why_ended() if is_over else self._why_waiting(phase)
        if is_over and why is not None and why.code == "dependency":
            phase = "ERROR"  # it was Slurm that cancelled it
        if is_over and why is not None and why.code == "lost":
            phase, is_over = "UNKNOWN", False  # nobody did, it may even go on
        has_run = self.has_node and phase not in ("QUEUED", "HELD")
        has_exit = is_over and has_run
        seen = Observation(
            native_id=self._shown_id,
            index=self.index,
            phase=phase,
            tag=tag_of(self.comment),
            directory_name=name_of(self.folder),
            substate=substate,
            reason=why.code if why else None,
            reason_text=why.text if why else None,
            native_state=self._native_state(),
            queue=self.queue or None,
            account=self.account or None,
            submitted_at=self.submitted_at,
            estimated_start_at=self.started_at if phase == "QUEUED" else None,
            started_at=self.started_at if has_run else None,
            ended_at=self.ended_at if is_over else None,
            exit_code=self._exit.code if has_exit else None,
            signal=self._exit.signal if has_exit else None,
            attempt=self.restarts + 1,
            elapsed_seconds=self.elapsed_seconds if has_exit else None,
            cpu_seconds=self.cpu_seconds if has_exit else None,
            memory_peak_bytes=self.memory_peak_bytes if has_exit else None,
            memory_asked_bytes=self.memory_asked_bytes,
        )
        return explained(seen)

    @property
    def _shown_id(self) -> str:
        """Its id as Slurm shows it; a task of an array has one of its own besides."""
        if self.array_id is None:
            return self.native_id
        return self.array_id if self.index is None else f"{self.array_id}_{self.index}"

    @property
    def _exit(self) -> Exit:
        """How it ended: the history of v0.0.38 gives 0 for every failure that was no signal."""
        base, _ = split_state(self.state)
        return NO_EXIT if base == "FAILED" and self.exit == Exit(0, None) else self.exit

    def _native_state(self) -> str:
        words = self.state if isinstance(self.state, str) else " ".join(self.state)
        return f"{words} ({self.reason})" if self.reason not in (None, "", "None") else words

    def _why_waiting(self, phase: str) -> Why | None:
        return why_waiting(self.reason) if phase in ("QUEUED", "HELD") else None

    def _why_ended(self) -> Why | None:
        base, _ = split_state(self.state)
        return why_ended(
            base,
            self.reason,
            self._exit,
            has_run=self.has_node,
            is_by_other=self.is_cancelled_by_other,
            is_by_nobody=self.is_cancelled_by_nobody,
        )
