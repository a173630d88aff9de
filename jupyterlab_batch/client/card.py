"""A job as a person reads it: one line, a block of text, and a still picture in HTML.

The HTML stands in for the live card wherever there is none: nbconvert, code hosts, untrusted
notebooks. It is an escaped table with plain inline styles and no address of anything, because a
sanitizer lets remote pictures through; it reads well with no style at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final

from jupyterlab_batch.client.generated import JobRow
from jupyterlab_batch.client.quantities import format_duration, format_memory

MIME_TYPE: Final = "application/vnd.jupyterlab-batch.job+json"
FINAL_PHASES: Final = frozenset({"COMPLETED", "ERROR", "ABORTED", "ARCHIVED"})
WORDS: Final = {
    "PENDING": "Submitting",
    "HELD": "Held",
    "QUEUED": "Queued",
    "EXECUTING": "Running",
    "SUSPENDED": "Suspended",
    "COMPLETED": "Completed",
    "ERROR": "Failed",
    "ABORTED": "Cancelled",
    "UNKNOWN": "Unknown",
    "ARCHIVED": "Archived",
}
_SUBSTATES: Final = {"starting": "Starting", "finishing": "Finishing", "cancelling": "Cancelling"}
_TABLE: Final = "border:1px solid #888;border-collapse:collapse;text-align:left"
_CELL: Final = "padding:2px 8px;text-align:left;vertical-align:top"


def phase_word(row: JobRow) -> str:
    """Return what people call the phase of a job."""
    return _SUBSTATES.get(row.substate or "") or WORDS.get(row.phase, row.phase)


def plain(text: str) -> str:
    """Replace characters that could steer a terminal or turn the direction of a line."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cf"} else letter
        for letter in text
    )


def where(row: JobRow) -> str:
    """Return the gateway and the queue of a job."""
    return plain(f"{row.gateway_id} · {row.queue}" if row.queue else row.gateway_id)


def when(row: JobRow, as_of: datetime) -> str:
    """Return how long a job had run or waited at a time, or "" if that is not known."""
    if row.started_at is not None:
        end = row.ended_at or as_of
        elapsed = format_duration((end - row.started_at).total_seconds())
        limit = format_duration(row.walltime_seconds)
        return elapsed if row.phase in FINAL_PHASES else f"{elapsed} of at most {limit}"
    if row.phase in FINAL_PHASES:
        return ""
    waited = as_of - (row.submitted_at or row.created_at)
    return f"waiting for {format_duration(waited.total_seconds())}"


def asked(row: JobRow) -> str:
    """Return the resources that were asked for."""
    cores = "1 core" if row.cores == 1 else f"{row.cores} cores"
    limit = format_duration(row.walltime_seconds)
    return f"{cores}, {format_memory(row.memory_bytes)}, at most {limit}"


def tasks_text(row: JobRow) -> str:
    """Return how many tasks of an array are in which phase, or "" of a single job."""
    if row.array is None:
        return ""
    counts = [
        f"{count:,} {WORDS.get(phase, phase).lower()}"
        for phase, count in sorted(row.array.by_phase.items(), key=lambda one: _place(one[0]))
    ]
    return f"{row.array.size:,}: {', '.join(counts)}"


def _place(phase: str) -> int:
    names = list(WORDS)
    return names.index(phase) if phase in names else len(names)


def card_text(row: JobRow, as_of: datetime) -> str:
    """Return a job as text: the first line says what and where, the others why and how long."""
    return still_text(_head(row), _pairs(row, as_of))


def card_html(row: JobRow, as_of: datetime) -> str:
    """Return a job as a still HTML table.

    Parameters
    ----------
    as_of
        When the row was true.
    """
    progress, bars = row.progress, {}
    if progress is not None and progress.total and row.phase not in FINAL_PHASES:
        bars["Progress"] = (min(progress.done, progress.total), progress.total)
    return still_table(_head(row), _pairs(row, as_of), bars)


def still_text(head: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return a headline and, below it, labels with their values."""
    width = max(len(label) for label, _ in pairs)
    return "\n".join([head, *(f"  {label:<{width}}  {value}" for label, value in pairs)])


def still_table(
    head: str, pairs: Sequence[tuple[str, str]], bars: Mapping[str, tuple[int, int]]
) -> str:
    """Return the same as a table, escaped, which needs no style to be read.

    Parameters
    ----------
    bars
        By label: how much of how much is drawn before the value.
    """
    lines = [
        f'<table style="{_TABLE}">',
        f'<tr><th colspan="2" style="{_CELL}">{escape(head)}</th></tr>',
    ]
    for label, value in pairs:
        bar = ""
        if label in bars:
            done, total = bars[label]
            bar = f'<progress value="{done}" max="{total}"></progress> '
        lines.append(
            f'<tr><td style="{_CELL}">{label}</td>'
            f'<td style="{_CELL}">{bar}{escape(value)}</td></tr>'
        )
    return "\n".join([*lines, "</table>"])


def _head(row: JobRow) -> str:
    return f"{plain(row.name)}: {phase_word(row)} on {where(row)}"


def _pairs(row: JobRow, as_of: datetime) -> list[tuple[str, str]]:
    pairs = [
        ("Tasks", tasks_text(row)),
        ("Progress", plain(row.progress.text) if row.progress else ""),
        ("Reason", plain(row.reason_text or "")),
        ("Time", when(row, as_of)),
        ("Asked for", asked(row)),
        ("Job", row.id),
        ("As of", as_of.astimezone().strftime("%Y-%m-%d %H:%M %Z")),
    ]
    return [(label, value) for label, value in pairs if value]
