"""What slurmrestd answers, read into records: v0.0.38 to v0.0.45.

v0.0.38 gives plain numbers, one word for the state, and a wait status for the end of a job. Later
ones wrap numbers as ``{set, infinite, number}`` and give, from v0.0.40 on, the state as base and
flags and the end as code and signal (slurmdbd's always were).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.gateways.slurm.arraytext import waiting_of
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.endings import NO_EXIT, Exit
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.slurm.tables import memory_of_tres
from jupyterlab_batch.gateways.slurm.transport import moment


def number(value: object) -> int | None:
    """Read a number of any version; infinite, unset and absurd ones are not known."""
    if isinstance(value, Mapping):
        value = value.get("number") if value.get("set") and not value.get("infinite") else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if -MAX_INTEGER <= value <= MAX_INTEGER else None


def text(value: object) -> str | None:
    """Read a text; anything else that stands in its place is not known."""
    return value if isinstance(value, str) else None


def exit_of(value: object) -> Exit:
    """Read how a job ended."""
    if not isinstance(value, Mapping):
        status = number(value)
        return Exit(None, None) if status is None else Exit.of_wait_status(status)
    if "return_code" not in value:
        status = number(value)
        return Exit(None, None) if status is None else Exit.of_wait_status(status)
    told = value.get("signal") or {}
    signal = number(told.get("signal_id", told.get("id")))
    return Exit(None, signal) if signal else Exit(number(value["return_code"]), None)


def queue_record(job: Mapping[str, Any]) -> Record:
    """Read a job of slurmctld."""
    array_id = number(job.get("array_job_id")) or None
    waiting = text(job.get("array_task_string"))
    return Record(
        native_id=str(number(job["job_id"])),
        state=job["job_state"],
        reason=text(job.get("state_reason")),
        comment=text(job.get("comment")),
        folder=text(job.get("current_working_directory")),
        queue=text(job.get("partition")),
        account=text(job.get("account")),
        has_node=bool(job.get("nodes")),
        submitted_at=moment(number(job.get("submit_time"))),
        started_at=moment(number(job.get("start_time"))),
        ended_at=moment(number(job.get("end_time"))),
        exit=exit_of(job.get("exit_code")),
        restarts=number(job.get("restart_cnt")) or 0,
        memory_asked_bytes=memory_of_tres(text(job.get("tres_alloc_str")) or ""),
        array_id=None if array_id is None else str(array_id),
        index=None if array_id is None else number(job.get("array_task_id")),
        waiting=waiting_of(waiting) if waiting else None,
    )


def state_record(job: Mapping[str, Any]) -> Record:
    """Read a job of ``jobs/state`` (v0.0.40), which holds nothing but the state."""
    return Record(
        native_id=str(job["job_id"]),
        state=job["state"],
        reason=None,
        comment=None,
        folder=None,
        queue=None,
        account=None,
        has_node=True,
        submitted_at=None,
        started_at=None,
        ended_at=None,
    )


def one_of_each(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the jobs of ``jobs/state``, of each array one part under the array's own id."""
    found: dict[str, dict[str, Any]] = {}
    for job in body.get("jobs") or []:
        native_id = str(job["job_id"]).partition("_")[0]
        found.setdefault(native_id, {**job, "job_id": native_id})
    return list(found.values())


def history_record(job: Mapping[str, Any]) -> Record:
    """Read a job of slurmdbd."""
    time = job["time"]
    steps = job.get("steps") or []
    killer = job.get("kill_request_user") or None
    array = job.get("array") or {}
    array_id = number(array.get("job_id")) or None
    return Record(
        native_id=str(number(job["job_id"])),
        state=job["state"]["current"],
        reason=text(job["state"].get("reason")),
        comment=text((job.get("comment") or {}).get("job")),
        folder=text(job.get("working_directory")),
        queue=text(job.get("partition")),
        account=text(job.get("account")),
        has_node=job.get("nodes") not in (None, "", "None assigned"),
        submitted_at=moment(number(time.get("submission"))),
        started_at=moment(number(time.get("start"))),
        ended_at=moment(number(time.get("end"))),
        exit=_exit_of_history(job),
        elapsed_seconds=number(time.get("elapsed")),
        cpu_seconds=_cpu_seconds([time, *(step["time"] for step in steps)]),
        memory_peak_bytes=_memory_peak(steps),
        memory_asked_bytes=_memory_asked(job.get("tres") or {}),
        is_cancelled_by_other=killer is not None and killer != job.get("user"),
        is_cancelled_by_nobody=killer is None,
        array_id=None if array_id is None else str(array_id),
        index=None if array_id is None else number(array.get("task_id")),
    )


def _exit_of_history(job: Mapping[str, Any]) -> Exit:
    """Read how it ended; v0.0.39 gives 0 for every code (23.02), also to one that failed."""
    ended = exit_of(job.get("exit_code"))
    has_failed = "FAILED" in job["state"]["current"]
    return NO_EXIT if has_failed and ended == Exit(0, None) else ended


def _cpu_seconds(times: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the greater of the job's own sum and its steps': v0.0.38 leaves the former at 0."""
    totals = [
        (number(time["total"].get("seconds")) or 0)
        + (number(time["total"].get("microseconds")) or 0) / 1e6
        for time in times
        if isinstance(time.get("total"), Mapping)
    ]
    return max(totals[0], sum(totals[1:])) if totals else None


def _memory_peak(steps: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the greatest peak of a step in bytes; it stands under *requested*, oddly."""
    peaks = [
        count
        for step in steps
        for resource in ((step.get("tres") or {}).get("requested") or {}).get("max") or []
        if resource.get("type") == "mem" and (count := number(resource.get("count")))
    ]
    return max(peaks, default=None)


def _memory_asked(tres: Mapping[str, Any]) -> int | None:
    for resource in tres.get("requested") or []:
        if resource.get("type") == "mem":
            mebibytes = number(resource.get("count"))
            return None if mebibytes is None else mebibytes * MEBIBYTE
    return None
