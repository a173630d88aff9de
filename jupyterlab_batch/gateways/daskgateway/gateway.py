"""Clusters on a Dask Gateway."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, ClassVar, Final

import msgspec
from traitlets import TraitError

from jupyterlab_batch.domain.clusters import given_options, may_be
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    ClusterAddress,
    ClusterCandidate,
    ClusterCapabilities,
    ClusterClient,
    ClusterLimits,
    ClusterOffer,
    ClusterSpec,
    ClusterUsers,
    ClusterWorkerList,
    FixedWorkers,
    Issue,
)
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.breaker import Breaker
from jupyterlab_batch.gateways.clusters import (
    Accepted,
    ClusterLaunch,
    ClusterObservation,
    Created,
    FoundCluster,
    TrackedCluster,
    Wanted,
)
from jupyterlab_batch.gateways.clusterviews import Dashboard
from jupyterlab_batch.gateways.daskgateway.answers import Option, Record
from jupyterlab_batch.gateways.daskgateway.clientcode import client_of
from jupyterlab_batch.gateways.daskgateway.configuration import DaskGatewayOptions
from jupyterlab_batch.gateways.daskgateway.http import Http, Refused
from jupyterlab_batch.gateways.daskgateway.identity import workers_of
from jupyterlab_batch.gateways.daskgateway.options import (
    chosen,
    field_in,
    issues_of,
    schema,
)
from jupyterlab_batch.gateways.daskgateway.poll import ClusterPoll, Pace
from jupyterlab_batch.gateways.daskgateway.rest import Rest, page_of
from jupyterlab_batch.gateways.daskgateway.workers import NO_WORKER

_KNOWN_SECONDS: Final = 60.0
"""So old what can be chosen may get before the gateway is asked again."""
_MAX_NAME_LENGTH: Final = 200
_CAPABILITIES: Final = ClusterCapabilities(
    adaptive=True,
    tasks=True,
    survives_server=True,
    idle_stop=False,
    working_directory=False,
    workers=True,
    retire=False,
    progress=False,
    log=False,
    dashboard=True,
)


class _Known(msgspec.Struct, frozen=True):
    """What a gateway said of itself."""

    version: str
    options: list[Option]
    read_at: float


class DaskGateway(DaskGatewayOptions):
    """A Dask Gateway, by its REST interface, as its user."""

    kind: ClassVar[str] = "dask-gateway"

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        if not self.url:
            raise TraitError("url is missing")
        self._breaker = Breaker(lambda: None)
        self._trust = self.make_trust()
        self._http = Http(
            url=self.url,
            public_url=self.public_url or self.url,
            verify=self._trust,
            auth=self.auth,
            user_name=self.user_name,
            secret=self.make_secret(),
            deadline_seconds=self.deadline_seconds,
            breaker=self._breaker,
        )
        self._rest = Rest(self._http, start_deadline_seconds=self.start_deadline_seconds)
        pace = Pace(
            looking_seconds=self.looking_interval_seconds,
            unseen_seconds=self.unseen_interval_seconds,
            calls_per_minute=self.calls_per_minute,
        )
        self._poll = ClusterPoll(self._rest, self._breaker, pace, self._note_too_large)
        self._known: _Known | None = None
        self._reading = asyncio.Lock()
        self._too_large: list[Mapping[str, Any]] = []
        """Options with which the gateway gave no worker."""

    def _note_too_large(self, options: Mapping[str, Any]) -> None:
        if options not in self._too_large:
            self._too_large.append(options)

    async def stop(self) -> None:
        """Close the connections. Clusters go on."""
        await self._poll.stop()
        await self._http.close()

    async def describe(self) -> ClusterOffer:
        """Return what the gateway offers; of one that is silent what it offered last."""
        unavailable = None
        try:
            await self._read()
        except (GatewayUnreachable, NotSignedIn) as problem:
            unavailable = problem.message
        known = self._known
        return ClusterOffer(
            id=self.gateway_id,
            kind=self.kind,
            title=self.title,
            version=None if known is None else known.version,
            health=self._breaker.health,
            unavailable=unavailable,
            capabilities=_CAPABILITIES,
            limits=ClusterLimits(
                max_workers=None, max_idle_stop_seconds=None, max_name_length=_MAX_NAME_LENGTH
            ),
            options=schema([] if known is None else known.options),
            default_spec=ClusterSpec(workers=FixedWorkers(count=self.default_workers)),
            notices=[],
        )

    async def _read(self) -> _Known:
        """Return what can be chosen, as of a moment ago; many who ask at once ask it once."""
        async with self._reading:
            return await self._read_alone()

    async def _read_alone(self) -> _Known:
        known = self._known
        is_fresh = known is not None and time.monotonic() - known.read_at < _KNOWN_SECONDS
        if known is not None and is_fresh and self._breaker.health.error is None:
            return known
        if self._breaker.is_pausing:
            message = self._breaker.health.error or "Dask Gateway is left alone for a while."
            raise GatewayUnreachable(message, gateway_id=self.gateway_id)
        # In this order: it tells its version to anybody, which says nothing of who we are.
        options = await self._rest.options()
        self._known = _Known(await self._rest.version(), options, time.monotonic())
        return self._known

    async def check(self, spec: ClusterSpec) -> list[Issue]:
        """Return all that is wrong with the options, which the gateway would say one by one."""
        options = (await self._read()).options
        found = list(issues_of(given_options(spec), options))
        wants_workers = Wanted.of(spec.workers).maximum > 0
        if not found and wants_workers and chosen(given_options(spec), options) in self._too_large:
            found.append(issue("spec.options", "gateway_refused", NO_WORKER))
        return found

    async def create(self, launch: ClusterLaunch) -> Created:
        """Start a cluster; its workers are asked for as soon as it is up."""
        given = given_options(launch.spec)
        try:
            name = await self._rest.create(given)
        except Refused as refused:
            options = [] if self._known is None else self._known.options
            raise GatewayRefused(
                refused.message,
                field=field_in(refused.message, options),
                gateway_id=self.gateway_id,
            ) from refused
        return Created(native_id=name, accepted=None)

    async def look_up(self, launch: ClusterLaunch) -> list[ClusterCandidate]:
        """Return clusters that may be the one of a launch: nothing here bears its tag.

        They are new since it was asked for and have its options, also those that failed at once.
        """
        living, over = await asyncio.gather(self._rest.clusters(), self._rest.clusters(over=True))
        found = [*living.values(), *over.values()]
        return [_candidate(one) for one in found if _may_be(one, launch)]

    async def survey(self, known: Collection[str]) -> list[FoundCluster]:
        """Return clusters of this user that something else started, while somebody looks."""
        del known
        if not self._poll.is_looking or self._breaker.is_pausing:
            return []
        return [
            FoundCluster(native_id=one.name, asked_at=one.asked_at, options=one.options)
            for one in (await self._rest.clusters()).values()
            if one.status in {"PENDING", "RUNNING"}
        ]

    async def scale(self, native_id: str, wanted: Wanted) -> Accepted:
        """Want another number of workers; a fixed one ends adapting by itself."""
        accepted = await self._rest.scale(native_id, wanted)
        self._poll.settle(native_id)
        self._poll.hurry()
        return accepted

    async def close(self, native_id: str) -> None:
        """End a cluster; it takes some 5 s, with workers 14 s."""
        await self._rest.close(native_id)
        self._poll.closing(native_id)

    def watch(self) -> AsyncIterator[ClusterObservation]:
        """Yield what the gateway and the schedulers tell."""
        return self._poll.watch()

    def track(self, clusters: Sequence[TrackedCluster]) -> None:
        """Watch these clusters too."""
        self._poll.add(clusters)

    def looked(self) -> None:
        """Look more often for a while."""
        self._poll.looked()

    async def workers(self, cluster: TrackedCluster) -> ClusterWorkerList:
        """Return the workers, as the scheduler tells them."""
        return workers_of(await self._rest.identity(cluster.native_id), datetime.now(timezone.utc))

    async def users(self, cluster: TrackedCluster) -> ClusterUsers:
        """Return how many clients are connected; the scheduler does not tell from where."""
        counts = await self._rest.counts(cluster.native_id)
        now = datetime.now(timezone.utc)
        return ClusterUsers(as_of=now, clients=max(0, counts.clients - 1), kernel_ids=None)

    async def dashboard(self, cluster: TrackedCluster) -> Dashboard:
        """Return where it is; the gateway asks for no sign-in there, and gets none."""
        url = (self.public_url or self.url) + page_of(cluster.native_id)
        return Dashboard(url=url, trust=self._trust)

    def client(self, launch: ClusterLaunch) -> ClusterClient:
        """Return where the gateway is, and where what one signs in with lies."""
        return client_of(
            ClusterAddress(
                address=self.url,
                proxy_address=self.proxy_address or None,
                name=launch.native_id or "",
                auth=self.auth,  # type: ignore[arg-type]  # its trait allows no other
                user_name=self.user_name if self.auth == "basic" else None,
                secret=self.secret_place,
            )
        )


def _may_be(record: Record, launch: ClusterLaunch) -> bool:
    return may_be(launch.spec, launch.asked_at, options=record.options, created_at=record.asked_at)


def _candidate(record: Record) -> ClusterCandidate:
    return ClusterCandidate(
        native_id=record.name,
        created_at=record.asked_at,
        state=record.status.capitalize(),
        options=record.options,
    )
