"""Every text of every other request, in its body and in its address, with every attack."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.client.real import RealServer
from tests.fakes.submissions import submission
from tests.handlers.conftest import KEY
from tests.handlers.contract import CONTRACT, conforms, operations
from tests.safety.asking import Answer, ask, submit
from tests.safety.attacks import attacks
from tests.safety.fields import text_fields

_REFUSALS = {400, 404, 409, 410, 413, 422}


def told(operation: str) -> tuple[str, str, Any]:
    """Return verb and path of an operation, and what the contract says of it."""
    verb, path = operations()[operation]
    return verb, path, CONTRACT["paths"][path][verb.lower()]


def _bodies() -> Iterator[tuple[str, str]]:
    """Yield each operation that reads a body with the schema of it, but for submissions."""
    for operation in operations():
        content = told(operation)[2].get("requestBody", {}).get("content", {})
        for kind in content.values():
            schema = kind["schema"]["$ref"].rpartition("/")[2]
            if schema != "Submission":
                yield operation, schema


def _queries() -> Iterator[tuple[str, str]]:
    """Yield each operation with each name that a query of it may have."""
    for operation in operations():
        for parameter in told(operation)[2].get("parameters", []):
            if parameter.get("in") == "query":
                yield operation, parameter["name"]


BODIES = dict(_bodies())
QUERIES = list(_queries())


def test_the_requests_are_found() -> None:
    """Fails when the walk through the contract finds fewer than there were."""
    assert {"patchJob", "resubmitJob", "actOnJobs", "importSpec", "putDraft"} <= set(BODIES)
    assert {("listJobs", "q"), ("listJobs", "sort"), ("findInLog", "q")} <= set(QUERIES)
    assert {field.label for field in text_fields("JobPatch")} >= {"comment", "tags.{}", "tags.*"}


@pytest.fixture(scope="module")
def job_id(fake_server: RealServer) -> str:
    (fake_server.work / "plain.sh").write_text("#!/bin/sh\n")
    answer = submit(fake_server, submission(), secrets.token_hex(16))
    Path(answer.json["run_directory"], "stdout.log").write_text("a line\n")
    found: str = answer.json["id"]
    return found


@pytest.fixture(autouse=True)
def no_mistake(fake_server: RealServer) -> Iterator[None]:
    yield
    assert "Traceback" not in fake_server.log_path.read_text()


def address(path: str, job_id: str) -> str:
    return path.format(job_id=job_id, cluster_id="0" * 26, key=KEY, gateway_id="fake")[1:]


def is_as_the_contract_says(answer: Answer, operation: str, what: str) -> None:
    if answer.status in _REFUSALS:
        conforms(answer.json, "Problem")
        return
    success = told(operation)[2]["responses"].get(str(answer.status), {}).get("content", {})
    assert 200 <= answer.status < 300, (operation, what, answer)
    if "application/json" in success:
        conforms(answer.json, success["application/json"]["schema"]["$ref"].rpartition("/")[2])


@pytest.mark.parametrize("operation", BODIES)
def test_a_text_in_a_body_is_refused_or_only_a_text(
    fake_server: RealServer, operation: str, job_id: str, tmp_path: Path
) -> None:
    verb, path, _ = told(operation)
    for field in text_fields(BODIES[operation]):
        for what, text in attacks(tmp_path).items():
            headers = {"Idempotency-Key": secrets.token_hex(16)}
            body: Any = field.make(text)
            answer = ask(fake_server, verb, address(path, job_id), body, headers=headers)
            is_as_the_contract_says(answer, operation, f"{field.label}: {what}")
            if operation == "putDraft" and answer.status == 200:
                kept = ask(fake_server, "GET", address(path, job_id)).json
                assert {name: kept[name] for name in body} == body
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("operation", "name"), QUERIES)
def test_a_text_in_a_query_is_refused_or_only_a_text(
    fake_server: RealServer, operation: str, name: str, job_id: str, tmp_path: Path
) -> None:
    verb, path, _ = told(operation)
    for what, text in attacks(tmp_path).items():
        value = quote(text.encode("utf-8", "surrogatepass"), safe="")
        if len(value) < 50_000:  # more than that no address has
            query = f"{address(path, job_id)}?{name}={value}"
            headers = {"Idempotency-Key": secrets.token_hex(16)}
            body: Any = None if verb == "GET" else {}
            answer = ask(fake_server, verb, query, body, headers=headers)
            is_as_the_contract_says(answer, operation, what)
    assert list(tmp_path.iterdir()) == []
