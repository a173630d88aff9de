"""What every batch system must offer, whatever it is.

An adapter is one subclass of `JobGateway` in one file or folder, found by the entry point group
``jupyterlab_batch.gateways`` (its name is the gateway's *kind*). It knows ``domain`` and nothing
above; it never writes to the store. The suite in ``tests/gateways`` says what is expected of it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
from traitlets import List, Unicode
from traitlets.config import LoggingConfigurable

from jupyterlab_batch.domain.generated import (
    AllocationList,
    Gateway,
    ImportedLine,
    Issue,
    JobSpec,
    OptionalField,
    Preview,
    Site,
)
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.engine.environments import MODULES_FILE
from jupyterlab_batch.engine.images import command_found
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.gateways.gatewaytype import GatewayType
from jupyterlab_batch.gateways.launch import Launch, Submitted
from jupyterlab_batch.gateways.observation import Observation, WatchEvent
from jupyterlab_batch.gateways.order import Order
from jupyterlab_batch.gateways.tracking import Tracked

NO_SITE: Final = Site(
    as_of=None,
    accepts=[],
    native=[],
    default_account=None,
    qos=[],
    reservations=[],
    features=[],
    jobs_waiting=None,
)
"""Of a batch system that has nothing to choose from."""
ENVIRONMENTS: Final[list[OptionalField]] = [
    "environment.python",
    "environment.conda",
    "environment.modules",
]
"""What our wrapper sets up wherever it runs; images need a command of the site."""


class ScriptReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a script says of its job to the batch system."""

    spec: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Fields of the job, as JSON has them; those of which the script says nothing are not there."""
    taken: Sequence[ImportedLine] = ()
    passed_on: Sequence[ImportedLine] = ()
    refused: Sequence[ImportedLine] = ()


class JobGateway(LoggingConfigurable, metaclass=GatewayType):
    """One configured batch system.

    All coroutines run on the server's event loop, must not block it, may be cancelled at any
    ``await`` and must end by themselves within their deadline.
    """

    kind: ClassVar[str]
    """Name of the entry point."""

    is_on_this_machine: ClassVar[bool] = False
    """Its jobs run where the Jupyter server does, and so see the same files."""

    gateway_id = Unicode(help="Names this gateway in jobs; must never change.").tag(config=True)
    title = Unicode(help="Shown to users.").tag(config=True)
    run_root = Unicode(
        help="Where the run directories of its jobs are made; default: `BatchExtension.run_root`."
    ).tag(config=True)

    modules_file = Unicode(
        MODULES_FILE, help="Defines the function `module` on the machines that run its jobs."
    ).tag(config=True)

    image_command = List(
        Unicode(),
        None,
        allow_none=True,
        help="Starts a container image on the machines that run its jobs: words, in which {image}, "
        "{run_directory} and {working_directory} are filled in, and {gpus:--nv} is one only with "
        "GPUs. None: apptainer or singularity, if it is on the server's PATH; empty: no images.",
    ).tag(config=True)

    @property
    def image_words(self) -> list[str]:
        """The words that start an image; none if it has no images."""
        return command_found() if self.image_command is None else list(self.image_command)

    @property
    def environments(self) -> list[OptionalField]:
        """What our wrapper sets up where its jobs run."""
        return [*ENVIRONMENTS, "environment.image"] if self.image_words else list(ENVIRONMENTS)

    def node_path(self, path: Path) -> Path:
        """Return under which path the machines that run jobs see what we see under this one."""
        return path

    def clusters(self) -> ClusterGateway | None:
        """Return what starts Dask clusters here, always the same; ``None`` if nothing does."""
        return None

    async def start(self) -> None:
        """Open what is needed. Must not fail because the batch system is down."""

    async def stop(self) -> None:
        """Close what `start` opened. Jobs go on. Bears not having been started."""

    @abstractmethod
    async def describe(self, *, fresh: bool = False) -> Gateway:
        """Return what the gateway is, has and can, and how it is.

        Never raises for a batch system that is down: that is in ``health``, and the rest is as
        it was last known. ``fresh`` asks the batch system again rather than a cache.
        """

    @abstractmethod
    async def check(self, spec: JobSpec) -> list[Issue]:
        """Return what this batch system has against a submission, without submitting it.

        Errors are what can never work; limits that the batch system reports are warnings.
        """

    async def allocations(self, *, fresh: bool = False) -> AllocationList:
        """Return what the user may use, as it was at most a few minutes ago; by default nothing.

        Never raises for a batch system that is down: ``missing`` says it. ``fresh`` asks again.
        """
        del fresh
        missing = f"{self.title} limits nobody and charges nobody."
        return AllocationList(allocations=[], as_of=None, missing=missing)

    async def charge(self, spec: JobSpec) -> Charge | None:
        """Return what a job may take of it; ``None`` where nobody is charged."""
        del spec
        return None

    def read_script(self, script: str, folder: str) -> ScriptReading:
        """Read what a script says of its job, such as ``#SBATCH`` lines; nothing by default.

        Parameters
        ----------
        folder
            From which relative paths in it start.

        Raises
        ------
        ValueError
            The batch system would not take it as a script; the message says why.
        """
        del script, folder
        return ScriptReading()

    @abstractmethod
    def render(self, launch: Launch) -> Preview:
        """Return exactly what `submit` would send; `submit` uses this very function."""

    @abstractmethod
    async def submit(self, launch: Launch) -> Submitted:
        """Hand one job to the batch system.

        Raises
        ------
        GatewayRefused
            It said no: no job exists.
        NotSignedIn
            The credential is missing, expired or foreign: no job exists.
        GatewayUnreachable
            Nothing was sent: no job exists.
        AnswerLost
            Sent, but no answer was read: the job may exist. Never resend; look the tag up.
        """

    @abstractmethod
    async def look_up(self, launch: Launch) -> Observation | None:
        """Find the job of a launch whose answer was lost, by its tag.

        Returns
        -------
        The job, or ``None`` if the batch system answered and knows no job of this tag.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
            Nobody can tell.
        """

    @abstractmethod
    async def look_at(self, native_ids: Sequence[str]) -> list[Observation]:
        """Ask for some jobs now, in as few calls as possible; those not known are left out.

        Not ``observe``: that name belongs to traitlets, and no instance could be made.
        """

    @abstractmethod
    def watch(self) -> AsyncIterator[WatchEvent]:
        """Yield every change of every tracked job until closed.

        A job that is `track`ed yields at least one observation. A slow or silent batch system
        is awaited without end; it shows as `HealthChanged`, never as an exception.
        """

    @abstractmethod
    def track(self, jobs: Sequence[Tracked]) -> None:
        """Watch these jobs too, until each is over. Tracking one twice does nothing."""

    def nudge(self, native_ids: Sequence[str]) -> None:
        """Something happened to these jobs (their status file says so): look soon."""

    def set_interest(self, *, looking: bool) -> None:
        """Somebody is looking at this gateway's jobs, or nobody is any more."""

    @abstractmethod
    async def cancel(self, native_id: str) -> None:
        """End a job. Returns when the batch system took the order; the end is seen by `watch`.

        A job that is already over, or not known, is no error.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """

    async def cancel_tasks(self, native_id: str, task_indices: Sequence[int]) -> None:
        """End some tasks of an array. Only where ``limits.max_array_size`` is not ``None``.

        A task that is already over, or not known, is no error.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        raise GatewayRefused(f"{self.title} has no arrays.", gateway_id=self.gateway_id)

    async def hold(self, native_id: str) -> None:
        """Keep a job that waits from starting. Only where ``capabilities.hold`` is true.

        Returns when the batch system took the order. Holding one that is held is no error.

        Raises
        ------
        GatewayRefused
            It has started already, or is over; its words say which.
        GatewayUnreachable, NotSignedIn
        """
        raise GatewayRefused(f"{self.title} cannot hold jobs.", gateway_id=self.gateway_id)

    async def release(self, native_id: str) -> None:
        """Let a held job start again. Releasing one that is not held is no error.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        raise GatewayRefused(f"{self.title} cannot hold jobs.", gateway_id=self.gateway_id)

    async def order(
        self, native_id: str, order: Order, *, tag: str, task_indices: Sequence[int] = ()
    ) -> None:
        """Give an order to a job, or to some tasks of an array, where the capabilities say so.

        Raises
        ------
        GatewayRefused, GatewayUnreachable, NotSignedIn
        """
        why = self.why_never(native_id, order) or f"{self.title} cannot do that."
        raise GatewayRefused(why, gateway_id=self.gateway_id)

    def why_never(self, native_id: str, order: Order) -> str | None:
        """Say why an order that the capabilities have not is not there, and what does it instead.

        ``None`` if there is no more to say than that the batch system cannot.
        """
        return None
