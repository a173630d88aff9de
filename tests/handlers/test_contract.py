"""Every operation of the contract answers as the contract says."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml
from tornado.httpclient import HTTPResponse

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.base import Observation
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import CONTRACT, answered, operations, problem
from tests.service.waiting import becomes

Journey = Callable[[Call, FakeGateway, dict[str, Any]], Awaitable[None]]


async def submit(call: Call, submission: dict[str, Any], key: str = KEY) -> Any:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": key})
    return answered(answer, "Job", 201)


async def test_the_contract_is_served(call: Call) -> None:
    answer = await call("GET", "openapi.yaml")
    assert answer.headers["Content-Type"] == "application/yaml"
    assert yaml.safe_load(answer.body) == CONTRACT


async def test_gateways(call: Call) -> None:
    listed = answered(await call("GET", "gateways"), "GatewayList")
    assert [gateway["id"] for gateway in listed["gateways"]] == ["fake"]
    assert answered(await call("GET", "gateways", "fake"), "Gateway") == listed["gateways"][0]


async def test_check(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    check = answered(await call("POST", "jobs", "check", body=submission), "Check")
    assert check["issues"] == [] and "count.sh" in check["preview"]["script"]
    submission["spec"]["resources"]["cores"] = 0
    check = answered(await call("POST", "jobs", "check", body=submission), "Check")
    assert [issue["field"] for issue in check["issues"]] == ["spec.resources.cores"]
    assert check["preview"] is None and gateway.launches == []


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


async def test_cancel(call: Call, gateway: FakeGateway, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    result = answered(await call("POST", "jobs", job["id"], "cancel", body=b""), "ActionResult")
    assert (result["outcome"], result["row"]["substate"]) == ("ok", "cancelling")
    assert gateway.cancelled == ["101"]


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


async def test_log(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    content = b"\xff\x00<script>\x1b[31m\n"
    Path(job["run_directory"], "stderr.log").write_bytes(content)
    params = {"stream": "stderr", "offset": "-6", "limit": "4"}
    answer = await call("GET", "jobs", job["id"], "log", params=params)
    assert (answer.code, answer.body) == (200, content[-6:-2])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Batch-Log-Offset"] == str(len(content) - 6)
    assert answer.headers["Batch-Log-Size"] == str(len(content))
    again = await call(
        "GET", "jobs", job["id"], "log", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.code, again.body, again.headers["Batch-Log-Size"]) == (200, b"", "0")


async def test_find_in_a_log(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    Path(job["run_directory"], "stdout.log").write_bytes(b"one\nTwo\ntwo\nValueError: no\n")
    path = ("jobs", job["id"], "log", "find")
    params = {"q": "two", "limit": "5"}
    found = answered(await call("GET", *path, params=params), "LogMatches")
    assert [match["offset"] for match in found["matches"]] == [4, 8]
    params = {"q": "two", "direction": "previous", "offset": "8"}
    found = answered(await call("GET", *path, params=params), "LogMatches")
    assert (found["matches"], found["stopped_at"]) == ([{"offset": 4, "length": 3}], 4)
    error = answered(await call("GET", *path), "LogMatches")
    assert [match["offset"] for match in error["matches"]] == [18]


async def test_files(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    folder = Path(job["run_directory"], "tasks", "7")
    folder.mkdir(parents=True)
    (folder / "é.fits").write_bytes(b"12345")
    path = ("jobs", job["id"], "files")
    listed = answered(await call("GET", *path, params={"limit": "2"}), "JobFiles")
    assert listed["total"] == 5 and not listed["is_more"]
    assert [(one["name"], one["kind"]) for one in listed["files"]] == [
        ("tasks", "folder"),
        ("count.sh", "file"),
    ]
    rest = await call("GET", *path, params={"offset": "2"})
    assert len(answered(rest, "JobFiles")["files"]) == 3
    (only,) = answered(await call("GET", *path, params={"folder": "tasks/7"}), "JobFiles")["files"]
    assert (only["path"], only["size_bytes"]) == ("tasks/7/é.fits", 5)
    assert only["contents_path"] == f"{job['run_contents_path']}/tasks/7/é.fits"
    problem(await call("GET", "jobs", "0" * 26, "files"), 404, "unknown_job")
    for wrong in ("none", "/etc", "..", "tasks/..", "tasks//7", "a\0b", "tasks/"):
        answer = await call("GET", *path, params={"folder": wrong})
        problem(answer, 404, "not_found", "folder")
    answer = await call("GET", *path, params={"folder": "run.sh"})
    problem(answer, 422, "file_not_readable", "folder")


async def test_record(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    record = answered(await call("GET", "jobs", job["id"], "record"), "Record")
    assert (record["job"], record["code"], record["environment"]) == (job, None, None)
    problem(await call("GET", "jobs", "0" * 26, "record"), 404, "unknown_job")


async def test_events(
    call: Call, started: BatchExtension, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    job = await submit(call, submission)
    gateway.see(Observation(native_id="101", phase="ERROR", exit_code=1))
    await becomes(started.service, job["id"], lambda now: now.phase == "ERROR")
    told = answered(await call("GET", "jobs", job["id"], "events"), "JobEvents")
    phases = [event["phase"] for event in told["events"]]
    assert phases == ["PENDING", "QUEUED", "ERROR"]
    assert told["events"][-1]["reason"] == "exit_nonzero"
    record = answered(await call("GET", "jobs", job["id"], "record"), "Record")
    assert record["events"] == told["events"]
    problem(await call("GET", "jobs", "0" * 26, "events"), 404, "unknown_job")


async def test_a_file_is_downloaded(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    name, content = 'é"\n.html', b"<script>\xff\x00" * 200_000
    Path(job["run_directory"], "out").mkdir()
    Path(job["run_directory"], "out", name).write_bytes(content)
    path = ("jobs", job["id"], "files", "content")
    answer = await call("GET", *path, params={"path": f"out/{name}"})
    assert (answer.code, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = "attachment; filename*=UTF-8''%C3%A9%22%0A.html"
    assert answer.headers["Content-Disposition"] == disposition
    nobody = await call("GET", "jobs", "0" * 26, "files", "content", params={"path": "run.sh"})
    problem(nobody, 404, "unknown_job")
    for wrong in ("", "out", "none", "/etc/passwd", "../x", "out/../run.sh", "out//x", "a\0b"):
        answer = await call("GET", *path, params={"path": wrong})
        if wrong == "out":
            problem(answer, 422, "file_not_readable", "path")
        else:
            problem(answer, 404, "not_found", "path")


async def test_drafts(call: Call) -> None:
    form = {"title": "Form", "content": {"cores": "two", "text": "\u202e🔭"}}
    kept = answered(await call("PUT", "drafts", KEY, body=form), "Draft")
    assert (kept["key"], kept["content"], kept["sent"]) == (KEY, form["content"], False)
    assert answered(await call("GET", "drafts", KEY), "Draft") == kept
    assert answered(await call("GET", "drafts"), "DraftList") == {"drafts": [kept]}
    gone = await call("DELETE", "drafts", KEY)
    assert (gone.code, gone.body) == (204, b"")
    assert answered(await call("GET", "drafts"), "DraftList") == {"drafts": []}


async def test_run_directories(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    listed = answered(await call("GET", "run-directories"), "RunDirectoryList")
    assert [(row["job_id"], row["is_over"]) for row in listed["rows"]] == [(job["id"], False)]
    body = {"job_ids": [job["id"], "0" * 26]}
    told = answered(await call("POST", "run-directories", "remove", body=body), "RemovalResults")
    assert [result["outcome"] for result in told["results"]] == ["denied", "not_found"]
    paths = {"paths": [listed["rows"][0]["path"]]}
    problem(await call("POST", "run-directories", "remove", body=paths), 400, "bad_request")
    assert Path(listed["rows"][0]["path"]).is_dir()


COVERED = {
    "getContract",
    "listGateways",
    "getGateway",
    "listAllocations",
    "importSpec",
    "checkSubmission",
    "submitJob",
    "listJobs",
    "getJob",
    "getChanges",
    "listTasks",
    "getTaskPhases",
    "getTaskCauses",
    "getTaskUsage",
    "cancelJob",
    "holdJob",
    "releaseJob",
    "suspendJob",
    "resumeJob",
    "requeueJob",
    "patchJob",
    "forgetJob",
    "actOnJobs",
    "resubmitJob",
    "declareLost",
    "markSeen",
    "getLog",
    "findInLog",
    "listJobFiles",
    "getJobRecord",
    "listJobEvents",
    "getJobFile",
    "listDrafts",
    "getDraft",
    "putDraft",
    "deleteDraft",
    "listRunDirectories",
    "removeRunDirectories",
}


def test_nothing_of_the_contract_was_left_out() -> None:
    assert set(operations()) == COVERED


async def test_the_body_is_plain_json_without_a_html_meaning(
    call: Call, submission: dict[str, Any]
) -> None:
    submission["spec"]["name"] = "</script><script>alert(1)</script>"
    job = await submit(call, submission)
    answer: HTTPResponse = await call("GET", "jobs", job["id"])
    assert json.loads(answer.body)["name"] == submission["spec"]["name"]
    assert "application/json" in answer.headers["Content-Type"]
