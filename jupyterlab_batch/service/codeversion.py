"""The version of the code that a job runs, as it is when the job is submitted."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import msgspec

from jupyterlab_batch.domain.generated import CodeVersion, PythonEnvironment
from jupyterlab_batch.engine.jobfile import CODE_NAME
from jupyterlab_batch.engine.rundirectory import Origin, RunPlan
from jupyterlab_batch.service.gitversion import GitFolder, GitVersions, git_folder
from jupyterlab_batch.service.ownfiles import open_own
from jupyterlab_batch.service.tasks import BackgroundTasks

_MOST_BYTES: Final = 2**20
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_Kept = TypeVar("_Kept", CodeVersion, PythonEnvironment)
Code: TypeAlias = CodeVersion | GitFolder
"""What a copy was of, or where git is to be asked."""


class CodeVersions(msgspec.Struct, frozen=True, kw_only=True):
    """Keeps in the run directory of each job what its code was like; no submission waits for it."""

    git: GitVersions
    tasks: BackgroundTasks

    def look(self, code: Code | None) -> asyncio.Future[CodeVersion | None] | None:
        """Begin to find out, before the job can change anything; ``None`` if nothing tells."""
        if code is None:
            return None
        return self.tasks.start(self._version_of(code), name="look at code")

    def keep(self, plan: RunPlan, version: asyncio.Future[CodeVersion | None] | None) -> None:
        """Write it down when it is known: the job is there now."""
        if version is not None:
            self.tasks.start(_keep(plan.directory, version), name=f"keep code of {plan.job_id}")

    async def _version_of(self, code: Code) -> CodeVersion | None:
        return code if isinstance(code, CodeVersion) else await self.git.of(code)


def code_of(plan: RunPlan, origin: Origin | None) -> Code | None:
    """Return what tells of the code that a job runs, if anything does. Blocks."""
    if origin is not None and origin.source is not None:
        # The copy of the job before runs: what that was of is what counts.
        return read_kept(origin.directory, CODE_NAME, CodeVersion)
    folder = plan.working_directory if plan.source is None else plan.source.parent
    return git_folder(folder, plan.source)


async def _keep(directory: Path, version: asyncio.Future[CodeVersion | None]) -> None:
    found = await asyncio.shield(version)
    if found is not None:
        await asyncio.to_thread(_write, directory, found)


def _write(directory: Path, version: CodeVersion) -> None:
    try:
        descriptor = os.open(directory / CODE_NAME, _NEW, 0o600)
    except OSError:  # the run directory is gone, or the job made a file of that name
        return
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- opened by descriptor
        file.write(msgspec.json.encode(version) + b"\n")


def read_kept(directory: Path, name: str, kind: type[_Kept]) -> _Kept | None:
    """Return what a small file of a run directory tells; ``None`` if it is none of ours. Blocks."""
    try:
        with open_own(directory, [name]) as (descriptor, status):
            if status.st_size > _MOST_BYTES:
                return None
            content = os.read(descriptor, _MOST_BYTES)
        return msgspec.json.decode(content, type=kind)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
