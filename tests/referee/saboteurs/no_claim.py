"""A server whose wrappers run without claiming their run directory, nor looking who ran there.

Its supervisor has a slow disk: see `slow_daemon`.
"""

from __future__ import annotations

import re

from jupyterlab_batch.engine import connection, wrapper

_LOOKS_BACK = re.compile(r"\nbefore=\$\(cat .*?\nesac\n", re.DOTALL)


def _cut(part: str, pattern: str | re.Pattern[str], instead: str) -> None:
    text, times = re.subn(pattern, instead, getattr(wrapper, part))
    if times != 1:
        raise AssertionError(f"{part} of the wrapper has {times} such safeguards, not one.")
    setattr(wrapper, part, text)


def _load_jupyter_server_extension(_: object) -> None:
    _cut("HEAD", r"\nclaim\n", "\n")
    _cut("TASK", r"\nclaim\n", "\n")
    _cut("START", _LOOKS_BACK, "\n")
    connection.DAEMON = "tests.referee.saboteurs.slow_daemon"
