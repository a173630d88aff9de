"""A slurmctld that was killed gives ids a second time: no order may reach the job that got one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timezone

import pytest
import pytest_asyncio

from jupyterlab_batch.gateways.slurm.gateway import SlurmGateway
from jupyterlab_batch.gateways.tracking import Tracked
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi, recorded

NATIVE_ID = "7"
NOW = datetime.now(timezone.utc)
OURS = Tracked(native_id=NATIVE_ID, tag="jlb:ours", submitted_at=NOW)
LATER = Tracked(native_id=NATIVE_ID, tag="jlb:later", submitted_at=datetime.now(timezone.utc))


class Forgetful:
    """A slurmrestd that knows no job, or one; while it is asked, things happen."""

    def __init__(self) -> None:
        self.tag: str | None = None
        """Of the job that it has; there is none without."""
        self.gateway: SlurmGateway | None = None
        self.tracked_meanwhile: list[Tracked] = []
        self.ended: list[str] = []

    def answer(self, method: str, path: str) -> Answer:
        if path == "/openapi/v3":
            return 200, openapi(38, database=False)
        if method == "DELETE":
            self.ended.append(path.rpartition("/")[2])
            return 200, {"errors": []}
        if self.gateway is not None:
            self.gateway.track(self.tracked_meanwhile)
        if self.tag is None:
            return 500, {"errors": [{"error_number": 2017, "description": "Invalid job id"}]}
        (job,) = recorded("job-v0.0.38")["jobs"]
        job = {**job, "job_id": int(NATIVE_ID), "job_state": "RUNNING", "comment": self.tag}
        return 200, {"errors": [], "jobs": [job]}


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Forgetful:
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")
    return Forgetful()


@pytest.fixture
def slurmrestd(forgetful: Forgetful) -> Iterator[StandIn]:
    with StandIn(forgetful.answer) as standing_in:
        yield standing_in


@pytest_asyncio.fixture
async def gateway(slurmrestd: StandIn) -> AsyncIterator[SlurmGateway]:
    made = make_gateway("slurm", url=slurmrestd.url)
    made.track([OURS])
    yield made
    await made.stop()


async def test_a_job_that_is_there_is_ended(gateway: SlurmGateway, forgetful: Forgetful) -> None:
    forgetful.tag = OURS.tag
    await gateway.cancel(NATIVE_ID)
    assert forgetful.ended == [NATIVE_ID]


async def test_an_id_that_nobody_has_may_be_given_before_an_order_arrives(
    gateway: SlurmGateway, forgetful: Forgetful
) -> None:
    await gateway.cancel(NATIVE_ID)
    assert forgetful.ended == []


async def test_a_job_that_is_known_only_since_we_asked_is_not_the_one_that_was_meant(
    gateway: SlurmGateway, forgetful: Forgetful
) -> None:
    forgetful.tag = LATER.tag
    forgetful.gateway, forgetful.tracked_meanwhile = gateway, [LATER]
    await gateway.cancel(NATIVE_ID)
    assert forgetful.ended == []
