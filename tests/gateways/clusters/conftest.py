"""Places for clusters, each started once for a module."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.client.real import RealServer
from tests.gateways.clusters.daskrig import DaskGatewayRig
from tests.gateways.clusters.daskserver import DaskGatewayServer, missing
from tests.gateways.clusters.local import LocalRig
from tests.gateways.clusters.rig import ClusterRig
from tests.gateways.clusters.servers import gateways_with

RIGS: dict[str, type[ClusterRig]] = {kind.title: kind for kind in (LocalRig, DaskGatewayRig)}


@pytest.fixture(scope="session")
def dask_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskGatewayServer]:
    """A Dask Gateway for all tests that leave it as it is."""
    server = DaskGatewayServer(tmp_path_factory.mktemp("dask-gateway"))
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def real_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RealServer]:
    """A Jupyter server that has it, and its own engine."""
    why = missing()
    if why is not None:
        pytest.skip(why)
    gateways = gateways_with(request.getfixturevalue("dask_server"))
    server = RealServer(tmp_path_factory.mktemp("server"), gateways)
    yield server
    server.close()


@pytest_asyncio.fixture(params=list(RIGS))
async def rig(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ClusterRig]:
    """One place after another; whatever a failed test left there is ended."""
    kind = RIGS[request.param]
    why = kind.missing()
    if why is not None:
        pytest.skip(why)
    place = kind.make(request, tmp_path_factory.mktemp("clusters"))
    yield place
    await place.close()
