"""Dask clusters: started, seen, changed and stopped, answered as the contract says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.clusters import Wanted
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_becomes, cluster_sees, cluster_submission, runs
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, problem


async def start(call: Call, key: str = KEY, **spec: Any) -> Any:
    """Start one, and return it as it is answered."""
    body = cluster_submission(**spec)
    answer = await call("POST", "clusters", body=body, headers={"Idempotency-Key": key})
    return answered(answer, "Cluster", 201)


@pytest.fixture
async def running(call: Call, started: BatchExtension, gateway: FakeGateway) -> str:
    """The id of one that is there."""
    cluster_id = str((await start(call))["id"])
    record = await started.service.store.cluster(cluster_id)
    assert record is not None
    await runs(started.service, gateway, record)
    return cluster_id


async def act(call: Call, cluster_id: str, verb: str, body: Any = b"") -> Any:
    answer = await call("POST", "clusters", cluster_id, verb, body=body)
    return answered(answer, "ClusterActionResult")


async def test_what_is_offered(call: Call) -> None:
    (offer,) = answered(await call("GET", "clusters", "gateways"), "ClusterGatewayList")["gateways"]
    assert (offer["id"], offer["default_spec"]["workers"]) == (
        "fake",
        {"kind": "fixed", "count": 3},
    )


async def test_start_once(call: Call, gateway: FakeGateway) -> None:
    cluster = await start(call, name="Pairs", options={"flavour": "sweet"})
    assert (cluster["phase"], cluster["name"], cluster["native_id"]) == ("QUEUED", "Pairs", "n-1")
    assert cluster["workers"]["wanted"] == 2 and cluster["idle_stop_seconds"] == 3600
    body = cluster_submission(name="Pairs", options={"flavour": "sweet"})
    again = await call("POST", "clusters", body=body, headers={"Idempotency-Key": KEY})
    assert answered(again, "Cluster", 200)["id"] == cluster["id"]
    other = cluster_submission(name="Other")
    answer = await call("POST", "clusters", body=other, headers={"Idempotency-Key": KEY})
    problem(answer, 422, "key_reused")
    assert len(gateway.dask.launches) == 1


async def test_more_than_there_is_room_for_is_reduced_and_said(call: Call) -> None:
    cluster = await start(call, workers={"kind": "fixed", "count": 99})
    assert cluster["workers"]["wanted"] == 3
    assert cluster["workers"]["note"] == "Reduced to 3 workers by the limit of the fake."
    assert cluster["spec"]["workers"] == {"kind": "fixed", "count": 99}


async def test_what_is_listed_and_when_to_list_again(call: Call, running: str) -> None:
    listed = answered(await call("GET", "clusters"), "ClusterList")
    assert [one["id"] for one in listed["clusters"]] == [running]
    one = answered(await call("GET", "clusters", running), "Cluster")
    assert one == listed["clusters"][0] and one["workers"]["ready"] == 2
    since = {"since": str(listed["seq"]), "store_id": listed["store_id"]}
    changes = answered(await call("GET", "changes", params=since), "Changes")
    assert changes["clusters_seq"] == one["revision"] == listed["seq"]
    await act(call, running, "scale", {"count": 1})
    changes = answered(await call("GET", "changes", params=since), "Changes")
    assert changes["clusters_seq"] > listed["seq"] and changes["rows"] == []


async def test_scale_and_adapt(call: Call, gateway: FakeGateway, running: str) -> None:
    adapted = await act(call, running, "adapt", {"minimum": 0, "maximum": 2})
    workers = adapted["cluster"]["workers"]
    assert (workers["adaptive"], workers["minimum"], workers["maximum"]) == (True, 0, 2)
    for count in (10**9, 2**53 - 1):
        reduced = await act(call, running, "scale", {"count": count})
        assert reduced["outcome"] == "ok" and reduced["message"].startswith("Reduced to 3 workers")
        workers = reduced["cluster"]["workers"]
        assert (workers["adaptive"], workers["wanted"], workers["ready"]) == (False, 3, 2)
    none = await act(call, running, "scale", {"count": 0})
    assert (none["message"], none["cluster"]["workers"]["wanted"]) == (None, 0)
    assert gateway.dask.scaled[0][1] == Wanted(minimum=0, maximum=2, adaptive=True)


async def test_stop_twice_and_nothing_after(
    call: Call, started: BatchExtension, gateway: FakeGateway, running: str
) -> None:
    stopping = await act(call, running, "stop")
    assert (stopping["outcome"], stopping["cluster"]["substate"]) == ("ok", "stopping")
    assert (await act(call, running, "stop"))["outcome"] == "ok"
    scaled = await act(call, running, "scale", {"count": 1})
    assert (scaled["outcome"], scaled["message"]) == ("denied", "It is being stopped.")
    problem(await call("GET", "clusters", running, "client"), 409, "not_running")
    problem(await call("DELETE", "clusters", running), 409, "not_final")
    record = await started.service.store.cluster(running)
    assert record is not None
    await cluster_sees(
        started.service, gateway, record, phase="ABORTED", reason="stopped_by_user", ready=0
    )
    for verb, body in (
        ("stop", b""),
        ("scale", {"count": 1}),
        ("adapt", {"minimum": 0, "maximum": 1}),
    ):
        assert (await act(call, running, verb, body))["outcome"] == "already_final"
    await cluster_becomes(started.service, running, lambda now: now.is_clean)
    assert gateway.dask.cleaned == [running] and gateway.dask.scaled == []
    assert (await call("DELETE", "clusters", running)).code == 204
    problem(await call("GET", "clusters", running), 404, "unknown_cluster")
    again = await call(
        "POST", "clusters", body=cluster_submission(), headers={"Idempotency-Key": KEY}
    )
    problem(again, 410, "cluster_forgotten")
    assert len(gateway.dask.launches) == 1


async def test_one_out_of_sight_can_be_forgotten(
    call: Call, started: BatchExtension, gateway: FakeGateway, running: str
) -> None:
    record = await started.service.store.cluster(running)
    assert record is not None
    await cluster_sees(started.service, gateway, record, phase="UNKNOWN", reason="node")
    gateway.dask.close_errors.append(GatewayRefused("It is on another machine."))
    assert (await act(call, running, "stop"))["outcome"] == "denied"
    assert (await call("DELETE", "clusters", running)).code == 204
    assert answered(await call("GET", "clusters"), "ClusterList")["clusters"] == []


async def test_a_refused_stop_leaves_it_as_it_was(
    call: Call, gateway: FakeGateway, running: str
) -> None:
    for error, outcome in (
        (GatewayRefused("Not today."), "denied"),
        (GatewayUnreachable("Silence."), "error"),
        (RuntimeError("a mistake"), "error"),
    ):
        gateway.dask.close_errors.append(error)
        result = await act(call, running, "stop")
        assert (result["outcome"], result["cluster"]["substate"]) == (outcome, None)
        gateway.dask.scale_errors.append(error)
        result = await act(call, running, "scale", {"count": 1})
        assert (result["outcome"], result["cluster"]["workers"]["wanted"]) == (outcome, 2)


async def test_how_to_connect_names_places(call: Call, running: str) -> None:
    told = answered(await call("GET", "clusters", running, "client"), "ClusterClient")
    assert told["connection"]["scheduler_file"] == f"/{running}/scheduler.json"


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({"workers": {"kind": "fixed", "count": -1}}, {"spec.workers.count": "out_of_range"}),
        ({"workers": {"kind": "fixed", "count": "2"}}, {"spec.workers.count": "wrong_type"}),
        ({"workers": {"kind": "elastic"}}, {"spec.workers.kind": "wrong_type"}),
        ({"workers": {"kind": "fixed"}}, {"spec.workers.count": "required"}),
        (
            {"workers": {"kind": "adaptive", "minimum": -1, "maximum": -2}},
            {"spec.workers.minimum": "out_of_range", "spec.workers.maximum": "out_of_range"},
        ),
        (
            {"workers": {"kind": "adaptive", "minimum": 3, "maximum": 2}, "name": "\u202e"},
            {"spec.workers.maximum": "out_of_range", "spec.name": "control_character"},
        ),
        (
            {"name": " ", "idle_stop_seconds": 0},
            {"spec.name": "required", "spec.idle_stop_seconds": "out_of_range"},
        ),
        ({"idle_stop_seconds": 7201}, {"spec.idle_stop_seconds": "out_of_range"}),
        ({"name": "x" * 201}, {"spec.name": "too_long"}),
        ({"working_directory": "nowhere"}, {"spec.working_directory": "not_found"}),
        ({"working_directory": "a\0b"}, {"spec.working_directory": "control_character"}),
        ({"wokers": 3}, {"spec.wokers": "unknown_field"}),
        ({"options": {"flavour": float("nan")}}, {"spec.options.flavour": "out_of_range"}),
    ],
)  # fmt: skip
async def test_all_that_is_wrong_is_said_at_its_field(
    call: Call, gateway: FakeGateway, spec: Any, fields: dict[str, str]
) -> None:
    body = cluster_submission(**spec)
    answer = await call("POST", "clusters", body=body, headers={"Idempotency-Key": KEY})
    first = json.loads(answer.body)["detail"][0]["field"]
    told = problem(answer, 422, "not_valid", first)
    assert {issue["field"]: issue["code"] for issue in told["detail"]} == fields
    assert gateway.dask.launches == []
    await start(call)  # under the same key


async def test_a_check_says_what_a_start_would_and_starts_nothing(
    call: Call, gateway: FakeGateway
) -> None:
    reduced = issue("spec.workers.count", "over_machine", "Reduced.", limit=3, warning=True)
    gateway.dask.issues = [reduced]

    async def check(**spec: Any) -> dict[str, str]:
        answer = await call("POST", "clusters", "check", body=cluster_submission(**spec))
        issues = answered(answer, "ClusterCheck")["issues"]
        return {one["field"]: f"{one['severity']} {one['code']}" for one in issues}

    told = {"spec.workers.count": "warning over_machine"}
    assert await check() == told
    assert await check(name="") == {**told, "spec.name": "error required"}
    assert await check(workers={"kind": "fixed"}) == {"spec.workers.count": "error required"}
    assert gateway.dask.launches == []
    assert answered(await call("GET", "clusters"), "ClusterList")["clusters"] == []
    assert (await start(call))["name"] == "dask"  # a warning stands in nobody's way


async def test_who_only_counts_does_not_look(
    call: Call, started: BatchExtension, running: str
) -> None:
    watcher = started.service.clusters.watcher
    assert answered(await call("GET", "clusters", params={"looking": "false"}), "ClusterList")
    assert not watcher.is_looked_at
    assert answered(await call("GET", "clusters"), "ClusterList")
    assert watcher.is_looked_at


async def test_bad_requests(call: Call, gateway: FakeGateway, running: str) -> None:
    problem(await call("POST", "clusters", body=cluster_submission()), 400, "key_missing")
    keyed = {"Idempotency-Key": f"{KEY}-2"}
    problem(await call("POST", "clusters", body=b"{", headers=keyed), 400, "not_json")
    nowhere = {**cluster_submission(), "gateway_id": "nowhere"}
    problem(await call("POST", "clusters", body=nowhere, headers=keyed), 404, "unknown_gateway")
    wrong: Any
    for wrong in (
        {},
        {"count": -1},
        {"count": 1.5},
        {"count": "1"},
        {"count": 2**53},
        {"n": 1},
        [],
    ):
        problem(await call("POST", "clusters", running, "scale", body=wrong), 400, "bad_request")
    for wrong in ({"minimum": 1}, {"minimum": -1, "maximum": 1}):
        problem(await call("POST", "clusters", running, "adapt", body=wrong), 400, "bad_request")
    for wrong in ({"minimum": 2, "maximum": 1}, {"minimum": 0, "maximum": 0}):
        answer = await call("POST", "clusters", running, "adapt", body=wrong)
        problem(answer, 400, "bad_request", "maximum")
    for ended in ("-1", "501", "x", ""):
        answer = await call("GET", "clusters", params={"ended": ended})
        problem(answer, 400, "bad_request", "ended")
    answer = await call("GET", "clusters", params={"looking": "perhaps"})
    problem(answer, 400, "bad_request", "looking")
    problem(await call("POST", "clusters", "check", body=nowhere), 404, "unknown_gateway")
    for body in (b"{", b"[]"):
        problem(await call("POST", "clusters", "check", body=body), 400, "not_json")
    assert gateway.dask.scaled == []


async def test_another_ones_or_no_cluster(call: Call) -> None:
    for cluster_id in ("0" * 26, "..", "%2e%2e", "x"):
        problem(await call("GET", "clusters", cluster_id), 404, "unknown_cluster")
        problem(await call("DELETE", "clusters", cluster_id), 404, "unknown_cluster")
        problem(await call("GET", "clusters", cluster_id, "client"), 404, "unknown_cluster")
        for verb, body in (
            ("stop", b""),
            ("scale", {"count": 1}),
            ("adapt", {"minimum": 0, "maximum": 1}),
        ):
            answer = await call("POST", "clusters", cluster_id, verb, body=body)
            problem(answer, 404, "unknown_cluster")


async def test_a_refusal_frees_the_key_and_a_lost_answer_does_not(
    call: Call, started: BatchExtension, gateway: FakeGateway
) -> None:
    gateway.dask.create_errors.append(GatewayRefused("dask is not installed in /x."))
    headers = {"Idempotency-Key": KEY}
    answer = await call("POST", "clusters", body=cluster_submission(), headers=headers)
    assert problem(answer, 422, "gateway_refused")["message"] == "dask is not installed in /x."
    assert answered(await call("GET", "clusters"), "ClusterList")["clusters"] == []
    gateway.dask.create_errors.append(AnswerLost("silence"))
    gateway.dask.look_up_answers.append(GatewayUnreachable("silence"))
    lost = await start(call)
    assert (lost["phase"], lost["reason"]) == ("UNKNOWN", "answer_lost")
    result = await act(call, lost["id"], "scale", {"count": 1})
    assert result["outcome"] == "denied"
    gone = await cluster_becomes(started.service, lost["id"], lambda now: now.is_over)
    assert (gone.phase, gone.reason) == ("ERROR", "lost")
    assert (await start(call))["id"] != lost["id"]
