"""Many jobs in one request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import issue
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, problem

OTHER = "key-fedcba9876543210"


def keyed(key: str, submission: Any, **more: Any) -> dict[str, Any]:
    return {"key": key, "submission": submission, **more}


async def test_each_is_answered_for_itself(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    body = {"submissions": [keyed(KEY, submission), keyed(OTHER, {"gateway_id": "fake"})]}
    for _ in range(2):
        told = answered(await call("POST", "jobs", "submissions", body=body), "SubmissionResults")
        good, bad = told["results"]
        assert (good["key"], good["problem"], good["row"]["name"]) == (KEY, None, "Count")
        assert (bad["key"], bad["row"]) == (OTHER, None)
        assert (bad["problem"]["code"], bad["problem"]["field"]) == ("not_valid", "spec")
    assert len(gateway.launches) == 1


async def test_warnings_are_passed_over_if_the_user_says_so(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    gateway.issues = [issue("spec.resources.cores", "out_of_range", "Many.", warning=True)]
    body = {"submissions": [keyed(KEY, submission)]}
    for anyway, code in (("false", "warnings"), ("true", None)):
        answer = await call("POST", "jobs", "submissions", body=body, params={"anyway": anyway})
        (told,) = answered(answer, "SubmissionResults")["results"]
        assert (told["problem"] or {}).get("code") == code
    answer = await call("POST", "jobs", "submissions", body=body, params={"anyway": "yes"})
    problem(answer, 400, "bad_request", "anyway")


@pytest.mark.parametrize(
    "asked",
    [
        None,
        {},
        [],
        "text",
        [7],
        [{}],
        [keyed(KEY, [])],
        [keyed(KEY, None)],
        [{"key": KEY}],
        [{"submission": {}}],
        [keyed(KEY, {}, colour="red")],
        [keyed(KEY, {}, **{"\ud800": 1})],
        [keyed(KEY, {}), keyed(KEY, {})],
        [keyed(KEY + str(number), {}) for number in range(1001)],
    ],
    ids=range(14),
)
async def test_what_is_no_list_of_submissions_submits_nothing(
    call: Call, gateway: FakeGateway, submission: dict[str, Any], asked: Any
) -> None:
    if isinstance(asked, list) and asked:
        asked = [keyed(OTHER, submission), *asked]
    answer = await call("POST", "jobs", "submissions", body={"submissions": asked})
    problem(answer, 400, "bad_request")
    assert gateway.launches == []


@pytest.mark.parametrize("key", ["", "short", "a" * 65, "ä" * 16, "\ud800" * 16])
async def test_a_key_that_can_be_none_submits_nothing(
    call: Call, gateway: FakeGateway, submission: dict[str, Any], key: str
) -> None:
    body = {"submissions": [keyed(OTHER, submission), keyed(key, submission)]}
    problem(await call("POST", "jobs", "submissions", body=body), 400, "key_missing")
    assert gateway.launches == []


async def test_a_number_that_is_none_concerns_its_own_job_alone(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    broken = json.loads(json.dumps(submission))
    broken["spec"]["resources"]["cores"] = float("nan")
    body = {"submissions": [keyed(OTHER, broken), keyed(KEY, submission)]}
    told = answered(await call("POST", "jobs", "submissions", body=body), "SubmissionResults")
    assert [one["problem"] is None for one in told["results"]] == [False, True]
    assert len(gateway.launches) == 1
