"""What Slurm's command-line tools print, read into records.

``squeue -O field:suffix`` (20.02) and ``sacct --delimiter`` put a control character between the
fields: names, comments and paths may hold any other. Both obey ``SLURM_TIME_FORMAT=%s``.

Columns, and not ``--json``, on purpose:

- 22.05: ``squeue --json`` leaves ``--user``, ``--jobs`` and ``--states`` out of account and prints
  all fields of all jobs of the cluster (3 kB each); ``scontrol``, ``sacctmgr`` and ``sshare`` have
  no such option; it needs a serializer plug-in, which not every site installs.
- Its shape follows the API of each release (22.05 v0.0.38; from 23.02 on that of ``data_parser``,
  with states as lists and numbers as objects), while columns kept their names since 20.02.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from jupyterlab_batch.gateways.slurm.arraytext import waiting_of
from jupyterlab_batch.gateways.slurm.choices import MEBIBYTE
from jupyterlab_batch.gateways.slurm.endings import Exit
from jupyterlab_batch.gateways.slurm.records import Record
from jupyterlab_batch.gateways.slurm.transport import moment

SEPARATOR: Final = "\x1f"

QUEUE_FIELDS: Final = (
    "JobID",
    "ArrayJobID",
    "ArrayTaskID",
    "State",
    "Reason",
    "exit_code",
    "RestartCnt",
    "SubmitTime",
    "StartTime",
    "EndTime",
    "Partition",
    "Account",
    "NodeList",
    "WorkDir",
    "Comment",
    "tres-alloc",
)
HISTORY_FIELDS: Final = (
    "JobIDRaw",
    "JobID",
    "State",
    "ExitCode",
    "Submit",
    "Start",
    "End",
    "ElapsedRaw",
    "TotalCPU",
    "MaxRSS",
    "ReqMem",
    "Partition",
    "Account",
    "NodeList",
    "WorkDir",
    "Comment",
)
_NOTHING: Final = frozenset({"", "(null)", "N/A", "None", "Unknown", "None assigned"})
_UNITS: Final = {"": 1, "K": 1024, "M": MEBIBYTE, "G": 1024 * MEBIBYTE, "T": MEBIBYTE * MEBIBYTE}
_SIZE: Final = re.compile(r"([0-9.]+)([KMGT]?)[nc]?")
_COUNT: Final = re.compile(r"[0-9]{1,18}")


def rows(text: str, fields: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield the rows of a table; what is not there is an empty string."""
    for line in text.splitlines():
        values = [value.strip() for value in line.split(SEPARATOR)]
        if len(values) >= len(fields):
            yield {
                field: "" if value in _NOTHING else value
                for field, value in zip(fields, values, strict=False)
            }


def queue_record(row: dict[str, str]) -> Record:
    """Read one row of squeue; what is no part of an array has its own id in place of that."""
    index = row["ArrayTaskID"]
    return Record(
        native_id=row["JobID"],
        state=row["State"],
        reason=row["Reason"] or None,
        comment=row["Comment"] or None,
        folder=row["WorkDir"] or None,
        queue=row["Partition"] or None,
        account=row["Account"] or None,
        has_node=bool(row["NodeList"]),
        submitted_at=_moment(row["SubmitTime"]),
        started_at=_moment(row["StartTime"]),
        ended_at=_moment(row["EndTime"]),
        exit=Exit.of_pair(row["exit_code"]),
        restarts=int(row["RestartCnt"] or 0),
        memory_asked_bytes=memory_of_tres(row["tres-alloc"]),
        array_id=row["ArrayJobID"] if index else None,
        index=int(index) if index.isdigit() else None,
        waiting=waiting_of(index) if index and not index.isdigit() else None,
    )


def history_records(table: Iterable[dict[str, str]], own_uid: int) -> list[Record]:
    """Read the rows of sacct: one for each job, and one more for each of its steps."""
    jobs: dict[str, dict[str, str]] = {}
    peaks: dict[str, int] = {}
    for row in table:
        native_id, dot, _ = row["JobIDRaw"].partition(".")
        peak = size_bytes(row["MaxRSS"])
        if peak is not None:
            peaks[native_id] = max(peak, peaks.get(native_id, 0))
        if not dot:
            jobs[native_id] = row
    return [_history_record(row, peaks.get(native_id), own_uid) for native_id, row in jobs.items()]


def _history_record(row: dict[str, str], peak: int | None, own_uid: int) -> Record:
    state, _, cancelled_by = row["State"].partition(" by ")
    array_id, is_task, index = row["JobID"].partition("_")
    return Record(
        native_id=row["JobIDRaw"],
        state=state,
        reason=None,
        comment=row["Comment"] or None,
        folder=row["WorkDir"] or None,
        queue=row["Partition"] or None,
        account=row["Account"] or None,
        has_node=bool(row["NodeList"]),
        submitted_at=_moment(row["Submit"]),
        started_at=_moment(row["Start"]),
        ended_at=_moment(row["End"]),
        exit=Exit.of_pair(row["ExitCode"]),
        elapsed_seconds=duration_seconds(row["ElapsedRaw"]),
        cpu_seconds=duration_seconds(row["TotalCPU"]),
        memory_peak_bytes=peak,
        memory_asked_bytes=size_bytes(row["ReqMem"]),
        is_cancelled_by_other=cancelled_by.isdigit() and int(cancelled_by) != own_uid,
        is_cancelled_by_nobody=not cancelled_by,
        array_id=array_id if is_task else None,
        index=int(index) if index.isdigit() else None,
    )


def settings(text: str) -> dict[str, str]:
    """Read ``scontrol show config``."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals:
            found[name.strip()] = value.strip()
    return found


def count(text: str) -> int | None:
    """Read a plain number of a sane size."""
    return int(text) if _COUNT.fullmatch(text) else None


def duration_seconds(text: str) -> float | None:
    """Read ``[days-][[hours:]minutes:]seconds``; ``infinite`` and the like are not known.

    >>> duration_seconds("2-01:00:00")
    176400.0
    """
    if text.lower() in ("", "infinite", "unlimited", "n/a", "partition_limit"):
        return None
    days, dash, clock = text.rpartition("-")
    try:
        numbers = [float(number) for number in clock.split(":")]
        seconds = 86400.0 * int(days) if dash else 0.0
    except ValueError:
        return None
    for number, unit in zip(reversed(numbers), (1, 60, 3600), strict=False):
        seconds += number * unit
    return seconds


def size_bytes(text: str) -> int | None:
    """Read ``308000K``, ``50M`` or, from older releases, ``50Mn``."""
    match = _SIZE.fullmatch(text)
    return int(float(match[1]) * _UNITS[match[2]]) if match else None


def memory_of_tres(text: str) -> int | None:
    """Read the memory in ``cpu=2,mem=128M,node=1``, of all nodes together."""
    told = dict(part.partition("=")[::2] for part in text.split(","))
    return size_bytes(told.get("mem", ""))


def _moment(text: str) -> datetime | None:
    return moment(int(text)) if text.isdigit() else None
