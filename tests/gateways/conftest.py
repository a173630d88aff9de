"""Starts each batch system once, and notes what the suite proves of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
import pytest_asyncio

from tests.gateways.conformance import jobs
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.capabilities import (
    CLUSTERS_PAGE,
    JOBS_PAGE,
    REPORTS,
    SHORTCOMING,
    title_of,
)
from tests.gateways.conformance.rig import Rig, load_rigs

RIGS = load_rigs()
_COLUMNS = (JOBS_PAGE.fixture, CLUSTERS_PAGE.fixture)
CANARY = "canary-that-no-job-may-see"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "capability(what): proves a row of a table in docs")
    config.addinivalue_line("markers", "late: runs after the others, as it would keep them waiting")
    config.addinivalue_line("markers", "last: runs after all others, as it tells of them")
    config.stash[REPORTS] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (_has(item, "last"), _has(item, "late")))


def _has(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    mark = item.get_closest_marker("capability")
    title = title_of(item, *_COLUMNS)
    if mark is not None and title is not None and (call.when == "call" or report.failed):
        key = (mark.args[0], title)
        proven = item.config.stash[REPORTS]
        is_short = SHORTCOMING in dict(item.user_properties)
        proven[key] = report.passed and not is_short and proven.get(key, True)
    return report


@pytest.fixture(scope="session")
def rigs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Rig | BaseException]]:
    """All that this run needs and that there can be here, or why one did not start."""
    wanted = {title_of(item, JOBS_PAGE.fixture) for item in request.session.items}
    rigs = {
        title: kind(request, tmp_path_factory.mktemp("rig"))
        for title, kind in RIGS.items()
        if title in wanted and kind.missing() is None
    }
    try:
        yield {title: _started(rig) for title, rig in rigs.items()}
    finally:
        for rig in rigs.values():
            rig.stop()


def _started(rig: Rig) -> Rig | Exception:
    try:
        rig.start()
    except Exception as error:
        return error
    return rig


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def benches(
    rigs: dict[str, Rig | BaseException],
) -> AsyncIterator[dict[str, Bench | BaseException]]:
    """A gateway to each, to which every job of the suite was submitted, or why it was not."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("JUPYTER_TOKEN", "AWS_SECRET_ACCESS_KEY", "CONDA_PREFIX"):
            environment.setenv(name, CANARY)
        begun = await asyncio.gather(*map(_begin, rigs.values()), return_exceptions=True)
        yield dict(zip(rigs, begun, strict=True))
        for bench in begun:
            if isinstance(bench, Bench):
                await bench.close()


async def _begin(rig: Rig | BaseException) -> Bench:
    if isinstance(rig, BaseException):
        raise rig
    bench = Bench(rig)
    await bench.open()
    asked = {
        "slow": jobs.SLOW.with_walltime(bench.rig.shortest_walltime_seconds),
        "hello": jobs.HELLO,
        "exits": jobs.EXITS,
        "dies": jobs.DIES,
        "tells": jobs.TELLS,
        "greedy": jobs.GREEDY,
    }
    runs = await asyncio.gather(*map(bench.submit, asked.values()))
    bench.jobs = dict(zip(asked, runs, strict=True))
    return bench


@pytest.fixture(params=list(RIGS))
def bench(request: pytest.FixtureRequest, benches: dict[str, Bench | BaseException]) -> Bench:
    """One batch system after another, with its jobs; one that did not start fails no other."""
    if request.param not in benches:
        pytest.skip(RIGS[request.param].missing() or "was not started")
    bench = benches[request.param]
    if isinstance(bench, BaseException):
        raise bench
    return bench
