"""A job that is ready to be handed to a batch system, and what comes back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from jupyterlab_batch.domain.generated import JobSpec
from jupyterlab_batch.gateways.observation import Observation


class AwaitedJob(msgspec.Struct, frozen=True, kw_only=True):
    """Another job that has to be over before one may start."""

    tag: str
    native_id: str
    when: Literal["succeeded", "finished", "failed"]


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """One job, ready to be handed to a batch system.

    Everything that runs is in ``script_text``, which lies (or will lie) at
    ``run_directory / "run.sh"``; a gateway only has to run ``/bin/sh run.sh`` with
    the asked resources, its streams going to the two paths, in ``run_directory``.
    """

    job_id: str
    tag: str
    """Ours, ``jlb:<job_id>``, at most 64 characters; the batch system shows it back."""
    spec: JobSpec
    run_directory: Path
    script_text: str
    stdout_path: Path
    stderr_path: Path
    awaited: tuple[AwaitedJob, ...] = ()
    """Jobs of the same gateway that were not over a moment ago."""

    @property
    def script_path(self) -> Path:
        """Where the script lies."""
        return self.run_directory / "run.sh"


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """The batch system took the job."""

    native_id: str
    submitted_at: datetime
    said: Observation | None = None
    """What it said of a job that waits, with its answer; ``None`` if it is to be asked."""
