"""What the tasks of an array add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.gateways.observation import Observation


def sum_of_tasks(
    native_id: str,
    tasks: Sequence[Observation],
    *,
    rest: Observation | None = None,
    size: int | None = None,
) -> Observation:
    """Return what is true of an array.

    Parameters
    ----------
    tasks
        At least one, all that are known.
    rest
        What is true of all others: they wait, or they never started.
    size
        How many there are, if more than are known.
    """
    known = (*tasks, rest) if rest is not None else tuple(tasks)
    whole = Observation(
        native_id=native_id,
        phase="EXECUTING",
        tag=known[-1].tag,
        queue=known[-1].queue,
        account=known[-1].account,
        submitted_at=_first(one.submitted_at for one in known),
        started_at=_first(one.started_at for one in tasks),
        native_state=", ".join(sorted({one.native_state for one in known if one.native_state})),
        tasks=tuple(tasks),
    )
    going = [one for one in known if not is_final(one.phase)]
    if not going:
        return replace(whole, **_end(tasks, rest, len(known) if size is None else size))
    has_begun = any(one.phase not in ("QUEUED", "HELD") for one in known)
    return replace(whole, **_now(going, has_begun=has_begun))


def _now(going: Sequence[Observation], *, has_begun: bool) -> dict[str, Any]:
    phases: set[Phase] = {one.phase for one in going}
    if has_begun:
        return {"phase": "SUSPENDED" if phases == {"SUSPENDED"} else "EXECUTING"}
    waits = next((one for one in going if one.phase == "QUEUED"), going[-1])
    return {"phase": waits.phase, "reason": waits.reason, "reason_text": waits.reason_text}


def _end(tasks: Sequence[Observation], rest: Observation | None, size: int) -> dict[str, Any]:
    count = Counter(one.phase for one in tasks)
    if rest is not None:
        count[rest.phase] += size - len(tasks)
    ends = [one for one in (*tasks, rest) if one is not None]
    told: dict[str, Any] = {
        "ended_at": max((one.ended_at for one in ends if one.ended_at), default=None)
    }
    if count["ERROR"]:
        text = f"{count['ERROR']:,} of {size:,} tasks failed."
        return {**told, "phase": "ERROR", "reason": "tasks_failed", "reason_text": text}
    if count["COMPLETED"] == count.total():
        return {**told, "phase": "COMPLETED"}
    why = next(one.reason for one in reversed(ends) if one.phase != "COMPLETED")
    text = f"Cancelled; {count['COMPLETED']:,} of {size:,} tasks completed."
    return {**told, "phase": "ABORTED", "reason": why, "reason_text": text}


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
