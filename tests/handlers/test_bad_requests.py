"""Whatever is asked, the answer is a `Problem`, and nothing was done."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import Any

import pytest

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import problem

NO_OBJECTS = [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'"text"', b"7", b"[" * 100_000]
WITH_BODIES = [
    ("POST", "jobs"),
    ("POST", "jobs/check"),
    ("POST", "jobs/submissions"),
    ("POST", "jobs/seen"),
    ("PUT", f"drafts/{KEY}"),
]
NOBODY = "0" * 26


@pytest.fixture(autouse=True)
def nothing_was_sent(gateway: FakeGateway) -> Any:
    yield
    assert gateway.launches == [] and gateway.cancelled == []


@pytest.mark.parametrize(("verb", "path"), WITH_BODIES)
async def test_what_is_no_json_object(call: Call, verb: str, path: str) -> None:
    for body in NO_OBJECTS:
        answer = await call(verb, *path.split("/"), body=body, headers={"Idempotency-Key": KEY})
        told = json.loads(answer.body)
        assert told["code"] in {"not_json", "bad_request"}, (body[:10], told)
        problem(answer, 400, told["code"])


@pytest.mark.parametrize(("verb", "path"), WITH_BODIES)
async def test_a_body_that_is_too_large(call: Call, verb: str, path: str) -> None:
    body = json.dumps({"x": "x" * (2 * 2**20)}).encode()
    answer = await call(verb, *path.split("/"), body=body, headers={"Idempotency-Key": KEY})
    problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("jobs", {"group": "all"}, "group"),
        ("jobs", {"group": ""}, "group"),
        ("jobs", {"phase": "RUNNING"}, "phase"),
        ("jobs", {"phase": ""}, "phase"),
        ("jobs", {"gateway_id": "x" * 201}, "gateway_id"),
        ("jobs", {"tag": "x" * 201}, "tag"),
        ("jobs", {"sort": "colour"}, "sort"),
        ("jobs", {"sort": "id; DROP TABLE jobs"}, "sort"),
        ("jobs", {"descending": "1"}, "descending"),
        ("jobs", {"offset": "-1"}, "offset"),
        ("jobs", {"offset": str(2**53)}, "offset"),
        ("jobs", {"sort": "name", "cursor": "x"}, "cursor"),
        ("jobs", {"descending": "false", "cursor": "x"}, "cursor"),
        ("jobs", {"day_start": "today"}, "day_start"),
        ("jobs", {"day_start": ""}, "day_start"),
        ("jobs", {"day_start": "2026-11-22T00:00:00"}, "day_start"),
        ("jobs", {"day_start": "0001-01-01T00:00:00+23:00"}, "day_start"),
        ("jobs", {"limit": " 5"}, "limit"),
        ("jobs", {"limit": "1_0"}, "limit"),
        ("jobs", {"limit": "٣"}, "limit"),
        ("jobs", {"limit": "0"}, "limit"),
        ("jobs", {"limit": "501"}, "limit"),
        ("jobs", {"limit": "-1"}, "limit"),
        ("jobs", {"limit": "ten"}, "limit"),
        ("jobs", {"limit": "1.5"}, "limit"),
        ("jobs", {"limit": ""}, "limit"),
        ("jobs", {"limit": "9" * 150}, "limit"),
        ("jobs", {"q": "x" * 201}, "q"),
        ("jobs", {"cursor": "x" * 201}, "cursor"),
        ("changes", {}, "store_id"),
        ("changes", {"store_id": "x"}, "since"),
        ("changes", {"store_id": "x" * 65, "since": "0"}, "store_id"),
        ("changes", {"store_id": "x", "since": "-1"}, "since"),
        ("changes", {"store_id": "x", "since": "NaN"}, "since"),
        ("changes", {"store_id": "x", "since": "0", "day_start": "now"}, "day_start"),
        ("changes", {"store_id": "x", "since": str(2**53)}, "since"),
        (f"jobs/{NOBODY}/log", {"stream": "stdin"}, "stream"),
        (f"jobs/{NOBODY}/log", {"offset": "end"}, "offset"),
        (f"jobs/{NOBODY}/log", {"offset": str(2**53)}, "offset"),
        (f"jobs/{NOBODY}/log", {"limit": "0"}, "limit"),
        (f"jobs/{NOBODY}/log", {"task": "-1"}, "task"),
        (f"jobs/{NOBODY}/log", {"task": ""}, "task"),
        (f"jobs/{NOBODY}/log/find", {"q": ""}, "q"),
        (f"jobs/{NOBODY}/log/find", {"q": "x" * 201}, "q"),
        (f"jobs/{NOBODY}/log/find", {"direction": "up"}, "direction"),
        (f"jobs/{NOBODY}/log/find", {"offset": "-1"}, "offset"),
        (f"jobs/{NOBODY}/log/find", {"limit": "1001"}, "limit"),
        (f"jobs/{NOBODY}/log/find", {"stream": "x"}, "stream"),
        (f"jobs/{NOBODY}/log/find", {"task": "x"}, "task"),
        (f"jobs/{NOBODY}/log/content", {"task": "x"}, "task"),
        (f"jobs/{NOBODY}/log/content", {"stream": "x"}, "stream"),
        (f"jobs/{NOBODY}/files/content", {"path": "x" * 4097}, "path"),
        (f"jobs/{NOBODY}/files", {"folder": "x" * 4097}, "folder"),
        (f"jobs/{NOBODY}/files", {"offset": "-1"}, "offset"),
        (f"jobs/{NOBODY}/files", {"limit": "501"}, "limit"),
        (f"jobs/{NOBODY}/tasks", {"phase": "RUNNING"}, "phase"),
        (f"jobs/{NOBODY}/tasks", {"sort": "cores"}, "sort"),
        (f"jobs/{NOBODY}/tasks", {"sort": "memory; DROP TABLE tasks"}, "sort"),
        (f"jobs/{NOBODY}/tasks", {"descending": "1"}, "descending"),
        (f"jobs/{NOBODY}/tasks", {"offset": "-1"}, "offset"),
        (f"jobs/{NOBODY}/tasks", {"limit": "501"}, "limit"),
        (f"jobs/{NOBODY}/log", {"limit": str(2**20 + 1)}, "limit"),
    ],
)
async def test_bad_query_values(call: Call, path: str, params: dict[str, str], field: str) -> None:
    problem(await call("GET", *path.split("/"), params=params), 400, "bad_request", field)


@pytest.mark.parametrize("anyway", ["yes", ""])
async def test_a_bad_anyway(call: Call, submission: dict[str, Any], anyway: str) -> None:
    answer = await call(
        "POST",
        "jobs",
        body=submission,
        params={"anyway": anyway},
        headers={"Idempotency-Key": KEY},
    )
    problem(answer, 400, "bad_request", "anyway")


async def test_more_values_than_a_filter_takes(raw: Raw, jp_auth_header: dict[str, str]) -> None:
    for values in (range(21), [1] * 21):
        many = "&".join(f"gateway_id={number}" for number in values)
        answer = await raw("GET", f"jobs?{many}", headers=jp_auth_header)
        problem(answer, 400, "bad_request", "gateway_id")


async def test_a_query_that_is_no_unicode(raw: Raw, jp_auth_header: dict[str, str]) -> None:
    problem(await raw("GET", "jobs?q=%ff", headers=jp_auth_header), 400, "bad_request")


@pytest.mark.parametrize(
    ("verb", "path", "code"),
    [
        ("GET", f"jobs/{NOBODY}", "unknown_job"),
        ("GET", "jobs/x", "unknown_job"),
        ("GET", "jobs/%2e%2e%2fetc", "unknown_job"),
        ("GET", "jobs/💥", "unknown_job"),
        ("POST", f"jobs/{NOBODY}/cancel", "unknown_job"),
        ("GET", f"jobs/{NOBODY}/log", "unknown_job"),
        ("GET", f"jobs/{NOBODY}/log/find", "unknown_job"),
        ("GET", f"jobs/{NOBODY}/log/content", "unknown_job"),
        ("GET", f"jobs/{NOBODY}/tasks", "unknown_job"),
        ("GET", f"jobs/{NOBODY}/tasks/phases", "unknown_job"),
        ("GET", "gateways/nowhere", "unknown_gateway"),
        ("GET", f"drafts/{KEY}", "unknown_draft"),
        ("DELETE", f"drafts/{KEY}", "unknown_draft"),
        ("GET", "nowhere", "not_found"),
        ("POST", "nowhere/at/all", "not_found"),
        ("PATCH", "nowhere", "not_found"),
        ("GET", "", "not_found"),
    ],
)
async def test_what_is_not_there(call: Call, verb: str, path: str, code: str) -> None:
    body = None if verb in {"GET", "DELETE"} else b""
    told = problem(await call(verb, *path.split("/"), body=body), 404, code)
    assert len(told["message"]) < 300


@pytest.mark.parametrize(
    ("verb", "path", "known"),
    [
        ("GET", "jobs/check", "POST, OPTIONS"),
        ("GET", "jobs/submissions", "POST, OPTIONS"),
        ("GET", "jobs/seen", "POST, OPTIONS"),
        ("GET", f"jobs/{NOBODY}/cancel", "POST, OPTIONS"),
        ("DELETE", "jobs", "GET, POST, OPTIONS"),
        ("PUT", f"jobs/{NOBODY}", "GET, DELETE, PATCH, OPTIONS"),
        ("PATCH", "gateways", "GET, OPTIONS"),
        ("POST", "changes", "GET, OPTIONS"),
        ("POST", "drafts", "GET, OPTIONS"),
    ],
)
async def test_a_method_that_an_address_does_not_know(
    call: Call, verb: str, path: str, known: str
) -> None:
    body = None if verb in {"GET", "DELETE"} else b""
    answer = await call(verb, *path.split("/"), body=body)
    problem(answer, 405, "bad_request")
    assert answer.headers["Allow"] == known


@pytest.mark.parametrize("key", ["short", "a" * 65, "a b c d e f g h i j", "..%2F..%2F..%2Fetc"])
async def test_a_bad_key(call: Call, key: str) -> None:
    form = {"title": "", "content": {}}
    problem(await call("PUT", "drafts", key, body=form), 400, "bad_request", "key")


async def test_a_submission_without_a_key(call: Call, submission: dict[str, Any]) -> None:
    problem(await call("POST", "jobs", body=submission), 400, "key_missing")
    for key in ("short", "a" * 65, "ä" * 16):
        answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": key})
        problem(answer, 400, "key_missing")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Form"},
        {"title": "Form", "content": []},
        {"title": 7, "content": {}},
        {"title": "Form", "content": {}, "colour": "red"},
        {"title": "x" * 301, "content": {}},
    ],
)
async def test_a_draft_that_is_none(call: Call, body: dict[str, Any]) -> None:
    problem(await call("PUT", "drafts", KEY, body=body), 400, "bad_request")
    problem(await call("GET", "drafts", KEY), 404, "unknown_draft")


async def test_a_draft_that_is_too_large(call: Call) -> None:
    form = {"title": "Form", "content": {"text": "x" * 2**20}}
    problem(await call("PUT", "drafts", KEY, body=form), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"through_seq": -1},
        {"through_seq": 2**53},
        {"through_seq": "1"},
        {"through_seq": 1, "x": 1},
    ],
)
async def test_seen_that_is_none(call: Call, body: dict[str, Any]) -> None:
    problem(await call("POST", "jobs", "seen", body=body), 400, "bad_request")


@pytest.mark.parametrize("store_id", ["another", ""])
async def test_changes_of_another_store(call: Call, store_id: str) -> None:
    params = {"since": "0", "store_id": store_id}
    problem(await call("GET", "changes", params=params), 410, "store_changed")


async def test_a_store_that_cannot_be_used(
    call: Call, started: BatchExtension, submission: dict[str, Any]
) -> None:
    await started.service.store.store_id()
    with sqlite3.connect(started.service.store.path) as connection:
        connection.execute("DROP TABLE jobs")
    problem(await call("GET", "jobs"), 503, "store_unavailable")
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    told = problem(answer, 503, "store_unavailable")
    assert "Nothing was submitted" in told["message"]


async def test_a_mistake_of_ours_is_told_without_its_traceback(
    call: Call, gateway: FakeGateway, submission: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Any) -> Any:
        raise KeyError("a secret of the server")

    monkeypatch.setattr(gateway, "check", fail)
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    told = problem(answer, 500, "internal")
    assert "secret" not in told["message"]


async def test_a_job_is_not_said_to_be_unknown_while_the_store_is_made_again(
    call: Call, started: BatchExtension
) -> None:
    rebuilding: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    started.service.rebuilder._running = asyncio.ensure_future(_wait_for(rebuilding))
    try:
        answer = await call("GET", "jobs", NOBODY)
        problem(answer, 503, "store_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        rebuilding.set_result(None)
        started.service.rebuilder._running = None
    problem(await call("GET", "jobs", NOBODY), 404, "unknown_job")


async def _wait_for(future: asyncio.Future[None]) -> None:
    await future
