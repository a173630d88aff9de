"""The folder of one cluster: what its owner needs to start, and what it tells. All block."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from jupyterlab_batch.domain.generated import ClusterTasks, ClusterVersions
from jupyterlab_batch.engine.clusterrequest import WorkersOrder, write_order
from jupyterlab_batch.engine.status import read_own_file
from jupyterlab_batch.engine.wrapper import quote

OWNER: Final = Path(__file__).parents[2] / "engine" / "dask" / "owner.py"
STALE_SECONDS: Final = 15.0
"""An owner tells how it is every five seconds at least."""
_Told = TypeVar("_Told")
_CLUSTER_ID: Final = re.compile(r"[0-9a-z]{26}")
_MOST_SAID: Final = 500
_MOST_MEMO_BYTES: Final = 16 * 2**20
_SCRIPT: Final = """\
#!/bin/sh
# Starts the owner of a Dask cluster, once, and removes what must not outlive it.
umask 077
cd {folder} || exit 70
(set -C && : >claim) 2>/dev/null || exit 0
trap : TERM INT HUP
mkdir -p {scratch}
cd {working_directory} || exit 71
env -i {variables} BATCH_JOB_ID="$BATCH_JOB_ID" {python} {owner} {folder} </dev/null
code=$?
echo "$code" >{folder}/exit-code
rm -rf {folder}/tls {folder}/scheduler.json {scratch}
exit "$code"
"""


class Start(msgspec.Struct, kw_only=True, frozen=True):
    """What an owner is told at its start."""

    name: str
    worker_cores: int
    worker_memory_bytes: int
    idle_stop_seconds: int
    scratch: str
    python: str


class Warned(msgspec.Struct, kw_only=True, frozen=True):
    """What an owner says that its user should know."""

    code: Literal["memory", "workers_killed", "versions"]
    since: float | None
    workers: int | None
    packages: list[ClusterVersions]


class OwnerState(msgspec.Struct, kw_only=True, frozen=True):
    """What an owner says of its cluster."""

    at: float
    started_at: float
    ready: int
    wanted: int
    cores: int
    memory_bytes: int
    memory_used_bytes: int
    tasks: ClusterTasks
    has_dashboard: bool
    idle_since: float | None
    warnings: list[Warned] = []

    @property
    def told_at(self) -> datetime:
        """When it said so."""
        return moment(self.at)


class _End(msgspec.Struct, kw_only=True, frozen=True):
    reason: str


def moment(seconds: float) -> datetime:
    """Return a time that was counted since 1970."""
    return datetime.fromtimestamp(seconds, timezone.utc)


def cluster_ids(state_directory: Path) -> list[str]:
    """Return the ids of all clusters that have a folder."""
    try:
        names = [path.name for path in (state_directory / "clusters").iterdir()]
    except OSError:
        return []
    return sorted(name for name in names if _CLUSTER_ID.fullmatch(name))


class ClusterFolder(msgspec.Struct, frozen=True):
    """Where a cluster keeps what only its user may read; gone when it is over."""

    path: Path

    @classmethod
    def of(cls, state_directory: Path, cluster_id: str) -> ClusterFolder:
        """Return the folder of a cluster.

        Raises
        ------
        ValueError
            The id is none of ours.
        """
        if not _CLUSTER_ID.fullmatch(cluster_id):
            raise ValueError("The id of a cluster has 26 letters and digits.")
        return cls(state_directory / "clusters" / cluster_id)

    @property
    def script(self) -> Path:
        """What starts the owner."""
        return self.path / "run.sh"

    @property
    def log(self) -> Path:
        """What the owner says."""
        return self.path / "owner.log"

    @property
    def socket(self) -> Path:
        """Where the owner answers questions."""
        return self.path / "owner.sock"

    @property
    def scheduler_file(self) -> Path:
        """Where the scheduler listens."""
        return self.path / "scheduler.json"

    @property
    def certificate(self) -> Path:
        """Of authority, scheduler, workers and clients alike."""
        return self.path / "tls" / "certificate.pem"

    @property
    def key(self) -> Path:
        """What lets a client in."""
        return self.path / "tls" / "key.pem"

    def prepare(
        self,
        start: Start,
        order: WorkersOrder,
        *,
        working_directory: Path,
        environment: Mapping[str, str],
        memo: str,
    ) -> None:
        """Write all that the owner needs.

        Raises
        ------
        OSError
        ValueError
            Something holds a NUL character.
        """
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self.path.mkdir(mode=0o700)
        variables = " ".join(
            f"{name}={quote(value)}" for name, value in environment.items() if name.isidentifier()
        )
        script = _SCRIPT.format(
            folder=quote(str(self.path)),
            scratch=quote(start.scratch),
            working_directory=quote(str(working_directory)),
            variables=variables,
            python=quote(start.python),
            owner=quote(str(OWNER)),
        )
        _write(self.script, script.encode())
        _write(self.path / "start.json", msgspec.json.encode(start))
        _write(self.path / "memo", memo.encode())
        write_order(self.path, order)

    def memo(self) -> str | None:
        """Return what the server wrote down for itself."""
        kept = read_own_file(self.path / "memo", _MOST_MEMO_BYTES)
        return None if kept is None else kept.decode(errors="replace")

    def state(self) -> OwnerState | None:
        """Return what the owner said last; ``None`` if it said nothing yet."""
        return _read(self.path / "state.json", OwnerState)

    def stamp(self) -> int | None:
        """Return what differs when the owner said something new."""
        try:
            return (self.path / "state.json").stat().st_mtime_ns
        except OSError:
            return None

    def end_reason(self) -> str | None:
        """Return why a cluster ended by itself; ``None`` if it did not."""
        end = _read(self.path / "end.json", _End)
        return None if end is None else end.reason

    def idle_stop_seconds(self) -> int:
        """Return after how long without work it stops by itself."""
        start = _read(self.path / "start.json", Start)
        return 0 if start is None else start.idle_stop_seconds

    def python(self) -> str:
        """Return the interpreter that runs it; empty if that is not known."""
        start = _read(self.path / "start.json", Start)
        return "" if start is None else start.python

    def exit_code(self) -> int | None:
        """Return how the owner ended, whoever started it; ``None`` if its script ended before."""
        said = read_own_file(self.path / "exit-code") or b""
        return int(said) if said.strip().isdigit() else None

    def last_words(self) -> str:
        """Return the last line that the owner wrote; empty if there is none."""
        said = read_own_file(self.log, 4 * 2**20) or b""
        lines = [line.strip() for line in said.decode(errors="replace").splitlines()]
        return next((line[:_MOST_SAID] for line in reversed(lines) if line), "")

    def remove(self) -> None:
        """Remove it, and the disk space of its workers; bears it being gone."""
        start = _read(self.path / "start.json", Start)
        if start is not None:
            shutil.rmtree(start.scratch, ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o600), "wb") as file:  # noqa: PTH123 -- by descriptor
        file.write(content)


def _read(path: Path, kind: type[_Told]) -> _Told | None:
    try:
        return msgspec.json.decode(read_own_file(path) or b"", type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
