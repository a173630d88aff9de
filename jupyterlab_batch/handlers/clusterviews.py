"""What is seen of a Dask cluster that runs, and the end of single workers."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.decoding import MAX_INTEGER
from jupyterlab_batch.domain.generated import RetireInput
from jupyterlab_batch.handlers.clusters import ClusterAPIHandler
from jupyterlab_batch.handlers.dashboard import plots_of
from jupyterlab_batch.handlers.logs import LogBytesHandler


class ClusterWorkersHandler(ClusterAPIHandler):
    """The workers of a cluster."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return them."""
        self.answer(await self.clusters.viewer.workers(cluster_id))


class ClusterRetireHandler(ClusterAPIHandler):
    """The end of single workers."""

    @web.authenticated
    @authorized
    async def post(self, cluster_id: str) -> None:
        """End some."""
        addresses = self.decode_body(RetireInput).workers
        self.answer(await self.clusters.actor.retire(cluster_id, list(dict.fromkeys(addresses))))


class ClusterProgressHandler(ClusterAPIHandler):
    """The work of a cluster."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return how far it is."""
        self.answer(await self.clusters.viewer.progress(cluster_id))


class ClusterUsersHandler(ClusterAPIHandler):
    """Who uses a cluster."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return the clients that are connected."""
        self.answer(await self.clusters.viewer.users(cluster_id))


class ClusterLogHandler(LogBytesHandler):
    """What scheduler and workers wrote."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return bytes of it, as they are."""
        self.send(
            await self.service.clusters.viewer.log(
                cluster_id,
                offset=self.number("offset", 0, least=-MAX_INTEGER, most=MAX_INTEGER),
                limit=self.number("limit", 65_536, least=1, most=1_048_576),
            )
        )


class ClusterPlotsHandler(ClusterAPIHandler):
    """What the dashboard of a cluster can show."""

    @web.authenticated
    @authorized
    async def get(self, cluster_id: str) -> None:
        """Return its plots and pages."""
        self.answer(await plots_of(await self.clusters.viewer.dashboard(cluster_id)))
