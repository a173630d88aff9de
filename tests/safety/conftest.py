"""Real servers, as one that attacks them would meet them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.client.real import RealServer
from tests.safety.site import GATEWAYS, Site, serving, site_in
from tests.slurm_cluster.cluster import missing

FAKE = {"kind": "tests.fakes.gateway:FakeGateway", "id": "fake", "title": "Fake"}


@pytest.fixture(scope="module")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server whose one gateway takes everything and runs nothing."""
    with serving(tmp_path_factory.mktemp("fake"), [FAKE]) as server:
        yield server


@pytest.fixture(scope="session")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The server with every gateway, and with secrets."""
    slurm = request.getfixturevalue("slurm") if missing() is None else None
    with site_in(tmp_path_factory.mktemp("site"), slurm) as found:
        yield found


@pytest.fixture(params=GATEWAYS)
def gateway_id(request: pytest.FixtureRequest, site: Site) -> str:
    """One gateway of the site after another."""
    name: str = request.param
    if name not in site.gateways:
        pytest.skip(missing() or "was not started")
    return name
