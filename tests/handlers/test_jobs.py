"""Submitting, finding and forgetting jobs, answered as the contract says."""

from __future__ import annotations

from typing import Any

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.observation import Observation
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Call, submit
from tests.handlers.contract import answered, problem
from tests.service.waiting import becomes


async def test_submit_once(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    assert (job["phase"], job["native_id"], job["name"]) == ("QUEUED", "101", "Count")
    assert job["spec"] == submission["spec"]
    again = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    assert answered(again, "Job", 200)["id"] == job["id"]
    assert len(gateway.launches) == 1


async def test_list_and_filter(call: Call, gateway: FakeGateway, submission: Any) -> None:
    ids = [(await submit(call, submission, f"{KEY}-{n}"))["id"] for n in range(3)]
    first = answered(await call("GET", "jobs", params={"limit": "2"}), "JobList")
    assert (first["total"], len(first["rows"]), first["counts"]["queued"]) == (3, 2, 3)
    rest = await call("GET", "jobs", params={"limit": "2", "cursor": first["cursor"]})
    second = answered(rest, "JobList")
    assert second["cursor"] is None
    assert {row["id"] for row in (*first["rows"], *second["rows"])} == set(ids)
    for params, total in (
        ({"group": "queued"}, 3),
        ({"group": "running"}, 0),
        ({"phase": "QUEUED"}, 3),
        ({"phase": "ERROR"}, 0),
        ({"sort": "name", "descending": "false"}, 3),
        ({"offset": "2"}, 3),
        ({"gateway_id": "fake"}, 3),
        ({"gateway_id": "nowhere"}, 0),
        ({"q": "cOUN"}, 3),
        ({"q": "%"}, 0),
        ({"q": ""}, 3),
    ):
        assert answered(await call("GET", "jobs", params=params), "JobList")["total"] == total


async def test_one_job(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    assert answered(await call("GET", "jobs", job["id"]), "Job") == job


async def test_changes(call: Call, submission: dict[str, Any]) -> None:
    before = answered(await call("GET", "jobs"), "JobList")
    job = await submit(call, submission)
    since = {"since": str(before["seq"]), "store_id": before["store_id"]}
    changes = answered(await call("GET", "changes", params=since), "Changes")
    assert [row["id"] for row in changes["rows"]] == [job["id"]]


async def test_an_array_and_its_tasks(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    submission["spec"]["array"] = {"kind": "list", "indices": [3, 5]}
    job = await submit(call, submission)
    assert job["array"] == {"size": 2, "by_phase": {"QUEUED": 2}}
    path = ("jobs", job["id"], "tasks")
    listed = answered(await call("GET", *path, params={"offset": "1"}), "TaskList")
    assert (listed["total"], [task["index"] for task in listed["tasks"]]) == (2, [5])
    none = answered(await call("GET", *path, params={"phase": "ERROR"}), "TaskList")
    assert none == {"total": 0, "tasks": []}
    params = {"sort": "memory", "descending": "true", "phase": "QUEUED"}
    listed = answered(await call("GET", *path, params=params), "TaskList")
    assert [task["index"] for task in listed["tasks"]] == [3, 5]
    phases = answered(await call("GET", *path, "phases"), "TaskPhases")
    assert phases == {"size": 2, "runs": [{"phase": "QUEUED", "count": 2}]}
    causes = answered(await call("GET", *path, "causes"), "TaskCauses")
    assert causes == {"failed": 0, "causes": []}
    assert answered(await call("GET", *path, "usage"), "TaskUsage")["tasks"] == 0
    for name in ("causes", "usage"):
        nobody = await call("GET", "jobs", "0" * 26, "tasks", name)
        problem(nobody, 404, "unknown_job")
    chosen = {"task_indices": [5]}
    answer = await call("POST", "jobs", job["id"], "cancel", body=chosen)
    assert answered(answer, "ActionResult")["outcome"] == "ok"
    assert gateway.cancelled_tasks == [("101", [5])] and gateway.cancelled == []
    wrong: dict[str, Any]
    for wrong in ({"task_indices": []}, {"task_indices": ["1"]}, {"tasks": [1]}):
        answer = await call("POST", "jobs", job["id"], "cancel", body=wrong)
        problem(answer, 400, "bad_request")


async def test_declare_lost(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    gateway.submit_errors.append(AnswerLost("silence"))
    job = await submit(call, submission)
    answer = await call("POST", "jobs", job["id"], "declare-lost", body=b"")
    result = answered(answer, "ActionResult")
    assert (result["outcome"], result["row"]["reason"]) == ("ok", "lost")
    assert (await submit(call, submission))["id"] != job["id"]


async def test_forget(call: Call, started: BatchExtension, gateway: FakeGateway) -> None:
    job = await submit(call, command())
    problem(await call("DELETE", "jobs", job["id"]), 409, "not_final")
    gateway.see(Observation(native_id="101", phase="COMPLETED", exit_code=0))
    await becomes(started.service, job["id"], lambda now: now.phase == "COMPLETED")
    answer = await call("DELETE", "jobs", job["id"])
    assert (answer.code, answer.body) == (204, b"")
    problem(await call("GET", "jobs", job["id"]), 404, "unknown_job")
    problem(await call("DELETE", "jobs", job["id"]), 404, "unknown_job")
    again = await call("POST", "jobs", body=command(), headers={"Idempotency-Key": KEY})
    problem(again, 410, "job_forgotten")
    assert len(gateway.launches) == 1


async def test_seen(
    call: Call, started: BatchExtension, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    job = await submit(call, submission)
    gateway.see(Observation(native_id="101", phase="ERROR", exit_code=1))
    failed = await becomes(started.service, job["id"], lambda now: now.phase == "ERROR")
    row = answered(await call("GET", "jobs", job["id"]), "Job")
    assert (row["phase"], row["reason"], row["seen"]) == ("ERROR", "exit_nonzero", False)
    body = {"through_seq": failed.revision}
    counts = answered(await call("POST", "jobs", "seen", body=body), "JobCounts")
    assert counts == {"needs_you": 0, "running": 0, "queued": 0, "finished": 1}
