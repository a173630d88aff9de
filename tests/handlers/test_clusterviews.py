"""What is seen of a cluster that runs, and the end of single workers, as the contract says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ClusterVersions, ClusterWarning
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable
from jupyterlab_batch.extension import BatchExtension
from tests.fakes.clusters import WORKER
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import STARTED, cluster_becomes, cluster_of, cluster_sees, runs
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, problem

VIEWS = {
    "workers": "ClusterWorkerList",
    "progress": "ClusterProgress",
    "users": "ClusterUsers",
    "plots": "ClusterPlotList",
}


@pytest.fixture
async def running(started: BatchExtension, gateway: FakeGateway) -> str:
    """The id of one that is there."""
    record = await cluster_of(started.service, KEY)
    return (await runs(started.service, gateway, record)).id


async def test_workers_and_progress(call: Call, running: str) -> None:
    told = answered(await call("GET", "clusters", running, "workers"), "ClusterWorkerList")
    (worker,) = told["workers"]
    assert (worker["address"], worker["memory_used_bytes"]) == (WORKER.address, 2**29)
    told = answered(await call("GET", "clusters", running, "progress"), "ClusterProgress")
    assert [(group["name"], group["done"]) for group in told["groups"]] == [("sum-1", 3)]


async def test_users(call: Call, running: str) -> None:
    told = answered(await call("GET", "clusters", running, "users"), "ClusterUsers")
    assert (told["clients"], told["kernel_ids"]) == (2, ["k-1"])


async def test_however_many_look_a_gateway_is_asked_once(
    call: Call, gateway: FakeGateway, running: str
) -> None:
    gateway.dask.may_view.clear()
    looks = [asyncio.ensure_future(call("GET", "clusters", running, "workers")) for _ in range(5)]
    await gateway.dask.is_viewed.wait()
    looks.pop().cancel()  # one who leaves ends it for nobody else
    gateway.dask.may_view.set()
    for answer in await asyncio.gather(*looks):
        answered(answer, "ClusterWorkerList")
    assert gateway.dask.views == 1


async def test_retire(
    call: Call, started: BatchExtension, gateway: FakeGateway, running: str
) -> None:
    body = {"workers": [WORKER.address, "tls://nobody", WORKER.address]}
    answer = await call("POST", "clusters", running, "retire", body=body)
    told = answered(answer, "ClusterRetireResult")
    assert [one["outcome"] for one in told["results"]] == ["ok", "not_found"]
    assert told["cluster"]["workers"]["wanted"] == 1
    assert gateway.dask.retired == [("n-1", [WORKER.address, "tls://nobody"])]
    record = await started.service.store.cluster(running)
    assert record is not None and record.workers.wanted == 1
    answer = await call("POST", "clusters", running, "retire", body={"workers": ["tls://nobody"]})
    assert answered(answer, "ClusterRetireResult")["cluster"]["workers"]["wanted"] == 1


async def test_what_is_no_list_of_workers(call: Call, gateway: FakeGateway, running: str) -> None:
    wrong: Any
    for wrong in (
        {},
        {"workers": []},
        {"workers": [""]},
        {"workers": "tls://127.0.0.1:1"},
        {"workers": [1]},
        {"workers": ["x" * 201]},
        {"workers": [str(number) for number in range(1001)]},
        {"workers": ["x"], "force": True},
        [],
    ):
        answer = await call("POST", "clusters", running, "retire", body=wrong)
        problem(answer, 400, "bad_request")
    assert gateway.dask.retired == []


async def test_what_a_gateway_does_not_tell_or_cannot(
    call: Call, gateway: FakeGateway, running: str
) -> None:
    for error, status, code in (
        (GatewayRefused("Not told."), 422, "gateway_refused"),
        (GatewayUnreachable("Silence."), 503, "gateway_unreachable"),
    ):
        for view in VIEWS:
            gateway.dask.view_errors.append(error)
            problem(await call("GET", "clusters", running, view), status, code)
        gateway.dask.view_errors.append(error)
        body = {"workers": [WORKER.address]}
        problem(await call("POST", "clusters", running, "retire", body=body), status, code)
    gateway.dask.log_path = None
    problem(await call("GET", "clusters", running, "log"), 422, "gateway_refused")
    for view, schema in VIEWS.items():  # a failure is not remembered
        answered(await call("GET", "clusters", running, view), schema)


async def test_one_that_is_not_there(
    call: Call, started: BatchExtension, gateway: FakeGateway, running: str
) -> None:
    waiting = await cluster_of(started.service, f"{KEY}-2")
    stopping = await runs(started.service, gateway, await cluster_of(started.service, f"{KEY}-3"))
    await started.service.clusters.actor.stop(stopping.id)
    over = await runs(started.service, gateway, await cluster_of(started.service, f"{KEY}-4"))
    await cluster_sees(started.service, gateway, over, phase="COMPLETED", reason="idle")
    views = gateway.dask.views
    for cluster_id, status, code in (
        *((one.id, 409, "not_running") for one in (waiting, stopping, over)),
        *((one, 404, "unknown_cluster") for one in ("0" * 26, "..", "%2e%2e", "x")),
    ):
        for view in VIEWS:
            problem(await call("GET", "clusters", cluster_id, view), status, code)
        body = {"workers": [WORKER.address]}
        problem(await call("POST", "clusters", cluster_id, "retire", body=body), status, code)
        answer = await call("GET", "clusters", cluster_id, "dashboard", "status")
        problem(answer, status, code)
    assert gateway.dask.views == views and gateway.dask.retired == []
    assert running


async def test_the_log(call: Call, gateway: FakeGateway, running: str, tmp_path: Path) -> None:
    gateway.dask.log_path = path = tmp_path / "owner.log"
    nothing = await call("GET", "clusters", running, "log")
    assert (nothing.code, nothing.body, nothing.headers["Batch-Log-Size"]) == (200, b"", "0")
    path.write_bytes(b"one\ntwo\n\xff")
    end = await call("GET", "clusters", running, "log", params={"offset": "-5", "limit": "4"})
    assert (end.body, end.headers["Batch-Log-Offset"], end.headers["Batch-Log-Size"]) == (
        b"two\n",
        "4",
        "9",
    )
    assert end.headers["Content-Type"] == "application/octet-stream"
    for name, value in (("offset", "x"), ("limit", "0"), ("limit", str(2**21)), ("offset", "")):
        answer = await call("GET", "clusters", running, "log", params={name: value})
        problem(answer, 400, "bad_request", name)
    path.unlink()
    path.symlink_to("/etc/passwd")
    problem(await call("GET", "clusters", running, "log"), 422, "log_not_readable")


async def test_warnings_are_told_at_once_and_are_gone_with_it(
    call: Call, started: BatchExtension, gateway: FakeGateway, running: str
) -> None:
    record = await started.service.store.cluster(running)
    assert record is not None
    numpy = ClusterVersions(name="numpy", cluster="2.1", client=None)
    found = [
        ClusterWarning(code="memory", since=STARTED, workers=2, packages=[]),
        ClusterWarning(code="versions", since=None, workers=None, packages=[numpy]),
    ]
    await cluster_sees(
        started.service, gateway, record, phase="EXECUTING", started_at=STARTED, warnings=found
    )
    await cluster_becomes(started.service, running, lambda now: len(now.warnings) == 2)
    told = answered(await call("GET", "clusters", running), "Cluster")
    assert told["warnings"][0]["workers"] == 2
    assert told["warnings"][1]["packages"] == [{"name": "numpy", "cluster": "2.1", "client": None}]
    await cluster_sees(started.service, gateway, record, phase="ERROR", reason="killed")
    assert answered(await call("GET", "clusters", running), "Cluster")["warnings"] == []


async def test_who_does_not_look_says_so(call: Call, started: BatchExtension) -> None:
    watcher = started.service.clusters.watcher
    watcher._looked_at = 0.0
    answered(await call("GET", "clusters", params={"looking": "false"}), "ClusterList")
    assert watcher._looked_at == 0.0
    answered(await call("GET", "clusters"), "ClusterList")
    assert watcher._looked_at > 0.0
    problem(await call("GET", "clusters", params={"looking": "no"}), 400, "bad_request", "looking")
