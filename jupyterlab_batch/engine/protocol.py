"""What gateway and supervisor say to each other: one JSON object a line, over a Unix socket.

A request is answered by the `Reply` of its number. After `Subscribe`, every change of a job comes
as a `Changed`.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec
import psutil

from jupyterlab_batch.domain.generated import Phase, ReasonCode
from jupyterlab_batch.engine.clusterrequest import ClusterShare, Scale, WorkersOrder

PROTOCOL_VERSION: Final = 3
"""2 knows arrays, dependencies and GPUs, 3 clusters. `Hello` and its answer never change."""
OLDEST_VERSION: Final = 1
"""A supervisor that was started before an upgrade goes on; it is spoken to as it understands."""
MAX_LINE_BYTES: Final = 64 * 1024 * 1024
_MAX_SOCKET_PATH: Final = 100
"""The kernel takes 107 bytes on Linux, 103 on macOS."""


Run = tuple[int, int, int]
"""Indices: the first, the last, and the step between two."""


class ArrayRequest(msgspec.Struct, kw_only=True, frozen=True):
    """The tasks of one array."""

    runs: list[Run]
    max_running: int | None


class Awaited(msgspec.Struct, kw_only=True, frozen=True):
    """Another job that has to be over before this one starts."""

    tag: str
    when: Literal["succeeded", "finished", "failed"]


class JobRequest(msgspec.Struct, kw_only=True, frozen=True):
    """One job as the supervisor gets it."""

    job_id: str
    tag: str
    name: str
    run_directory: str
    script_path: str
    stdout_path: str
    stderr_path: str
    cores: int
    memory_bytes: int
    walltime_seconds: int
    gpus: int = 0
    array: ArrayRequest | None = None
    awaited: list[Awaited] = []
    cluster: ClusterShare | None = None
    task_index: int | None = None
    """Of one task of an array, as the supervisor makes it from the request of the array."""

    @property
    def needed_version(self) -> int:
        """The version of a supervisor that understands this."""
        if self.cluster is not None:
            return 3
        return 2 if self.gpus or self.array or self.awaited else 1

    @property
    def mark(self) -> str:
        """What the job's processes carry in their environment, to be known by."""
        return mark_of(self.job_id, self.task_index)

    def task(self, index: int) -> JobRequest:
        """Return the request of one task of this array."""
        directory = f"{self.run_directory}/tasks/{index}"
        return msgspec.structs.replace(
            self,
            tag=f"{self.tag}_{index}",
            run_directory=directory,
            stdout_path=f"{directory}/stdout.log",
            stderr_path=f"{directory}/stderr.log",
            array=None,
            awaited=[],
            task_index=index,
        )


class JobState(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What the supervisor knows of one job. ``None`` is *not known (yet)*."""

    native_id: str
    tag: str
    submitted_at: datetime
    phase: Phase = "QUEUED"
    substate: str | None = None
    reason: ReasonCode | None = None
    reason_text: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    exit_code: int | None = None
    signal: int | None = None
    elapsed_seconds: float | None = None
    cpu_seconds: float | None = None
    memory_peak_bytes: int | None = None
    is_usage_partial: bool = False
    """Nobody measured it for a while: it used at least that."""
    index: int | None = None
    """Of a task."""
    tasks: list[JobState] = []
    """Of an array: the tasks of which there is something new, or all that ever started."""


class Hello(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="hello"):
    """Ask who is there."""

    number: int


class Submit(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="submit"):
    """Take one job. The tag of a job that is known gives that job: nothing runs twice."""

    number: int
    job: JobRequest


class Cancel(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="cancel"):
    """End one job, or some tasks of an array. What is over, or not known, is no error."""

    number: int
    native_id: str
    task_indices: list[int] | None = None


class Hold(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="hold"):
    """Keep a job that waits from starting, or let it start again, in its old place."""

    number: int
    native_id: str
    is_held: bool


class ListJobs(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="list"):
    """Ask for some jobs, arrays with all tasks that ever started."""

    number: int
    native_ids: list[str]


class Find(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="find"):
    """Ask for the job of a tag."""

    number: int
    tag: str


class Subscribe(msgspec.Struct, kw_only=True, frozen=True, tag_field="op", tag="subscribe"):
    """Ask for every change from now on."""

    number: int


Request = Hello | Submit | Cancel | Hold | Scale | ListJobs | Find | Subscribe


class Refusal(msgspec.Struct, kw_only=True, frozen=True):
    """Why a request was refused, for a person."""

    message: str
    field: str | None = None


class Reply(msgspec.Struct, kw_only=True, frozen=True, tag_field="kind", tag="reply"):
    """The answer to one request."""

    number: int
    jobs: list[JobState] = []
    refusal: Refusal | None = None
    order: WorkersOrder | None = None
    """Of a cluster: what is wanted from now on, maybe less than was asked for."""
    version: int = PROTOCOL_VERSION
    pid: int = 0


class Changed(msgspec.Struct, kw_only=True, frozen=True, tag_field="kind", tag="changed"):
    """One job changed."""

    job: JobState


Message = Reply | Changed


def encode(message: Request | Message) -> bytes:
    """Return one line."""
    return msgspec.json.encode(message) + b"\n"


def mark_of(job_id: str, task_index: int | str | None) -> str:
    """Return by what the processes of a job, or of one task of an array, are known."""
    return job_id if task_index is None else f"{job_id}.{task_index}"


class NotOurs(OSError):
    """A state directory belongs to somebody else or is open to others."""


def host_key() -> str:
    """Return a short word for this host."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:4]


def boot_key() -> str:
    """Return a short word for this host since its last start."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = str(int(psutil.boot_time()))
    return hashlib.sha256(boot.encode()).hexdigest()[:4]


def default_state_directory() -> Path:
    """Return where the supervisor of this user, host and boot keeps its state: a local disk."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    is_usable = own and _is_private(Path(own))
    root = Path(own) / "jupyterlab-batch" if is_usable else _shared_root()
    return root / f"{host_key()}-{boot_key()}"


def prepare_state_directory(path: Path) -> None:
    """Create a state directory for us alone.

    Raises
    ------
    NotOurs
        It, or the folder for our sockets, belongs to somebody else, or others may enter it.
    """
    ours = [path, socket_path(path).parent]
    root = _shared_root()
    if any(root in folder.parents for folder in ours):
        ours.insert(0, root)
        _close_to_others(root)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in ours:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(folder):
            raise NotOurs(
                f"{folder} is not ours alone; the local engine cannot use it. Nothing was started. "
                "Close it to others (chmod 700) if it is yours, or set TMPDIR to another folder."
            )


def socket_path(state_directory: Path) -> Path:
    """Return where the supervisor listens; beside a path that is too long for a socket."""
    path = state_directory / "supervisor.sock"
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(state_directory)).hexdigest()[:16]
    return _shared_root() / digest / "s"


def _shared_root() -> Path:
    # Not tempfile.gettempdir(), which fails where the disk is full.
    folder = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 -- what we make there is checked
    return Path(folder) / f"jupyterlab-batch-{os.getuid()}"


def _close_to_others(folder: Path) -> None:
    """Take back what earlier versions, which made it as the parent of another, let others see."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if is_ours and not status.st_mode & 0o022:  # nobody else can have put anything there
        folder.chmod(0o700)


def _is_private(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077
    )
