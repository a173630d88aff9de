"""Which Dask a Python has: asked of that Python itself, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Final

import anyio
import msgspec

_PROBE: Final = """\
import json, shutil
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
def found(name):
    try:
        return version(name) if find_spec(name) else None
    except (ImportError, PackageNotFoundError):
        return None
told = {name: found(name) for name in ("dask", "distributed", "cryptography")}
print(json.dumps({**told, "openssl": bool(shutil.which("openssl"))}))
"""
_PROBE_SECONDS: Final = 20.0
_FRESH_SECONDS: Final = 60.0


class _Answer(msgspec.Struct, kw_only=True, frozen=True):
    dask: str | None
    distributed: str | None
    cryptography: str | None
    openssl: bool


class DaskFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a Python has for clusters."""

    version: str | None
    missing: str | None
    """For a person: why it can start none, and what to do; ``None`` if it can."""


class DaskProbe:
    """Asks Pythons, and remembers for a minute which of them can start clusters."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, DaskFound]] = {}

    async def ask(self, python: str) -> DaskFound:
        """Return what a Python has. What is missing is asked for again each time."""
        known_at, known = self._known.get(python, (0.0, None))
        if known is not None and time.monotonic() - known_at < _FRESH_SECONDS:
            return known
        found = await _ask(python)
        if found.missing is None:
            self._known[python] = time.monotonic(), found
        return found


def interpreter_of(path: str) -> str:
    """Return the interpreter that is meant by one, or by the folder of an environment."""
    given = Path(path)
    return str(given if given.name.startswith("python") else given / "bin" / "python")


async def _ask(python: str) -> DaskFound:
    try:
        process = await asyncio.create_subprocess_exec(
            *(python, "-c", _PROBE),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(Path.home())},
        )
    except OSError as error:
        return DaskFound(version=None, missing=f"{python} cannot be run: {error.strerror}.")
    try:
        with anyio.fail_after(_PROBE_SECONDS):
            said, _ = await process.communicate()
        answer = msgspec.json.decode(said, type=_Answer)
    except (TimeoutError, msgspec.MsgspecError):
        return DaskFound(version=None, missing=f"{python} does not say which Dask it has.")
    finally:
        if process.returncode is None:
            process.kill()
    return DaskFound(version=answer.distributed, missing=_missing(answer, python))


def _missing(answer: _Answer, python: str) -> str | None:
    if answer.dask is None or answer.distributed is None:
        return (
            f"dask is not installed in {python}. Install it there: pip install 'dask[distributed]'"
            " cryptography. Or choose a Python that has it."
        )
    if answer.cryptography is None and not answer.openssl:
        return (
            f"cryptography is not installed in {python}, and there is no openssl; one of them makes"
            " the certificates of clusters. Install it there: pip install cryptography."
        )
    return None
