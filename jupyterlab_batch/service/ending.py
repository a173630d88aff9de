"""How a run ended, by what its batch system and its run directory say. Pure functions.

What decides: the scheduler's kill reason, before a non-zero exit code or signal, before the outcome
that our runner wrote, before exit 0.
"""

from __future__ import annotations

import signal as signals
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.engine.status import Outcome, RunStatus
from jupyterlab_batch.gateways.observation import Observation

Changes = Mapping[str, Any]

KILLS: Final[frozenset[ReasonCode]] = frozenset(
    {"walltime", "memory", "node", "preempted", "cancelled_by_user", "cancelled_by_admin"}
)
_SIGNALS: Final = frozenset(map(int, signals.Signals))
_STARTED_AGAIN: Final = (
    "The batch system forgot that it had started this job, and started it again. It was not run a "
    "second time. Nothing says how the first run ended: look at its log and its outputs."
)


def ending(seen: Observation, status: RunStatus | None, now: datetime) -> Changes:
    """Return how a run ended of which its batch system says that it is over."""
    if _is_end_of_another_run(seen, status):
        unknown = ended("UNKNOWN", "lost", _STARTED_AGAIN)
        return {**unknown, "exit_code": None, "signal": None, "ended_at": None}
    exit_code = seen.exit_code
    if exit_code is None and status is not None and seen.signal is None:
        exit_code = status.exit_code
    ended_at = seen.ended_at or (status.ended_at if status is not None else None) or now
    outcome = status.outcome if status is not None else None
    changes = _verdict(seen, exit_code, outcome, status)
    return {**changes, "exit_code": exit_code, "signal": seen.signal, "ended_at": ended_at}


def _is_end_of_another_run(seen: Observation, status: RunStatus | None) -> bool:
    """Tell whether what ended is only the wrapper that refused to run a job twice."""
    if status is None or not status.was_started_again or status.ended_at is not None:
        return False
    return seen.reason == "exit_nonzero"


def _verdict(
    seen: Observation, exit_code: int | None, outcome: Outcome | None, status: RunStatus | None
) -> dict[str, Any]:
    if seen.phase in {"ABORTED", "ARCHIVED"} or seen.reason in KILLS:
        return ended(seen.phase, seen.reason, seen.reason_text)
    told = _outcome(outcome)
    if seen.phase == "ERROR" or exit_code or seen.signal:
        if told is not None and seen.signal is None and seen.reason in {None, "exit_nonzero"}:
            return told
        reason, text = _failure(seen, exit_code)
        return ended("ERROR", reason, text)
    if told is not None:
        return told
    if status is not None and status.exit_code:
        return ended("ERROR", "exit_nonzero", f"It ended with exit code {status.exit_code}.")
    return ended("COMPLETED", seen.reason, seen.reason_text)


def _failure(seen: Observation, exit_code: int | None) -> tuple[ReasonCode, str | None]:
    if seen.reason is not None:
        return seen.reason, seen.reason_text
    if seen.signal:
        return "signal", f"It was ended by signal {seen.signal}."
    if exit_code:
        return "exit_nonzero", f"It ended with exit code {exit_code}."
    return "other", seen.reason_text or "The batch system says that it failed."


def signal_of(exit_code: int | None) -> int | None:
    """Return what ended a job: our wrapper is a shell, and says signal n as 128 + n."""
    return exit_code - 128 if exit_code is not None and exit_code - 128 in _SIGNALS else None


def _outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    """Return how the notebook failed, if its runner says so."""
    if outcome is None or outcome.kind not in {"cell_error", "launch_failed"}:
        return None
    error = ": ".join(part for part in (outcome.ename, outcome.evalue) if part)
    if outcome.kind == "launch_failed":
        return ended("ERROR", "launch_failed", error or "The notebook could not be started.")
    where = f" in cell {outcome.cell}" if outcome.cell is not None else ""
    return ended("ERROR", "cell_error", f"{error or 'An error'}{where}")


def ended(
    phase: str, reason: ReasonCode | None, text: str | None, **more: object
) -> dict[str, Any]:
    """Return a phase in which a job does nothing more, and why."""
    return {"phase": phase, "reason": reason, "reason_text": text, "substate": None, **more}
