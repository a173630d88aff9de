"""Makes a Slurm one whose clock is wrong: shifts the times in what it is asked and in what it says.

As a program, ``shift.py SECONDS PROGRAM ARGUMENT...``, it does so for one of Slurm's tools.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any, Final

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_SECONDS: Final = re.compile(r"(?<!\w)\d{10}(?!\w)")
_NEAR_SECONDS: Final = 10**8
"""Numbers that are so near to now are times."""


def shift_text(text: str, seconds: int) -> str:
    """Shift all times in a text, as a date or as seconds since 1970."""

    def shifted(found: re.Match[str]) -> str:
        return (datetime.fromisoformat(found[0]) + timedelta(seconds=seconds)).isoformat()

    text = _TIME.sub(shifted, text)
    return _SECONDS.sub(lambda found: str(_shift_number(int(found[0]), seconds)), text)


def shift_json(content: bytes, seconds: int) -> bytes:
    """Shift all times in an answer of slurmrestd; what is no JSON stays as it is."""
    try:
        value = json.loads(content)
    except ValueError:
        return content
    return json.dumps(_shift(value, seconds)).encode()


def _shift(value: Any, seconds: int) -> Any:
    if isinstance(value, list):
        return [_shift(one, seconds) for one in value]
    if isinstance(value, dict):
        return {name: _shift(one, seconds) for name, one in value.items()}
    if isinstance(value, str):
        return shift_text(value, seconds)
    return _shift_number(value, seconds) if isinstance(value, int) else value


def _shift_number(number: int, seconds: int) -> int:
    return number + seconds if abs(number - time.time()) < _NEAR_SECONDS else number


def main() -> int:
    """Be one of Slurm's tools."""
    seconds = int(sys.argv[1])
    argv = [shift_text(word, -seconds) for word in sys.argv[2:]]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False)
    sys.stdout.write(shift_text(done.stdout, seconds))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
