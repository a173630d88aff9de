"""How a run ended, by what its batch system and its run directory say. Pure functions.

What decides: the scheduler's kill reason, before a non-zero exit code or signal, before the outcome
that our runner wrote, before exit 0. But a run that ended by itself, and long before it was killed,
was not: nothing was left to be killed.
"""

from __future__ import annotations

import signal as signals
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import ReasonCode
from jupyterlab_batch.engine.status import Outcome, RunStatus
from jupyterlab_batch.gateways.observation import Observation

Changes = Mapping[str, Any]

KILLS: Final[frozenset[ReasonCode]] = frozenset(
    {"walltime", "memory", "node", "preempted", "cancelled_by_user", "cancelled_by_admin"}
)
ENDS_WITH: Final = frozenset({int(signals.SIGTERM), int(signals.SIGKILL)})
"""What a batch system ends a job with."""
_UNNOTICED: Final = timedelta(minutes=1)
"""So long after its end a run is not killed any more, however slow the batch system is."""
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
    if status is not None and _ended_unnoticed(seen, status):
        return _as_recorded(seen, status, now)
    exit_code = seen.exit_code
    if exit_code is None and status is not None and seen.signal is None:
        exit_code = status.exit_code
    ended_at = seen.ended_at or (status.ended_at if status is not None else None) or now
    outcome = status.outcome if status is not None else None
    changes = _verdict(seen, exit_code, outcome, status)
    return {**changes, "exit_code": exit_code, "signal": seen.signal, "ended_at": ended_at}


def unnoticed(status: RunStatus, now: datetime) -> dict[str, Any]:
    """Return what to say of a run that ended, and that its batch system still calls running."""
    if status.ended_at is None or now - status.ended_at <= _UNNOTICED:
        return {}
    text = (
        f"Its program has ended{_with_code(status.exit_code)}, but the batch system has not "
        "noticed that and still counts it as running, until its time limit at the latest. Its log "
        "and its outputs are complete. Cancel it to free what it holds; how it ended stays known."
    )
    return {"reason": None, "reason_text": text}


def was_killed_too_late(
    seen: Observation, started_at: datetime | None, ended_at: datetime | None, exit_code: int | None
) -> bool:
    """Tell whether a batch system says that it killed a run that had long ended by itself.

    A slurmctld that dies between hearing of an end and saving that counts the job until its time
    limit, and then says TIMEOUT (seen with 22.05). The clocks of node and scheduler may differ, so
    not only when it ended must lie clearly before, the run must also have been clearly shorter.
    """
    if seen.reason not in KILLS or signal_of(exit_code) in ENDS_WITH:
        return False
    if exit_code is None or ended_at is None or seen.ended_at is None:
        return False
    if started_at is None or seen.started_at is None:
        return False
    too_long = (seen.ended_at - seen.started_at) - (ended_at - started_at)
    return min(seen.ended_at - ended_at, too_long) > _UNNOTICED


def _ended_unnoticed(seen: Observation, status: RunStatus) -> bool:
    return was_killed_too_late(seen, status.started_at, status.ended_at, status.exit_code)


def _as_recorded(seen: Observation, status: RunStatus, now: datetime) -> Changes:
    """Return how a run ended by its own record, and what the batch system made of that."""
    recorded = replace(
        seen,
        phase="ERROR" if status.exit_code else "COMPLETED",
        reason=None,
        reason_text=None,
        ended_at=status.ended_at,
        exit_code=status.exit_code,
        signal=signal_of(status.exit_code),
    )
    changes = ending(recorded, status, now)
    called = f" and calls it {seen.native_state}" if seen.native_state else ""
    text = f"The batch system did not notice its end: it counted it as running for longer{called}."
    before = changes["reason_text"]
    changes = {**changes, "reason_text": f"{before.rstrip('.')}. {text}" if before else text}
    if status.ended_at is None:
        return changes
    return {**changes, "elapsed_seconds": (status.ended_at - status.started_at).total_seconds()}


def _with_code(exit_code: int | None) -> str:
    return "" if exit_code is None else f" with exit code {exit_code}"


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
