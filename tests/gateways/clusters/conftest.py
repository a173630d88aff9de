"""Places for clusters, each started once for a module."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.gateways.clusters.local import LocalRig
from tests.gateways.clusters.rig import ClusterRig

RIGS: dict[str, type[ClusterRig]] = {kind.title: kind for kind in (LocalRig,)}


@pytest_asyncio.fixture(params=list(RIGS))
async def rig(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ClusterRig]:
    """One place after another; whatever a failed test left there is ended."""
    kind = RIGS[request.param]
    why = kind.missing()
    if why is not None:
        pytest.skip(why)
    place = kind(tmp_path_factory.mktemp("clusters"))
    yield place
    await place.close()
