"""What is done to jobs that there are, answered as the contract says."""

from __future__ import annotations

from typing import Any

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.observation import Observation
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call, submit
from tests.handlers.contract import answered, problem
from tests.service.waiting import becomes


async def test_cancel(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    result = answered(await call("POST", "jobs", job["id"], "cancel", body=b""), "ActionResult")
    assert (result["outcome"], result["row"]["substate"]) == ("ok", "cancelling")
    assert gateway.cancelled == ["101"]


async def test_hold_and_release(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    job = await submit(call, submission)
    for verb, phase in (("hold", "HELD"), ("release", "QUEUED")):
        result = answered(await call("POST", "jobs", job["id"], verb, body=b""), "ActionResult")
        assert (result["outcome"], result["row"]["phase"]) == ("ok", phase)
        problem(await call("POST", "jobs", "0" * 26, verb, body=b""), 404, "unknown_job")
    assert gateway.holds == [("101", True), ("101", False)]


async def test_orders(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    submission["spec"]["array"] = {"kind": "list", "indices": [3, 5]}
    job = await submit(call, submission)
    body: dict[str, Any]
    for verb in ("suspend", "resume", "requeue", "hold", "release"):
        for body in ({"task_indices": [5]}, {}):
            answer = await call("POST", "jobs", job["id"], verb, body=body)
            assert answered(answer, "ActionResult")["outcome"] == "ok"
        for body in ({"task_indices": []}, {"tasks": [1]}, {"task_indices": "5"}):
            answer = await call("POST", "jobs", job["id"], verb, body=body)
            problem(answer, 400, "bad_request")
        problem(await call("POST", "jobs", "0" * 26, verb, body=b""), 404, "unknown_job")
    body = {"signal": "USR1", "task_indices": [3]}
    answer = await call("POST", "jobs", job["id"], "cancel", body=body)
    assert answered(answer, "ActionResult")["row"]["substate"] is None
    problem(
        await call("POST", "jobs", job["id"], "cancel", body={"signal": "9"}), 400, "bad_request"
    )
    given = [(type(order).__name__, tasks) for _, order, tasks in gateway.orders]
    assert given == [
        *(("Suspend", [5]), ("Suspend", []), ("Resume", [5]), ("Resume", [])),
        *(("Requeue", [5]), ("Requeue", []), ("Hold", [5]), ("Hold", [5]), ("SendSignal", [3])),
    ]


async def test_other_terms(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    body: dict[str, Any] = {"walltime_seconds": 7200, "tags": {"run": "2"}}
    answer = await call("PATCH", "jobs", job["id"], body=body)
    assert answered(answer, "ActionResult")["row"]["walltime_seconds"] == 7200
    listed = answered(await call("GET", "jobs", params={"tag": "run=2"}), "JobList")
    assert listed["total"] == 1
    for body in ({"walltime_seconds": 0}, {"nice": "5"}, {"name": "x"}, {"comment": "x" * 1001}):
        problem(await call("PATCH", "jobs", job["id"], body=body), 400, "bad_request")
    answer = await call("PATCH", "jobs", job["id"], body={"comment": "a\x00b"})
    problem(answer, 422, "not_valid", "comment")
    problem(await call("PATCH", "jobs", "0" * 26, body={"nice": 1}), 404, "unknown_job")
    assert len(gateway.orders) == 1


async def test_act_on_many(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    body = {"action": "cancel", "job_ids": [job["id"], "0" * 26]}
    told = answered(await call("POST", "jobs", "actions", body=body), "ActionResults")
    assert [result["outcome"] for result in told["results"]] == ["ok", "not_found"]
    assert gateway.cancelled == ["101"]
    for wrong in (
        {**body, "action": "explode"},
        {**body, "job_ids": []},
        {**body, "job_ids": ["0" * 26] * 1001},
        {**body, "job_ids": ["../" + "0" * 23]},
    ):
        problem(await call("POST", "jobs", "actions", body=wrong), 400, "bad_request")


async def test_resubmit(
    call: Call, started: BatchExtension, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    job = await submit(call, submission)
    body, key = {"patch": {"resources": {"cores": 2}}}, {"Idempotency-Key": KEY + "-again"}
    path = ("jobs", job["id"], "resubmit")
    problem(await call("POST", *path, body=body, headers=key), 409, "not_final")
    gateway.see(Observation(native_id="101", phase="ERROR", exit_code=1))
    await becomes(started.service, job["id"], lambda now: now.phase == "ERROR")
    problem(await call("POST", *path, body=body), 400, "key_missing")
    again = answered(await call("POST", *path, body=body, headers=key), "Job", 201)
    assert (again["resubmitted_from"], again["cores"]) == (job["id"], 2)
    assert answered(await call("POST", *path, body=body, headers=key), "Job")["id"] == again["id"]
    mistakes: list[dict[str, Any]] = [{"patch": {"task": {}}}, {}, {"patch": {"resources": 1}}]
    for wrong in mistakes:
        answer = await call("POST", *path, body=wrong, headers={"Idempotency-Key": KEY + "-new"})
        problem(answer, 400, "bad_request")
    assert len(gateway.launches) == 2
