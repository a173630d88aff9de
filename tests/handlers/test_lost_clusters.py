"""Clusters on a gateway that shows no tag: lost ones are told by the user, strange ones found."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ClusterCandidate
from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused
from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.clusters import Accepted, ClusterObservation, FoundCluster, Wanted
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_becomes, cluster_sees, cluster_submission
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, problem
from tests.handlers.test_clusters import act, start

NOW = datetime.now(timezone.utc)


def candidate(native_id: str) -> ClusterCandidate:
    return ClusterCandidate(
        native_id=native_id, created_at=NOW, state="Running", options={"flavour": "sweet"}
    )


async def listed(call: Call) -> Any:
    return answered(await call("GET", "clusters"), "ClusterList")["clusters"]


@pytest.fixture
async def lost(call: Call, started: BatchExtension, gateway: FakeGateway) -> str:
    """The id of one whose answer was lost, and that may be one of two."""
    gateway.dask.create_errors.append(AnswerLost("silence"))
    gateway.dask.look_up_answers += [[candidate("n-7"), candidate("n-8")]] * 100
    cluster_id = str((await start(call))["id"])
    await cluster_becomes(started.service, cluster_id, lambda now: len(now.candidates or []) == 2)
    return cluster_id


async def test_the_user_says_which_it_is(
    call: Call, started: BatchExtension, gateway: FakeGateway, lost: str
) -> None:
    one = answered(await call("GET", "clusters", lost), "Cluster")
    assert (one["phase"], one["reason"]) == ("UNKNOWN", "answer_lost")
    assert [may_be["native_id"] for may_be in one["candidates"]] == ["n-7", "n-8"]
    gateway.dask.found.append(FoundCluster(native_id="n-8", asked_at=datetime.now(timezone.utc)))
    await started.service.clusters.take_up()
    assert [row["id"] for row in await listed(call)] == [lost]
    denied = await act(call, lost, "identify", {"native_id": "n-9"})
    assert denied["outcome"] == "denied"
    told = await act(call, lost, "identify", {"native_id": "n-8"})
    assert told["outcome"] == "ok"
    cluster = told["cluster"]
    assert (cluster["native_id"], cluster["phase"], cluster["candidates"]) == (
        "n-8",
        "QUEUED",
        None,
    )
    assert gateway.dask.tracked[-1].awaited == Wanted(minimum=2, maximum=2, adaptive=False)
    again = await act(call, lost, "identify", {"native_id": None})
    assert again["outcome"] == "denied"
    await started.service.clusters.take_up()
    assert [row["id"] for row in await listed(call)] == [lost]


async def test_or_that_it_was_never_started(
    call: Call, started: BatchExtension, gateway: FakeGateway, lost: str
) -> None:
    answer = await call(
        "POST", "clusters", body=cluster_submission(), headers={"Idempotency-Key": KEY}
    )
    assert answered(answer, "Cluster", 200)["id"] == lost
    told = await act(call, lost, "identify", {"native_id": None})
    cluster = told["cluster"]
    assert (cluster["phase"], cluster["reason"], cluster["candidates"]) == ("ERROR", "lost", None)
    assert (await act(call, lost, "identify", {"native_id": "n-7"}))["outcome"] == "already_final"
    assert (await start(call))["id"] != lost
    assert len(gateway.dask.launches) == 2
    asked_at = datetime.now(timezone.utc)
    gateway.dask.found += [FoundCluster(native_id="n-7", asked_at=asked_at)]
    await started.service.clusters.take_up()
    assert [row["native_id"] for row in await listed(call) if row["is_found"]] == ["n-7"]


async def test_one_that_stays_lost_hides_no_other(
    call: Call, started: BatchExtension, gateway: FakeGateway
) -> None:
    """Only one with its options may be it; a user may never say which it is."""
    gateway.dask.create_errors.append(AnswerLost("silence"))
    gateway.dask.look_up_answers += [[]] * 100
    options = {"flavour": "sweet", "environment": {"A": "1"}}
    lost = str((await start(call, options=options))["id"])
    asked_at = datetime.now(timezone.utc)
    gateway.dask.found += [
        FoundCluster(native_id="n-1", asked_at=asked_at, options={**options, "gpu": False}),
        FoundCluster(native_id="n-2", asked_at=asked_at, options={**options, "flavour": "salty"}),
    ]
    await started.service.clusters.take_up()
    rows = await listed(call)
    assert [row["native_id"] for row in rows if row["is_found"]] == ["n-2"]
    assert lost in {row["id"] for row in rows}


async def test_two_that_are_lost_are_not_the_same_one(
    call: Call, started: BatchExtension, gateway: FakeGateway, lost: str
) -> None:
    gateway.dask.create_errors.append(AnswerLost("silence"))
    other = str((await start(call, key=f"{KEY}-2"))["id"])
    await cluster_becomes(started.service, other, lambda now: len(now.candidates or []) == 2)
    await act(call, lost, "identify", {"native_id": "n-7"})
    denied = await act(call, other, "identify", {"native_id": "n-7"})
    assert denied["outcome"] == "denied"
    assert [one["native_id"] for one in denied["cluster"]["candidates"]] == ["n-8"]


async def test_one_that_is_to_be_stopped_is_when_it_is_known(
    call: Call, started: BatchExtension, gateway: FakeGateway, lost: str
) -> None:
    await act(call, lost, "stop")
    await act(call, lost, "identify", {"native_id": "n-7"})
    record = await cluster_becomes(
        started.service, lost, lambda now: now.native_id is not None and now.stop_requested
    )
    gateway.dask.see(
        ClusterObservation(native_id="n-7", phase="COMPLETED", reason="other", reason_text="?")
    )
    over = await cluster_becomes(started.service, record.id, lambda now: now.is_over)
    assert (over.phase, over.reason_text) == ("ABORTED", "Stopped by you.")
    assert gateway.dask.closed == ["n-7"]


async def test_what_is_sent_wrongly(call: Call, lost: str) -> None:
    wrong: Any
    for wrong in ({}, {"native_id": 7}, {"native_id": "x" * 301}, {"id": "n-7"}, []):
        answer = await call("POST", "clusters", lost, "identify", body=wrong)
        problem(answer, 400, "bad_request")
    answer = await call("POST", "clusters", "0" * 26, "identify", body={"native_id": None})
    problem(answer, 404, "unknown_cluster")


async def test_workers_are_asked_for_when_it_is_up(
    call: Call, started: BatchExtension, gateway: FakeGateway
) -> None:
    gateway.dask.is_late = True
    cluster = await start(call)
    assert cluster["workers"]["wanted"] == 2
    assert gateway.dask.tracked[-1].awaited == Wanted(minimum=2, maximum=2, adaptive=False)
    record = await started.service.store.cluster(cluster["id"])
    assert record is not None and record.awaits_workers
    one = Wanted(minimum=1, maximum=1, adaptive=False)
    accepted = Accepted(wanted=one, note="Reduced to 1 worker.")
    await cluster_sees(
        started.service, gateway, record, phase="EXECUTING", ready=0, accepted=accepted
    )
    (row,) = await listed(call)
    assert (row["workers"]["wanted"], row["workers"]["note"]) == (1, "Reduced to 1 worker.")
    stored = await started.service.store.cluster(cluster["id"])
    assert stored is not None and not stored.awaits_workers


async def test_what_was_started_elsewhere_is_found_and_can_be_stopped(
    call: Call, started: BatchExtension, gateway: FakeGateway
) -> None:
    known = await start(call)
    long_ago = NOW - timedelta(hours=3)
    gateway.dask.found += [
        FoundCluster(native_id="n-1", asked_at=long_ago),
        FoundCluster(native_id="spa.3fa9c2d18f55", asked_at=long_ago, options={"gpu": True}),
    ]
    for _ in range(2):
        await started.service.clusters.take_up()
    found, again = await listed(call)
    assert again["id"] == known["id"] and not again["is_found"]
    assert (found["is_found"], found["name"]) == (True, "dask 3fa9c2d1")
    assert found["spec"]["options"] == {"gpu": True}
    gateway.dask.close_errors.append(GatewayRefused("Not today."))
    assert (await act(call, found["id"], "stop"))["outcome"] == "denied"
    assert (await act(call, found["id"], "stop"))["outcome"] == "ok"
    assert gateway.dask.closed[-1] == "spa.3fa9c2d18f55"
