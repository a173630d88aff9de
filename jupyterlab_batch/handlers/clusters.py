"""Dask clusters: list, start, look at, change, connect."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import parse_object
from jupyterlab_batch.domain.generated import AdaptInput, IdentifyInput, ScaleInput
from jupyterlab_batch.domain.problems import BadRequest
from jupyterlab_batch.gateways.clusters import Wanted
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.service.clusters import Clusters


class ClusterAPIHandler(ProblemAPIHandler):
    """A handler of clusters."""

    auth_resource = "jupyterlab-batch:clusters"

    @property
    def clusters(self) -> Clusters:
        """The use cases."""
        return self.service.clusters


class ClustersHandler(ClusterAPIHandler):
    """All clusters."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return those that are not over, and the last ones that are."""
        ended = self.number("ended", 20, least=0, most=500)
        is_looked_at = self.flag("looking", default=True)
        self.answer(await self.clusters.listed(ended, is_looked_at=is_looked_at))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Start a cluster, once per key."""
        started = await self.clusters.starter.start(
            parse_object(self.body), key=self.request.headers.get("Idempotency-Key")
        )
        status = HTTPStatus.CREATED if started.is_new else HTTPStatus.OK
        self.answer(started.record.to_wire(), status=status)


class ClusterCheckHandler(ClusterAPIHandler):
    """What would be refused."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Return all that is wrong with a cluster that is asked for."""
        self.answer(await self.clusters.starter.check(parse_object(self.body)))


class ClusterGatewaysHandler(ClusterAPIHandler):
    """Where clusters can be started."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return what each gateway offers."""
        self.answer(await self.clusters.offers())


class ClusterHandler(ClusterAPIHandler):
    """One cluster."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return a cluster."""
        self.answer((await self.clusters.actor.get(cluster_id)).to_wire())

    @web.authenticated
    @authorized
    async def delete(self, cluster_id: str) -> None:
        """Forget the record of a cluster that is over."""
        await self.clusters.actor.forget(cluster_id)
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()


class ClusterScaleHandler(ClusterAPIHandler):
    """How many workers."""

    @web.authenticated
    @authorized
    async def post(self, cluster_id: str) -> None:
        """Have so many from now on."""
        count = self.decode_body(ScaleInput).count
        wanted = Wanted(minimum=count, maximum=count, adaptive=False)
        self.answer(await self.clusters.actor.scale(cluster_id, wanted))


class ClusterAdaptHandler(ClusterAPIHandler):
    """As many workers as there is work for."""

    @web.authenticated
    @authorized
    async def post(self, cluster_id: str) -> None:
        """Have between so many and so many from now on."""
        given = self.decode_body(AdaptInput)
        if given.maximum < max(1, given.minimum):
            message = "maximum is at least 1, and not below minimum. Nothing was changed."
            raise BadRequest(message, field="maximum")
        wanted = Wanted(minimum=given.minimum, maximum=given.maximum, adaptive=True)
        self.answer(await self.clusters.actor.scale(cluster_id, wanted))


class ClusterStopHandler(ClusterAPIHandler):
    """The end of a cluster."""

    @web.authenticated
    @authorized
    async def post(self, cluster_id: str) -> None:
        """End it."""
        self.answer(await self.clusters.actor.stop(cluster_id))


class ClusterIdentifyHandler(ClusterAPIHandler):
    """Which one a cluster is whose answer was lost."""

    @web.authenticated
    @authorized
    async def post(self, cluster_id: str) -> None:
        """Take the user's word for it."""
        native_id = self.decode_body(IdentifyInput).native_id
        self.answer(await self.clusters.actor.identify(cluster_id, native_id))


class ClusterClientHandler(ClusterAPIHandler):
    """How a notebook connects."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return the text of a cell, and the places that it names."""
        self.answer(await self.clusters.actor.client(cluster_id))
