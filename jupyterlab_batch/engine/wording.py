"""Quantities as a person reads them."""

from __future__ import annotations

import signal


def memory(count: int) -> str:
    """Return bytes as words; powers of 1024, as users type them."""
    value, units = float(count), ["bytes", "kB", "MB", "GB", "TB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        del units[0]
    rounded = f"{value:.1f}".rstrip("0").rstrip(".") if value < 100 else f"{value:.0f}"
    return f"{rounded} {units[0]}"


def duration(seconds: int) -> str:
    """Return seconds as words, such as ``1 h 30 min``."""
    parts = []
    for name, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 s"


def signal_name(number: int) -> str:
    """Return a signal as words, such as ``signal 9 (SIGKILL)``."""
    named = {known.value: known.name for known in signal.Signals}
    return f"signal {number} ({named.get(number, 'a real-time signal')})"


def cores(count: int) -> str:
    """Return a number of cores as words."""
    return "1 core" if count == 1 else f"{count} cores"


def gpus(count: int) -> str:
    """Return a number of GPUs as words."""
    return "1 GPU" if count == 1 else f"{count or 'no'} GPUs"
