"""The gateways, and what their users may use."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.generated import GatewayList
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.service.allocations import allocations_of


class GatewaysHandler(ProblemAPIHandler):
    """All of them."""

    auth_resource = "jupyterlab-batch:gateways"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return the configured gateways and how they are."""
        self.answer(GatewayList(gateways=await self.service.described()))


class GatewayHandler(ProblemAPIHandler):
    """One of them."""

    auth_resource = "jupyterlab-batch:gateways"

    @web.authenticated
    @authorized
    async def get(self, gateway_id: str) -> None:
        """Return one gateway, asked afresh."""
        self.answer(await self.service.gateways.describe(gateway_id, fresh=True))


class AllocationsHandler(ProblemAPIHandler):
    """What the user may use of one of them."""

    auth_resource = "jupyterlab-batch:gateways"

    @web.authenticated
    @authorized
    async def get(self, gateway_id: str) -> None:
        """Return the user's limits and what is used of them."""
        fresh = self.flag("fresh")
        self.answer(await allocations_of(self.service.gateways, gateway_id, fresh=fresh))
