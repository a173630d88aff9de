"""What rounds are about: jobs, or Dask clusters here or on a Dask Gateway."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.referee import processes
from tests.referee.account import Account
from tests.referee.api import Api
from tests.referee.cases import Case
from tests.referee.clients import Client
from tests.referee.clustercases import ClusterCase
from tests.referee.clusterclients import ClusterClient
from tests.referee.clusterjudge import judge_clusters
from tests.referee.gatewaycases import (
    GatewayCase,
    GatewayClient,
    judge_on_gateway,
    rows_on_gateway,
    tend,
)
from tests.referee.judge import Verdict, judge
from tests.referee.site import Site


@dataclass(frozen=True)
class Subject:
    """How something is submitted, listed and judged."""

    case: type[Case]
    client: type[Client]
    rows: Callable[[Api, str], list[dict[str, Any]]]
    judge: Callable[[list[Account]], Verdict]
    left: Callable[[Site], list[str]]
    """What is there when all is over and must not be; of jobs `judge` says it."""
    tend: Callable[[Site, Sequence[Account]], None] = lambda *_: None
    """What users do when all is mended."""


def _left_of_clusters(site: Site) -> list[str]:
    folder = site.jupyter.clusters
    paths = [*(folder.iterdir() if folder.exists() else ()), *site.scratch.iterdir()]
    return [*map(str, paths), *(f"process {pid}" for pid in processes.with_argument(f"{folder}/"))]


JOBS: Final = Subject(Case, Client, Api.rows, judge, lambda _: [])
CLUSTERS: Final = Subject(
    ClusterCase, ClusterClient, Api.clusters, judge_clusters, _left_of_clusters
)
ON_DASK_GATEWAY: Final = Subject(
    GatewayCase,
    GatewayClient,
    rows_on_gateway,
    judge_on_gateway,
    lambda site: [*_left_of_clusters(site), *(site.dask.living() if site.dask else ())],
    tend,
)
