"""What of the server's environment a job may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_ALLOWED: Final = frozenset({"HOME", "USER", "LOGNAME", "LANG", "TZ", "PATH", "TMPDIR"})


def allowed_environment(environment: Mapping[str, str], more: Iterable[str]) -> dict[str, str]:
    """Return the variables of the allow list, and those that the site adds."""
    names = _ALLOWED | set(more)
    return {
        name: value
        for name, value in environment.items()
        if name in names or name.startswith("LC_")
    }
