"""What the suite needs to know of a batch system, to run against the real thing."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import pytest

from jupyterlab_batch.gateways.base import JobGateway

OURS = (
    "tests.gateways.rigs.local:LocalRig",
    "tests.gateways.rigs.slurm:RestRig",
    "tests.gateways.rigs.slurm:ToolsRig",
    "tests.gateways.rigs.slurm:StockRig",
    "tests.gateways.rigs.slurm:StockRestRig",
)
RIGS_VARIABLE = "BATCH_GATEWAY_RIGS"
"""Names other rigs in place of ours, as ``package.module:Class``, separated by blanks."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a gateway really handed to its batch system."""

    request: str
    """Written as `Preview.request` is."""
    script: str


@dataclass(frozen=True, kw_only=True)
class Eavesdropped:
    """A gateway somebody listens to."""

    gateway: JobGateway
    heard: Callable[[], Heard]
    """Returns the last submission."""


class Rig(ABC):
    """One batch system under test. It is started once and serves every test.

    Parameters
    ----------
    request
        Of pytest; gives fixtures that several rigs share.
    folder
        Of this rig alone; the nodes that run jobs must see it.
    """

    title: ClassVar[str]
    """Heads its column in the table of capabilities."""
    shortest_walltime_seconds: ClassVar[int] = 1
    walltime_deadline_seconds: ClassVar[float] = 60.0
    """How long after its start a job of that limit has certainly been ended."""
    ends_orphans: ClassVar[bool] = True
    """It also ends what lost its parent in a session of its own, as set up here."""
    shows_tags: ClassVar[bool] = True
    """It gives our tag back; a site may put something else in its place."""
    tells_memory_kills: ClassVar[bool] = True
    """It can be told from other kills that a job was over its memory."""
    own_variables: ClassVar[tuple[str, ...]] = ()
    """How the names begin that the batch system itself adds to the environment of jobs."""
    unknown_native_id: str
    """Could be a job's, but is none's."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self.request = request
        self.folder = folder

    @classmethod
    def missing(cls) -> str | None:
        """Say why the batch system cannot be started here; ``None`` if it can."""
        return None

    def start(self) -> None:  # noqa: B027 -- what is shared may be running already
        """Start the batch system."""

    def stop(self) -> None:  # noqa: B027 -- likewise
        """Stop it, and leave no process behind."""

    @abstractmethod
    def make_gateway(self) -> JobGateway:
        """Return a gateway to it; each call another one. One that polls should do so often."""

    def terms(self, native_id: str) -> tuple[int, int, str]:
        """Return time limit in seconds, nice value and comment of a job, if they can change."""
        raise NotImplementedError

    @abstractmethod
    def outage(self) -> AbstractContextManager[None]:
        """Be without the batch system for a while. What runs must run on."""

    @abstractmethod
    def eavesdrop(self) -> AbstractContextManager[Eavesdropped]:
        """Listen between a gateway and the batch system."""


def load_rigs() -> dict[str, type[Rig]]:
    """Return the rigs of this run, by their title."""
    named = os.environ.get(RIGS_VARIABLE, "").split() or OURS
    rigs = {}
    for name in named:
        module, _, class_name = name.partition(":")
        rig: type[Rig] = getattr(import_module(module), class_name)
        rigs[rig.title] = rig
    return rigs
