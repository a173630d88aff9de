"""What several floors need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.slurm_cluster.cluster import SlurmCluster, missing


@pytest.fixture(scope="session")
def slurm() -> Iterator[SlurmCluster]:
    """The one real Slurm of this run of the tests."""
    why = missing()
    if why is not None:
        pytest.skip(why)
    cluster = SlurmCluster()
    try:
        cluster.up()
        yield cluster
    finally:
        cluster.close()
