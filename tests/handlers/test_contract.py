"""Every operation of the contract answers as the contract says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from tornado.httpclient import HTTPResponse

from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call, submit
from tests.handlers.contract import CONTRACT, answered, operations, problem


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


# By the tests here and by those of jobs, actions, details, scripts and allocations beside it.
COVERED = {
    "getContract",
    "listGateways",
    "getGateway",
    "listAllocations",
    "importSpec",
    "checkSubmission",
    "submitJob",
    "submitJobs",
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
    "downloadLog",
    "listJobFiles",
    "getJobRecord",
    "listJobEvents",
    "getJobFile",
    "listDrafts",
    "getDraft",
    "putDraft",
    "deleteDraft",
    "listClusters",
    "startCluster",
    "checkCluster",
    "listClusterGateways",
    "getCluster",
    "forgetCluster",
    "scaleCluster",
    "adaptCluster",
    "stopCluster",
    "identifyCluster",
    "getClusterClient",
    "listClusterWorkers",
    "retireClusterWorkers",
    "getClusterProgress",
    "listClusterUsers",
    "getClusterLog",
    "listClusterPlots",
    "getClusterDashboard",
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
