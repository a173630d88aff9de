"""How a Slurm job ended, and why."""

from __future__ import annotations

import signal as signals
from typing import Final

import msgspec

from jupyterlab_batch.gateways.harvest import OVER_MEMORY
from jupyterlab_batch.gateways.slurm.states import Why

KILLED: Final[dict[str, Why]] = {
    "TIMEOUT": Why("walltime", "The job reached its time limit and was ended. Ask for more time."),
    "DEADLINE": Why("walltime", "The job could not end before its deadline and was ended."),
    "OUT_OF_MEMORY": Why("memory", OVER_MEMORY),
    "NODE_FAIL": Why("node", "The node on which the job ran failed. Submit the job again."),
    "BOOT_FAIL": Why("node", "The node for the job did not start. Submit the job again."),
    "PREEMPTED": Why("preempted", "A job of higher priority took its place. Submit it again."),
    "REVOKED": Why("other", "Another cluster of the federation took the job."),
    "LAUNCH_FAILED": Why("launch_failed", "The node could not start the job."),
    "RECONFIG_FAIL": Why("launch_failed", "The node could not be set up for the job."),
}


_IN_VAIN: Final = Why("dependency", "A job that it waited for did not end as it had to.")
_BY_OTHER: Final = Why("cancelled_by_admin", "The job was cancelled by somebody else.")
_BY_NOBODY: Final = Why(
    "lost",
    "Slurm was started without its memory while this job ran, and does not know what became of it. "
    "Look at its log and its outputs.",
)
_BY_USER: Final = Why("cancelled_by_user", "You cancelled the job.")
_NOT_STARTED: Final = Why(
    "launch_failed",
    "The node could not start the job: most often it does not see the run directory, or may not "
    "write there.",
)
_LOG_NOT_OPENED: Final = 53
"""What Slurm shows as the signal of a job whose log the node could not open (seen with 22.05)."""
_SIGNALS: Final = frozenset(map(int, signals.Signals))


class Exit(msgspec.Struct, frozen=True):
    """How a process ended: ``code`` by itself, or ``signal`` by one.

    Our wrapper is a shell: it says with 128 + n that what it ran was ended by signal n.
    """

    code: int | None
    signal: int | None

    def __post_init__(self) -> None:
        if self.signal is None and self.code is not None and self.code - 128 in _SIGNALS:
            msgspec.structs.force_setattr(self, "signal", self.code - 128)

    @classmethod
    def of_wait_status(cls, status: int) -> Exit:
        """Decode what ``wait`` returns, as v0.0.38 and squeue show it: exit 3 is 768."""
        number = status & 0x7F
        return cls(None, number) if number else cls(status >> 8, None)

    @classmethod
    def of_pair(cls, pair: str) -> Exit:
        """Decode ``code:signal`` as sacct shows it; squeue's bare wait status is taken too."""
        code, colon, number = pair.partition(":")
        if not colon:
            return cls.of_wait_status(int(code)) if code.isdigit() else cls(None, None)
        if number.isdigit() and int(number):
            return cls(None, int(number))
        return cls(int(code) if code.isdigit() else None, None)


NO_EXIT: Final = Exit(None, None)


def why_ended(
    base: str,
    slurm_reason: str | None,
    ended: Exit,
    *,
    has_run: bool,
    is_by_other: bool = False,
    is_by_nobody: bool = False,
) -> Why | None:
    """Say why a job ended as it did; ``None`` if it simply completed.

    Parameters
    ----------
    base
        Slurm's base state.
    has_run
        A node was given to it.
    is_by_other
        Somebody else cancelled it.
    is_by_nobody
        The history names nobody who cancelled it: slurmctld itself did.
    """
    if base == "COMPLETED":
        return None
    if base == "CANCELLED":
        return _why_cancelled(
            slurm_reason, has_run=has_run, is_by_other=is_by_other, is_by_nobody=is_by_nobody
        )
    if base in KILLED:
        return KILLED[base]
    if base == "FAILED":
        return _why_failed(slurm_reason, ended, has_run=has_run)
    return Why("other", slurm_reason or base)


def _why_cancelled(
    slurm_reason: str | None, *, has_run: bool, is_by_other: bool, is_by_nobody: bool
) -> Why:
    if slurm_reason == "DependencyNeverSatisfied" or (is_by_nobody and not has_run):
        return _IN_VAIN
    if is_by_nobody:
        # A slurmctld that knows no job makes slurmdbd close all that were open so (22.05).
        return _BY_NOBODY
    return _BY_OTHER if is_by_other else _BY_USER


def _why_failed(slurm_reason: str | None, ended: Exit, *, has_run: bool) -> Why:
    if not has_run:
        return Why("launch_failed", f"Slurm gave the job up before it ran ({slurm_reason}).")
    is_told = ended.signal is None and slurm_reason == "JobLaunchFailure"
    if is_told or ended.signal == _LOG_NOT_OPENED:
        return _NOT_STARTED
    if ended.signal is not None:
        return Why("signal", f"The job was ended by {signal_name(ended.signal)}. Look at its log.")
    if ended.code is None:
        return Why("exit_nonzero", "The job failed; Slurm does not say how. Look at its log.")
    return Why("exit_nonzero", f"The job ended with exit code {ended.code}. Look at its log.")


def signal_name(number: int) -> str:
    """Return a name like ``SIGSEGV``, or the number where there is none."""
    try:
        return signals.Signals(number).name
    except ValueError:
        return f"signal {number}"
