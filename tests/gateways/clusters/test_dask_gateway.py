"""What is peculiar to Dask Gateway: who asks, what it volunteers, what it says and does not."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import msgspec
import pytest

from jupyterlab_batch.domain.generated import ClusterSpec, FixedWorkers
from jupyterlab_batch.domain.problems import GatewayRefused, NotSignedIn
from jupyterlab_batch.gateways.clusters import Created, TrackedCluster, Wanted
from tests.gateways.clusters.daskrig import DaskGatewayRig
from tests.gateways.clusters.daskserver import ALICE, PASSWORD, DaskGatewayServer, missing
from tests.gateways.clusters.rig import Followed

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def rig(request: pytest.FixtureRequest, tmp_path: Any) -> DaskGatewayRig:
    return DaskGatewayRig.make(request, tmp_path)


def spec(**options: Any) -> ClusterSpec:
    return ClusterSpec(workers=FixedWorkers(count=1), options=options)


async def test_its_options_become_those_of_the_form(dask_server: DaskGatewayServer) -> None:
    offer = await dask_server.gateway().describe()
    assert (offer.version, offer.health.ok, offer.health.auth_ok) == ("2026.3.0", True, True)
    drawn = offer.options["properties"]
    assert {name: one["type"] for name, one in drawn.items()} == {
        "worker_cores": "integer",
        "worker_memory": "number",
        "image": "string",
        "environment": "object",
        "note": "string",
        "gpu": "boolean",
    }
    assert drawn["image"]["enum"] == ["Stable", "Weekly"]
    assert (drawn["worker_cores"]["minimum"], drawn["worker_cores"]["maximum"]) == (1, 4)
    assert drawn["worker_memory"]["title"] == "Memory per worker (GiB)"


async def test_all_that_is_wrong_is_said_at_once(dask_server: DaskGatewayServer) -> None:
    wrong = {
        "worker_cores": 9,
        "worker_memory": "much",
        "image": "w_46",
        "environment": ["A=1"],
        "note": 7,
        "gpu": "yes",
        "nope": 1,
    }
    found = await dask_server.gateway().check(spec(**wrong))
    assert {issue.field_: issue.code for issue in found} == {
        "spec.options.worker_cores": "out_of_range",
        "spec.options.worker_memory": "wrong_type",
        "spec.options.image": "not_allowed",
        "spec.options.environment": "wrong_type",
        "spec.options.note": "wrong_type",
        "spec.options.gpu": "wrong_type",
        "spec.options.nope": "unknown_field",
    }
    right = {"worker_cores": 1, "worker_memory": 1, "environment": {"A": "1"}, "gpu": True}
    assert await dask_server.gateway().check(spec(**right)) == []


async def test_what_it_refuses_itself_is_said_at_the_field(rig: DaskGatewayRig) -> None:
    gateway = rig.gateway()
    await gateway.describe()
    with pytest.raises(GatewayRefused, match="worker_cores must be <= 4") as refused:
        await gateway.create(rig.launch(options={"worker_cores": 9}))
    assert refused.value.field == "spec.options.worker_cores"


async def test_workers_that_are_too_large_are_an_error_of_the_options(rig: DaskGatewayRig) -> None:
    """The scheduler takes a core of the four, so that a worker of four has no room."""
    followed = await Followed.start(rig, rig.launch(options={"worker_cores": 4}))
    up = await followed.until(lambda seen: seen.accepted is not None)
    assert up.accepted is not None and up.accepted.wanted.maximum == 0
    assert up.accepted.note is not None and "no worker at all" in up.accepted.note
    (found,) = await followed.gateway.check(followed.launch.spec)
    assert (found.field_, found.code) == ("spec.options", "gateway_refused")
    with pytest.raises(GatewayRefused, match="no worker at all"):
        await followed.scale(1)
    await followed.gateway.close(followed.native_id)
    await followed.end()
    await followed.forget()


async def test_one_user_is_never_taken_for_another(rig: DaskGatewayRig) -> None:
    """Its cookie would beat the header of the next call for five minutes."""
    alice = rig.server.gateway()
    created = await alice.create(rig.launch(0))
    rig.known(rig.launches[-1], created.native_id)
    found = await rig.server.gateway("bob").look_up(rig.launches[-1])
    assert created.native_id not in {one.native_id for one in found}
    for user in ("bob", ALICE, "bob"):
        gateway = rig.server.gateway(user)
        outcome = await asyncio.gather(gateway.close(created.native_id), return_exceptions=True)
        assert isinstance(outcome[0], GatewayRefused) == (user == "bob")


async def test_wrong_or_no_password(dask_server: DaskGatewayServer, tmp_path: Any) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    for traits in ({"secret_file": str(wrong)}, {"secret_command": "echo wrong"}):
        gateway = dask_server.gateway(**{"secret_file": "", **traits})
        offer = await gateway.describe()
        assert (offer.health.ok, offer.health.auth_ok) == (True, False)
        assert offer.unavailable is not None and "does not accept who you are" in offer.unavailable
    wrong.write_text(PASSWORD)
    renewed = dask_server.gateway(secret_file=str(wrong))
    assert (await renewed.describe()).unavailable is None
    absent = dask_server.gateway(secret_file="", secret_variable="NO_SUCH_VARIABLE")  # noqa: S106
    with pytest.raises(NotSignedIn, match="nothing to sign in to Dask Gateway with"):
        await absent.create(DaskGatewayRig(tmp_path, dask_server).launch())


async def test_no_key_leaves_the_decoder(
    rig: DaskGatewayRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    followed = await Followed.start(rig, rig.launch(1))
    await followed.ready(1)
    async with httpx.AsyncClient(auth=(ALICE, PASSWORD)) as client:
        raw = await client.get(f"{rig.server.url}/api/v1/clusters/")
    assert "PRIVATE KEY" in raw.text
    gateway = followed.gateway
    cluster = TrackedCluster(native_id=followed.native_id, cluster_id=followed.launch.cluster_id)
    workers = await gateway.workers(cluster)
    (worker,) = workers.workers
    assert (worker.state, worker.cores, worker.memory_bytes) == ("running", 1, 2**28)
    assert worker.memory_used_bytes and worker.last_seen_at
    dashboard = await gateway.dashboard(cluster)
    async with httpx.AsyncClient() as client:
        page = await client.get(f"{dashboard.url}/workers", timeout=60)
    assert page.status_code == 200 and dashboard.headers == {}
    told = [
        *followed.seen,
        workers,
        *await gateway.survey(set()),
        await gateway.look_up(followed.launch),
        await gateway.describe(),
        gateway.client(followed.launch),
    ]
    for said in (msgspec.json.encode(told).decode(), repr(told), caplog.text):
        assert "PRIVATE KEY" not in said and "BEGIN" not in said and PASSWORD not in said
    await gateway.close(followed.native_id)
    await followed.end()
    await followed.forget()


async def test_one_that_cannot_start_is_said_to_be_so(rig: DaskGatewayRig) -> None:
    """The gateway takes it with 201, and gives no reason when it fails a moment later."""
    followed = await Followed.start(rig, rig.launch(options={"note": "broken"}))
    over = await followed.until(lambda seen: seen.phase not in {"EXECUTING", "QUEUED"})
    assert (over.phase, over.reason) == ("ERROR", "launch_failed")
    assert over.reason_text is not None and "its log does" in over.reason_text
    await followed.forget()


async def test_what_others_started_is_found_while_somebody_looks(rig: DaskGatewayRig) -> None:
    gateway = rig.gateway()
    created = await gateway.create(rig.launch(0))
    assert isinstance(created, Created) and created.accepted is None
    rig.known(rig.launches[-1], created.native_id)
    assert await gateway.survey(set()) == []
    gateway.looked()
    found = {one.native_id: one for one in await gateway.survey(set())}
    assert found[created.native_id].memo is None
    assert found[created.native_id].options["worker_memory"] == 0.25
    with pytest.raises(GatewayRefused, match="not running"):
        await gateway.scale(created.native_id, Wanted(minimum=1, maximum=1, adaptive=False))
    with pytest.raises(GatewayRefused, match="does not know"):
        await gateway.scale("no-such", Wanted(minimum=1, maximum=1, adaptive=False))
    await gateway.close("no-such")
