"""Finding in a whole log, by a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, Final, Literal

import anyio
import msgspec

from jupyterlab_batch.domain.generated import LogMatches, LogStream
from jupyterlab_batch.domain.problems import LogNotReadable
from jupyterlab_batch.engine import logfind
from jupyterlab_batch.service.act import unknown_job
from jupyterlab_batch.service.logplaces import LogPlace, log_place, open_log
from jupyterlab_batch.store.store import Store

Direction = Literal["next", "previous"]

ERROR_WORDS: Final = (
    *(b"Traceback (most recent call last)", b"rror:", b"xception:", b"ERROR", b"FATAL"),
    *(b"CRITICAL", b"Segmentation fault", b"core dumped", b"oom_kill", b"oom-kill", b"Killed"),
    *(b"MemoryError", b"command not found", b"No such file or directory", b"Permission denied"),
)
"""What programs, shells and batch systems write when something failed."""
_SEARCH_SECONDS: Final = 4.0
_ANSWER_SECONDS: Final = 20.0
_AT_ONCE: Final = 2


class LogFinder(msgspec.Struct, frozen=True, kw_only=True):
    """Finds texts in logs, wherever they are."""

    store: Store
    _turns: asyncio.Semaphore = msgspec.field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def find(
        self,
        job_id: str,
        stream: LogStream,
        *,
        task: int | None,
        text: str | None,
        direction: Direction,
        offset: int | None,
        limit: int,
    ) -> LogMatches:
        """Return where a text stands, the nearest match first.

        Parameters
        ----------
        text
            Letters A to Z in any case; ``None``: what tells of an error.

        Raises
        ------
        UnknownJob
        NotFound
        LogNotReadable
        """
        record = await self.store.get(job_id)
        if record is None:
            raise unknown_job()
        place = log_place(record, stream, task)
        needles = ERROR_WORDS if text is None else (text.encode().lower(),)
        order = {
            "needles": [needle.hex() for needle in needles],
            "fold": text is not None,
            "direction": direction,
            "offset": offset,
            "limit": limit,
            "seconds": _SEARCH_SECONDS,
        }
        try:
            descriptor = await asyncio.to_thread(_open, place)
        except FileNotFoundError:
            return LogMatches(size=0, matches=[], stopped_at=None)
        except OSError as error:
            raise LogNotReadable(f"The log cannot be read: {error.strerror or error}.") from error
        try:
            async with self._turns:
                return await _search(descriptor, order)
        finally:
            os.close(descriptor)


def _open(place: LogPlace) -> int:
    with open_log(place) as (_, descriptor, _):
        return os.dup(descriptor)


async def _search(descriptor: int, order: dict[str, Any]) -> LogMatches:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", logfind.__file__, json.dumps(order)),
        stdin=descriptor,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        with anyio.fail_after(_ANSWER_SECONDS):
            output, _ = await process.communicate()
        answer = json.loads(output)
    except (TimeoutError, ValueError) as error:
        raise LogNotReadable("The log could not be searched. Try again.") from error
    finally:
        if process.returncode is None:
            process.kill()
    matches = [{"offset": offset, "length": length} for offset, length in answer["matches"]]
    return msgspec.convert({**answer, "matches": matches}, LogMatches)
