"""What several floors need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.slurm_cluster.cluster import SlurmCluster, missing

# How fast examples are made says something of the machine, not of what is tested; the first text
# of a fresh clone takes seconds, for a table of all characters.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


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
