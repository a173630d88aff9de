"""What git says of a folder now, asked so that it changes nothing and runs nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Final

import anyio
import msgspec

from jupyterlab_batch.domain.generated import CodeVersion
from jupyterlab_batch.gateways.shared import SharedCall
from jupyterlab_batch.service.tasks import BackgroundTasks

_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.5
_UNCHANGING: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_HEX: Final = frozenset("0123456789abcdef")


class GitFolder(msgspec.Struct, frozen=True):
    """What git is asked about."""

    root: Path
    source: Path | None
    """The notebook or script that runs, which git may not follow."""


class GitVersions(msgspec.Struct, kw_only=True):
    """Asks git, at most twice a second about the same; each answer is younger than its question.

    Parameters
    ----------
    environment
        What git sees of the server's.
    """

    tasks: BackgroundTasks
    environment: Mapping[str, str]
    _calls: dict[GitFolder, SharedCall[GitFolder, CodeVersion | None]] = msgspec.field(
        default_factory=dict
    )

    async def of(self, place: GitFolder) -> CodeVersion | None:
        """Return what a git folder is like now; ``None`` if git is not there or does not want."""
        if place not in self._calls:
            self._calls = {one: call for one, call in self._calls.items() if not call.is_idle}
            self._calls[place] = SharedCall(
                self._answer,
                pause_seconds=_PAUSE_SECONDS,
                start=partial(self.tasks.start, name=f"ask git of {place.root}"),
            )
        return await self._calls[place].ask(place)

    async def _answer(self, asked: Sequence[GitFolder]) -> CodeVersion | None:
        try:
            return await self._ask(asked[0])
        except (OSError, ValueError):
            return None

    async def _ask(self, place: GitFolder) -> CodeVersion:
        now = datetime.now(timezone.utc)
        status = ("status", "--porcelain=v2", "--branch", "--untracked-files=no")
        told, followed, remote = await asyncio.gather(
            self._git(place.root, *status),
            self._is_followed(place),
            self._git(place.root, "config", "--get", "remote.origin.url"),
        )
        if told is None:
            told, is_dirty = await self._head(place.root), None
        else:
            changed = any(not line.startswith("# ") for line in told.splitlines())
            is_dirty = None if followed is None else changed or not followed
        commit = _after(told, "# branch.oid ")
        branch = _after(told, "# branch.head ")
        return CodeVersion(
            root=str(place.root),
            commit=commit if commit and set(commit) <= _HEX else None,
            branch=None if branch == "(detached)" else branch,
            is_dirty=is_dirty,
            remote=without_secrets(remote.strip()) if remote else None,
            captured_at=now,
        )

    async def _head(self, root: Path) -> str:
        """Return what is known without a look at the files.

        Raises
        ------
        ValueError
            Git does not tell.
        """
        commit = await self._git(root, "rev-parse", "HEAD")
        if commit is None:
            raise ValueError("git does not tell")
        return f"# branch.oid {commit.strip()}\n"

    async def _is_followed(self, place: GitFolder) -> bool | None:
        if place.source is None:
            return True
        told = await self._git(place.root, "ls-files", "-z", "--", str(place.source))
        return None if told is None else told != ""

    async def _git(self, root: Path, *words: str) -> str | None:
        """Return what git says; ``None`` if that took too long or it has nothing to say."""
        process = await asyncio.create_subprocess_exec(
            *_command(root, words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**self.environment, **_UNCHANGING},
        )
        try:
            with anyio.fail_after(_SECONDS):
                told, _ = await process.communicate()
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return told.decode("utf-8", "replace") if process.returncode == 0 else None


def without_secrets(address: str) -> str:
    """Return the address of a repository without user, password and whatever else may be in it."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        return address.rpartition("@")[2]
    host, slash, path = re.split("[?#]", rest)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _command(root: Path, words: Sequence[str]) -> list[str]:
    # What a repository configures to be run when it is looked at is not.
    harmless = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
    return ["git", *harmless, "-C", str(root), *words]


def git_folder(folder: Path, source: Path | None) -> GitFolder | None:
    """Return the nearest folder at or above one in which a repository is, if any. Blocks."""
    for one in (folder, *folder.parents):
        if os.path.lexists(one / ".git"):
            return GitFolder(one, source)
    return None


def _after(lines: str, start: str) -> str | None:
    return next((line[len(start) :] for line in lines.splitlines() if line.startswith(start)), None)
