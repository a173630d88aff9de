"""A Slurm that does not answer is left alone, but for one probe now and then and a user's Retry."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone

import pytest
import pytest_asyncio

from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.slurm.gateway import SlurmGateway
from jupyterlab_batch.gateways.tracking import Tracked
from tests.gateways.conformance.bench import Bench, eventually
from tests.gateways.conformance.jobs import HELLO
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi, recorded
from tests.gateways.slurm.conftest import OpenBench


class Moody:
    """A slurmrestd that answers or does not."""

    def __init__(self) -> None:
        self.is_well = False

    def answer(self, method: str, path: str) -> Answer:
        if not self.is_well:
            return 500, {"errors": [{"error_number": -1, "description": "Unable to contact"}]}
        if path == "/openapi/v3":
            return 200, openapi(38, database=False)
        if "/job/" in path:
            (job,) = recorded("job-v0.0.38")["jobs"]
            job = {**job, "job_id": int(path.rpartition("/")[2]), "job_state": "RUNNING"}
            return 200, {"errors": [], "jobs": [job]}
        return 200, {"errors": [], "partitions": [], "nodes": []}


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> Moody:
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")
    return Moody()


@pytest.fixture
def slurmrestd(moody: Moody) -> Iterator[StandIn]:
    with StandIn(moody.answer) as standing_in:
        yield standing_in


@pytest_asyncio.fixture
async def gateway(slurmrestd: StandIn) -> AsyncIterator[SlurmGateway]:
    made = make_gateway("slurm", url=slurmrestd.url)
    yield made
    await made.stop()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def choose(*seconds: float) -> None:
        monkeypatch.setattr("jupyterlab_batch.gateways.breaker.BACK_OFF_SECONDS", seconds)

    return choose


async def test_however_often_it_is_described_and_checked_it_is_asked_once(
    gateway: SlurmGateway, slurmrestd: StandIn, pauses: Callable[..., None]
) -> None:
    pauses(1000.0)
    for _ in range(50):
        described = await gateway.describe()
        assert not described.health.ok and described.health.error
        assert await gateway.check(HELLO.spec) == []
    assert len(slurmrestd.paths) == 1


async def test_those_who_ask_at_the_same_time_ask_once(
    gateway: SlurmGateway, slurmrestd: StandIn, moody: Moody
) -> None:
    moody.is_well = True
    described = await asyncio.gather(*(gateway.describe(fresh=n % 2 == 0) for n in range(20)))
    assert all(one.health.ok for one in described)
    asked = [path.rpartition("/")[2] for path in slurmrestd.paths]
    assert sorted(asked) == ["diag", "nodes", "partitions", "reservations", "v3"]


async def test_a_user_who_retries_is_not_told_to_wait(
    gateway: SlurmGateway, slurmrestd: StandIn, moody: Moody, pauses: Callable[..., None]
) -> None:
    pauses(1000.0)
    await gateway.describe()
    assert not (await gateway.describe(fresh=True)).health.ok
    assert len(slurmrestd.paths) == 2
    moody.is_well = True
    assert not (await gateway.describe()).health.ok
    assert (await gateway.describe(fresh=True)).health.ok
    assert (await gateway.describe()).health.ok
    assert not gateway.is_resting


async def test_jobs_that_are_over_keep_nobody_from_trying_it_again(
    gateway: SlurmGateway,
    slurmrestd: StandIn,
    moody: Moody,
    pauses: Callable[..., None],
) -> None:
    """Only their usage is asked for, which tells nothing of slurmctld."""
    pauses(0.1)
    await gateway.describe()
    tracked = Tracked(native_id="7", tag="jlb:x", submitted_at=datetime.now(timezone.utc))
    gateway.track([tracked])
    assert gateway.is_resting
    ended = Observation(native_id="7", phase="COMPLETED", tag="jlb:x")
    gateway._list.conclude(["7"], {"7": ended}, None, time.monotonic())
    moody.is_well = True
    await eventually(lambda: not gateway.is_resting, "it rests for ever")
    assert (await gateway.describe()).health.ok


async def test_orders_of_the_user_are_passed_on_however_it_rests(
    gateway: SlurmGateway, slurmrestd: StandIn, pauses: Callable[..., None]
) -> None:
    pauses(1000.0)
    await gateway.describe()
    for _ in range(3):
        count = len(slurmrestd.paths)
        with pytest.raises(GatewayUnreachable):
            await gateway.cancel("1")
        assert len(slurmrestd.paths) == count + 1


async def test_many_failures_at_once_are_one(
    gateway: SlurmGateway, pauses: Callable[..., None]
) -> None:
    pauses(3.0, 1000.0)
    await asyncio.gather(*(gateway.cancel("1") for _ in range(10)), return_exceptions=True)
    assert gateway.is_resting
    await eventually(lambda: not gateway.is_resting, "it rests for ever")


async def test_a_retry_that_succeeds_lets_the_jobs_be_looked_at_at_once(
    open_rest: OpenBench, slurmrestd: StandIn, moody: Moody, pauses: Callable[..., None]
) -> None:
    pauses(1000.0)
    bench: Bench = await open_rest(url=slurmrestd.url, token_file="")
    bench.track("7", "jlb:x", bench.plan(HELLO).created_at)
    bench.gateway.nudge(["7"])
    moody.is_well = True
    assert not any("/job/" in path for path in slurmrestd.paths)
    await bench.gateway.describe(fresh=True)
    await eventually(lambda: any("/job/7" in path for path in slurmrestd.paths), "no look")


async def test_calls_to_a_dead_one_get_fewer_and_fewer(
    open_rest: OpenBench, slurmrestd: StandIn, pauses: Callable[..., None]
) -> None:
    pauses(0.2, 0.4, 0.8, 1.6, 1000.0)
    bench = await open_rest(url=slurmrestd.url, token_file="")
    bench.track("7", "jlb:x", bench.plan(HELLO).created_at)
    began = time.monotonic()
    while len(slurmrestd.paths) < 5:
        # As a user does who cannot wait, and as do the tabs that are open.
        bench.gateway.nudge(["7"])
        bench.gateway.set_interest(looking=True)
        await bench.gateway.describe()
        await asyncio.sleep(0.01)
    assert time.monotonic() - began > 0.9 * (0.2 + 0.4 + 0.8 + 1.6)
    for _ in range(20):
        bench.gateway.nudge(["7"])
        await bench.gateway.describe()
    assert len(slurmrestd.paths) == 5
