"""A job's log: its end, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.quantities import format_memory
from jupyterlab_batch.client.transport import Transport

if TYPE_CHECKING:
    from jupyterlab_batch.client.generated import LogStream
    from jupyterlab_batch.client.listing import PrettyPrinter

_SIZES_BYTES = (65536, 1048576)


class JobLog(str):
    """Text of a log that shows itself as it is, not quoted.

    Attributes
    ----------
    size_bytes
        Size of the whole log.
    skipped_bytes
        How many bytes before this text were left out.
    is_cut
        Whether more was left out than was asked for.
    """

    size_bytes: int
    skipped_bytes: int
    is_cut: bool

    def __repr__(self) -> str:
        if not self:
            return "The log is empty so far."
        if not self.is_cut:
            return str(self)
        return f"[the first {format_memory(self.skipped_bytes)} are left out]\n{self}"

    def _repr_pretty_(self, printer: PrettyPrinter, cycle: bool) -> None:
        """Show the text itself in IPython."""
        printer.text("..." if cycle else repr(self))


def read_log(
    transport: Transport,
    job_id: str,
    *,
    stream: LogStream,
    tail: int | None,
    task: int | None = None,
) -> JobLog:
    """Read the end of a log.

    Parameters
    ----------
    task
        Index of a task; of an array only.
    tail
        At most so many lines; None for all. Never more than the last 1 MiB.

    Raises
    ------
    BatchError
        As `Transport.request`.
    """
    sizes = _SIZES_BYTES if tail is not None else _SIZES_BYTES[-1:]
    for size in sizes:
        answer = transport.request(
            "GET",
            f"jobs/{job_id}/log",
            query={"task": task, "stream": stream, "offset": -size, "limit": size},
            headers={"Accept": "application/octet-stream"},
        )
        offset = int(answer.headers.get("batch-log-offset") or 0)
        content = _whole_lines(answer.body) if offset > 0 else answer.body
        is_cut = offset > 0 and (tail is None or content.count(b"\n") < tail)
        if not is_cut:
            break
    shown = content if tail is None else _last_lines(content, tail)
    log = JobLog(shown.decode("utf-8", errors="replace"))
    log.size_bytes = int(answer.headers.get("batch-log-size") or offset + len(answer.body))
    log.skipped_bytes = offset + len(answer.body) - len(shown)
    log.is_cut = is_cut
    return log


def _whole_lines(content: bytes) -> bytes:
    """Leave out the first line, which most likely is cut, perhaps within a character."""
    _, _, whole = content.partition(b"\n")
    return whole or content


def _last_lines(content: bytes, tail: int) -> bytes:
    """Return the last lines; a carriage return, as of a progress bar, ends none."""
    if tail <= 0:
        return b""
    start = len(content)
    for _ in range(tail + (0 if content.endswith(b"\n") else -1) + 1):
        start = content.rfind(b"\n", 0, start)
        if start < 0:
            return content
    return content[start + 1 :]
