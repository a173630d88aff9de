"""A job's log: its end, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.quantities import format_memory
from jupyterlab_batch.client.transport import Answer, Transport

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
    """

    size_bytes: int
    skipped_bytes: int

    def __repr__(self) -> str:
        if not self:
            return "The log is empty so far."
        if not self.skipped_bytes:
            return str(self)
        return f"[the first {format_memory(self.skipped_bytes)} are left out]\n{self}"

    def _repr_pretty_(self, printer: PrettyPrinter, cycle: bool) -> None:
        """Show the text itself in IPython."""
        printer.text("..." if cycle else repr(self))


def read_log(transport: Transport, job_id: str, *, stream: LogStream, tail: int | None) -> JobLog:
    """Read the end of a log.

    Parameters
    ----------
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
            query={"stream": stream, "offset": -size, "limit": size},
            headers={"Accept": "application/octet-stream"},
        )
        log = _as_log(answer, tail)
        if log.skipped_bytes == 0 or (tail is not None and log.count("\n") >= tail):
            break
    return log


def _as_log(answer: Answer, tail: int | None) -> JobLog:
    content = answer.body
    offset = int(answer.headers.get("batch-log-offset") or 0)
    size = int(answer.headers.get("batch-log-size") or offset + len(content))
    if offset > 0:
        # The first line is most likely cut, perhaps within a character.
        _, _, whole = content.partition(b"\n")
        content = whole or content
    if tail is not None:
        content = _last_lines(content, tail)
    log = JobLog(content.decode("utf-8", errors="replace"))
    log.size_bytes = size
    log.skipped_bytes = offset + len(answer.body) - len(content)
    return log


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
