"""Which line of a log tells why a program failed. Pure functions."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from jupyterlab_batch.service.finding import ERROR_WORDS

_LONGEST_LINE: Final = 300
_TRACEBACK: Final = "Traceback (most recent call last)"
_EXCEPTION: Final = re.compile(r"\b([A-Za-z_]\w{0,80}(?:Error|Exception|Interrupt))\b")
_RAISED: Final = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w{0,80})(?::|$)")
_CODES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_WORDS: Final = tuple(word.decode() for word in ERROR_WORDS)


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What a log says of a failure."""

    exception: str | None = None
    line: str | None = None


def telling_of(content: bytes) -> Telling | None:
    """Return the first line in the end of a log that tells why; ``None`` if there is none."""
    text = _CONTROLS.sub("", _CODES.sub("", content.decode("utf-8", "replace")))
    lines = [line.rstrip() for line in text.split("\n")]
    for number, line in enumerate(lines):
        if _TRACEBACK in line:
            return _raised(lines[number + 1 :]) or Telling(line=_short(line))
        if any(word in line for word in _WORDS):
            return Telling(exception=exception_in(line), line=_short(line))
    return None


def exception_in(text: str | None) -> str | None:
    """Return the name of the error that a text tells of."""
    match = _EXCEPTION.search(text or "")
    return match[1] if match else None


def _raised(lines: list[str]) -> Telling | None:
    """Return what stands at the end of a traceback: its lines are indented, this one is not."""
    for line in lines:
        match = _RAISED.match(line)
        if match:
            return Telling(exception=match[1], line=_short(line))
    return None


def _short(line: str) -> str:
    return line.strip()[:_LONGEST_LINE]
