"""What the rounds are played on. ``REFEREE_SEED=... pytest tests/referee`` plays others."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.referee.cluster import Cluster, no_slurm
from tests.referee.daskgateway import no_dask_gateway
from tests.referee.site import Options, Site

SEED = os.environ.get("REFEREE_SEED", "test")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server with all gateways that can be started here."""
    cluster = Cluster() if no_slurm() is None else None
    try:
        started = Site(tmp_path_factory.mktemp("referee"), Options(cluster=cluster))
        yield started
        started.close()
    finally:
        if cluster is not None:
            cluster.close()


@pytest.fixture(scope="session")
def dask_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One with a Dask Gateway."""
    why = no_dask_gateway()
    if why is not None:
        pytest.skip(why)
    started = Site(tmp_path_factory.mktemp("dask"), Options(has_dask_gateway=True))
    yield started
    started.close()
