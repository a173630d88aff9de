"""Ports for servers of the tests that may be down for a while and must find theirs again."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack, suppress

_FIRST, _LAST = 20_000, 32_000
"""Below those that Linux gives to outgoing connections: these would take one in between."""


def free_ports(count: int) -> list[int]:
    """Return so many ports of the loopback that nobody uses now."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            one = held.enter_context(socket.socket())
            port = random.randint(_FIRST, _LAST)  # noqa: S311 -- so that two runs rarely meet
            with suppress(OSError):
                one.bind(("127.0.0.1", port))
                found.append(port)
        return found


def free_port() -> int:
    """Return one."""
    return free_ports(1)[0]
