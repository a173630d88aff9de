"""Memory and durations as people type them; the TypeScript twin is ``src/model/quantity.ts``."""

from __future__ import annotations

import math
import re
from typing import Final

_MEMORY = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(?:([KMGT])(?:i?B)?|B)", re.IGNORECASE | re.ASCII)
_SLURM_TIME = re.compile(r"(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?", re.ASCII)
_DURATION_PART = re.compile(
    r"(\d+(?:\.\d+)?)\s*(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\s*",
    re.IGNORECASE | re.ASCII,
)
_MEMORY_FACTORS: Final = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_SECONDS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_MAX_SAFE_INTEGER: Final = 2**53 - 1


def parse_memory(text: str) -> int:
    """Read an amount of memory such as ``8GB``, ``500M`` or ``1.5 GiB``.

    K, M, G and T, with or without B or iB, are powers of 1024.

    Returns
    -------
    int
        Bytes, rounded up.

    Raises
    ------
    ValueError
        It is none, or has no unit; the message says what to write.
    """
    match = _MEMORY.fullmatch(text.strip())
    if match is None:
        advice = (
            f'Memory "{text}" has no unit. Write {text.strip()}GB or {text.strip()}MB.'
            if re.fullmatch(r"\d+(\.\d+)?", text.strip(), re.ASCII)
            else f'"{text}" is no amount of memory. Write for example 2GB or 500M.'
        )
        raise ValueError(advice)
    factor = _MEMORY_FACTORS[(match[2] or "").upper()]
    return _bounded(float(match[1]) * factor, text)


def parse_duration(text: str) -> int:
    """Read a time limit: ``90m``, ``1h 30m``, ``1.5 h``, or what ``sbatch --time`` takes.

    As with sbatch a bare number means minutes and ``10:00`` means minutes:seconds; further
    ``H:MM:SS``, ``D-HH``, ``D-HH:MM`` and ``D-HH:MM:SS``.

    Returns
    -------
    int
        Seconds, rounded up.

    Raises
    ------
    ValueError
        It is no duration; the message says what to write.
    """
    stripped = text.strip()
    match = _SLURM_TIME.fullmatch(stripped)
    if match is not None:
        return _bounded(_slurm_seconds(match), text)
    seconds, position = 0.0, 0
    while position < len(stripped) or position == 0:
        part = _DURATION_PART.match(stripped, position)
        if part is None:
            message = f'"{text}" is no time limit. Write for example 90m, 1h 30m or 1-12:00.'
            raise ValueError(message)
        seconds += float(part[1]) * _SECONDS[part[2][0].lower()]
        position = part.end()
    return _bounded(seconds - 1e-9, text)


def format_memory(size_bytes: int) -> str:
    """Write memory for reading: ``1.5 GB``."""
    value, units = float(size_bytes), ["B", "KB", "MB", "GB", "TB"]
    unit = units.pop(0)
    while units and round(value, 1) >= 1024:
        value, unit = value / 1024, units.pop(0)
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def format_duration(seconds: float) -> str:
    """Write a duration for reading, in its two largest units: ``1 h 30 min``."""
    rest = max(0, math.floor(seconds))
    words: list[str] = []
    units = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)]
    while units and rest < units[0][1] and len(units) > 1:
        units.pop(0)
    for unit, factor in units[:2]:
        count, rest = divmod(rest, factor)
        if count or not words:
            words.append(f"{count} {unit}")
    return " ".join(words)


def _slurm_seconds(match: re.Match[str]) -> int:
    days, first, second, third = (int(part or 0) for part in match.groups())
    if match[1] is not None:
        return days * 86400 + first * 3600 + second * 60 + third
    if match[4] is not None:
        return first * 3600 + second * 60 + third
    return first * 60 + second


def _bounded(value: float, text: str) -> int:
    if value > _MAX_SAFE_INTEGER:
        message = f'"{text}" is too large.'
        raise ValueError(message)
    return math.ceil(value)
