"""Stands in for a gateway that is configured but cannot be used, and says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from traitlets import Unicode

from jupyterlab_batch.domain.generated import (
    Capabilities,
    Gateway,
    Health,
    Issue,
    JobSpec,
    Limits,
    Preview,
    Survives,
)
from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.base import NO_SITE, JobGateway
from jupyterlab_batch.gateways.launch import Launch, Submitted
from jupyterlab_batch.gateways.observation import Observation, WatchEvent
from jupyterlab_batch.gateways.tracking import Tracked


def undescribed(gateway_id: str, kind: str, title: str, why: str) -> Gateway:
    """Return the description of a gateway of which nothing is known but why."""
    return Gateway(
        id=gateway_id,
        kind=kind,
        title=title,
        version=None,
        health=Health(ok=False, auth_ok=None, latency_ms=None, error=why, as_of=None),
        capabilities=Capabilities(
            push=False,
            history=False,
            memory_limit=False,
            walltime_limit=False,
            usage=False,
            accounts=False,
            hold=False,
            dependencies=False,
            signal=False,
            requeue=False,
            suspend=False,
            changes=[],
            task_orders=False,
            script_options=False,
        ),
        survives=Survives(server_restart=False, reboot=False),
        limits=Limits(
            max_cores=None,
            max_memory_bytes=None,
            max_gpus=None,
            max_array_size=None,
            max_name_length=200,
        ),
        queues=[],
        accounts=[],
        site=NO_SITE,
        notices=[why],
    )


class UnavailableGateway(JobGateway):
    """Shows a mistake of the configuration where users look for the gateway."""

    kind = "unavailable"

    configured_kind = Unicode(help="What the configuration asked for.")
    why = Unicode(help="Why it cannot be used, for the user.")

    async def describe(self, *, fresh: bool = False) -> Gateway:
        """Return a gateway that never answers."""
        del fresh
        return undescribed(self.gateway_id, self.configured_kind, self.title, self.why)

    async def check(self, spec: JobSpec) -> list[Issue]:
        """Refuse every job: there is nobody to ask."""
        del spec
        raise self._problem()

    def render(self, launch: Launch) -> Preview:
        """Refuse every job: there is nobody to send it to."""
        raise self._problem()

    async def submit(self, launch: Launch) -> Submitted:
        """Refuse every job."""
        raise self._problem()

    async def look_up(self, launch: Launch) -> Observation | None:
        """Say that nobody can tell."""
        raise self._problem()

    async def look_at(self, native_ids: Sequence[str]) -> list[Observation]:
        """Say that nobody can tell."""
        raise self._problem()

    async def watch(self) -> AsyncIterator[WatchEvent]:
        """See nothing, for ever."""
        await asyncio.Event().wait()
        yield Observation(native_id="", phase="UNKNOWN")

    def track(self, jobs: Sequence[Tracked]) -> None:
        """Leave the jobs as they are."""

    async def cancel(self, native_id: str) -> None:
        """Say that nobody can be told."""
        raise self._problem()

    def _problem(self) -> GatewayUnreachable:
        return GatewayUnreachable(
            f"{self.title} cannot be used: {self.why}", gateway_id=self.gateway_id
        )
