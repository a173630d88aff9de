"""The contract itself, and all addresses that it does not have."""

from __future__ import annotations

import asyncio

from jupyter_server.auth.decorator import authorized
from tornado import web

from jupyterlab_batch.domain.contractfiles import contract_file
from jupyterlab_batch.domain.problems import NOTHING_HERE, NotFound
from jupyterlab_batch.handlers.base import ProblemAPIHandler


class ContractHandler(ProblemAPIHandler):
    """``openapi.yaml``."""

    auth_resource = "jupyterlab-batch:contract"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return the contract."""
        text = await asyncio.to_thread(contract_file("openapi.yaml").read_bytes)
        self.finish(text, set_content_type="application/yaml")


class NowhereHandler(ProblemAPIHandler):
    """Any other address below ours."""

    auth_resource = "jupyterlab-batch:contract"

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Say that there is nothing."""
        raise _nothing()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Say that there is nothing."""
        raise _nothing()

    @web.authenticated
    @authorized
    async def put(self) -> None:
        """Say that there is nothing."""
        raise _nothing()

    @web.authenticated
    @authorized
    async def patch(self) -> None:
        """Say that there is nothing."""
        raise _nothing()

    @web.authenticated
    @authorized
    async def delete(self) -> None:
        """Say that there is nothing."""
        raise _nothing()


def _nothing() -> NotFound:
    return NotFound(NOTHING_HERE)
