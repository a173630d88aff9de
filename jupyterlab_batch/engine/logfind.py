"""Find texts in a file that can be larger than memory, and whose lines can be.

Usage: ``python -I -S logfind.py ORDER <FILE``, where the order is JSON: ``needles``, ``fold``,
``direction``, ``offset``, ``limit``, ``seconds``. Answers in JSON: ``matches``, the nearest first,
and ``stopped_at``. A process of its own, so that a server goes on meanwhile; it imports nothing of
ours, so that it starts at once. ``grep`` keeps a line in memory, and a log may be one line of
gigabytes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence

_CHUNK_BYTES = 4 * 2**20
Match = tuple[int, int]


class Search:
    """One search through one file.

    Parameters
    ----------
    needles
        What is looked for: any of them.
    fold
        Letters A to Z are those of any case; the needles are in lower case then.
    limit
        Stop after so many matches.
    until
        Stop at this time of the monotonic clock.
    """

    def __init__(
        self, descriptor: int, needles: Sequence[bytes], *, fold: bool, limit: int, until: float
    ) -> None:
        self._descriptor = descriptor
        self._needles = needles
        self._fold = fold
        self._limit = limit
        self._until = until
        self._more = max(map(len, needles)) - 1
        self._found: list[Match] = []

    def forwards(self, at: int, size: int) -> tuple[list[Match], int | None]:
        """Return matches from a place on, and where the search stopped if there may be more."""
        while at < size:
            if time.monotonic() > self._until:
                return self._found, at
            chunk = self._read(at, min(_CHUNK_BYTES + self._more, size - at))
            if not chunk:
                break
            place = 0
            while hit := self._first(chunk, place):
                start, length = hit
                if start >= _CHUNK_BYTES:
                    break
                place = start + length
                self._found.append((at + start, length))
                if len(self._found) == self._limit:
                    return self._found, at + place
            at += max(_CHUNK_BYTES, place)
        return self._found, None

    def backwards(self, end: int, size: int) -> tuple[list[Match], int | None]:
        """Return matches that begin before a place, the last first."""
        end = min(end, size)
        while end > 0:
            if time.monotonic() > self._until:
                return self._found, end
            start = max(0, end - _CHUNK_BYTES)
            chunk = self._read(start, min(end - start + self._more, size - start))
            before = end - start
            while hit := self._last(chunk, before):
                before = hit[0]
                self._found.append((start + before, hit[1]))
                if len(self._found) == self._limit:
                    return self._found, start + before
            end = start
        return self._found, None

    def _read(self, at: int, length: int) -> bytes:
        chunk = os.pread(self._descriptor, length, at)
        return chunk.lower() if self._fold else chunk

    def _first(self, chunk: bytes, place: int) -> Match | None:
        best: Match | None = None
        for needle in self._needles:
            end = len(chunk) if best is None else best[0] + len(needle) - 1
            start = chunk.find(needle, place, end)
            if start >= 0:
                best = (start, len(needle))
        return best

    def _last(self, chunk: bytes, before: int) -> Match | None:
        best: Match | None = None
        for needle in self._needles:
            least = 0 if best is None else best[0] + 1
            start = chunk.rfind(needle, least, before + len(needle) - 1)
            if start >= 0:
                best = (start, len(needle))
        return best


def main() -> None:
    """Do what the order says."""
    order = json.loads(sys.argv[1])
    search = Search(
        0,
        [bytes.fromhex(needle) for needle in order["needles"]],
        fold=order["fold"],
        limit=order["limit"],
        until=time.monotonic() + order["seconds"],
    )
    size = os.fstat(0).st_size
    go = search.forwards if order["direction"] == "next" else search.backwards
    start = 0 if order["direction"] == "next" else size
    matches, stopped_at = go(start if order["offset"] is None else order["offset"], size)
    answer = {"size": size, "matches": matches, "stopped_at": stopped_at}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
