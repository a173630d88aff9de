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
    """The real Slurm of this run of the tests that is set up for us."""
    yield from _running(SlurmCluster())


@pytest.fixture(scope="session")
def stock_slurm() -> Iterator[SlurmCluster]:
    """One that is not: its site overwrites our tags, and there is no slurmdbd."""
    # Its jobs are looked at until the end of the suite, and only slurmctld knows them.
    stock = SlurmCluster(profile="stock", has_database=False, min_job_age_seconds=3600)
    yield from _running(stock)


def _running(cluster: SlurmCluster) -> Iterator[SlurmCluster]:
    why = missing()
    if why is not None:
        pytest.skip(why)
    try:
        cluster.up()
        yield cluster
    finally:
        cluster.close()
