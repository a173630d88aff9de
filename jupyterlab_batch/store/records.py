"""One job as the store keeps it: the columns of the table ``jobs``, typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Literal, TypeAlias

import msgspec

from jupyterlab_batch.domain.asked import likeness_of, tag_line, tags_of
from jupyterlab_batch.domain.generated import (
    JobGroup,
    JobRow,
    JobSpec,
    Phase,
    Progress,
    ReasonCode,
    TaskCounts,
)
from jupyterlab_batch.domain.phases import group_of

Substate: TypeAlias = Literal["starting", "finishing", "cancelling"]


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """All that we keep of one job; see the contract for what the fields of a `Job` mean."""

    id: str
    key: str
    tag: str
    nonce: str
    """Proves that a status file was written by our wrapper for this very run."""
    gateway_id: str
    native_id: str | None = None
    name: str
    phase: Phase
    substate: Substate | None = None
    reason: ReasonCode | None = None
    reason_text: str | None = None
    created_at: datetime
    submitted_at: datetime | None = None
    estimated_start_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    queue: str | None = None
    cores: int
    memory_bytes: int
    memory_peak_bytes: int | None = None
    walltime_seconds: int
    array: TaskCounts | None = None
    """Of an array: how many tasks it has, and in which phases those are that have a row."""
    progress: Progress | None = None
    outputs_count: int = 0
    seen: bool = False
    spec: JobSpec
    native_state: str | None = None
    exit_code: int | None = None
    signal: int | None = None
    attempt: int = 1
    elapsed_seconds: float | None = None
    cpu_seconds: float | None = None
    is_usage_partial: bool = False
    outputs: tuple[str, ...] = ()
    """Absolute paths of the files that the job is to leave."""
    owner: str
    account: str | None = None
    run_directory: str
    resubmitted_from: str | None = None
    source_path: str | None = None
    """The file that was copied into the run directory."""
    cancel_requested: bool = False
    """The user wants it ended, also if nobody knows yet where it is."""
    revision: int = 0

    @property
    def group(self) -> JobGroup:
        """In which group of the panel the job belongs."""
        return group_of(self.phase, seen=self.seen)

    def to_row(self) -> JobRow:
        """Return the row as the contract describes it."""
        row = JobRow(**{name: getattr(self, name) for name in JobRow.__struct_fields__})
        return msgspec.structs.replace(row, array=self._all_tasks())

    @property
    def tags(self) -> dict[str, str]:
        """What the job is found by."""
        return tags_of(self.spec)

    @property
    def rest_phase(self) -> Phase:
        """The phase of the tasks of an array that have no row."""
        if self.phase in {"EXECUTING", "SUSPENDED"}:
            return "QUEUED"
        # Others failed, and these were never run: the array was cancelled too.
        return "ABORTED" if self.reason == "tasks_failed" else self.phase

    def _all_tasks(self) -> TaskCounts | None:
        """Count those tasks too that have no row."""
        if self.array is None:
            return None
        by_phase = dict(self.array.by_phase)
        rest = self.array.size - sum(by_phase.values())
        if rest > 0:
            by_phase[self.rest_phase] = by_phase.get(self.rest_phase, 0) + rest
        return TaskCounts(size=self.array.size, by_phase=by_phase)


COLUMNS = JobRecord.__struct_fields__
_TIMES = frozenset({"created_at", "submitted_at", "estimated_start_at", "started_at", "ended_at"})
_FLAGS = frozenset({"seen", "cancel_requested", "is_usage_partial"})
_JSON: Mapping[str, Any] = {
    "spec": JobSpec,
    "array": TaskCounts,
    "progress": Progress,
    "outputs": tuple[str, ...],
}
_DECODERS: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(_TIMES, datetime.fromisoformat),
    **dict.fromkeys(_FLAGS, bool),
    **{name: msgspec.json.Decoder(kind).decode for name, kind in _JSON.items()},
}
"""Of the columns that are not kept as they are. A server that starts reads all its active jobs."""


def time_to_text(time: datetime) -> str:
    """Return a time in the one form that also sorts as text."""
    return time.astimezone(timezone.utc).isoformat(timespec="microseconds")


def columns_of(record: JobRecord) -> dict[str, object]:
    """Return all columns of a record, the derived ones too."""
    row = {name: _to_column(name, getattr(record, name)) for name in COLUMNS}
    return {
        **row,
        "job_group": record.group,
        "name_folded": record.name.casefold(),
        "tags_folded": "".join(tag_line(name, value) for name, value in record.tags.items()),
        "likeness": likeness_of(record.spec),
    }


def record_of(row: sqlite3.Row) -> JobRecord:
    """Return the record of a row of all `COLUMNS`, in their order."""
    fields = dict(zip(COLUMNS, row, strict=True))
    for name, decode in _DECODERS.items():
        if fields[name] is not None:
            fields[name] = decode(fields[name])
    return JobRecord(**fields)


def _to_column(name: str, value: object) -> object:
    if value is None:
        return None
    if name in _JSON:
        return msgspec.json.encode(value).decode()
    if isinstance(value, datetime):
        return time_to_text(value)
    return int(value) if name in _FLAGS and isinstance(value, bool) else value
