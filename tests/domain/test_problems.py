"""Every problem of the contract is told by somebody, under one code and one status."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from jupyterlab_batch.domain import problems
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Problem, ProblemCode
from jupyterlab_batch.domain.problems import BatchProblem, NotValid

STATUSES = {
    "bad_request": 400,
    "not_json": 400,
    "too_large": 413,
    "forbidden": 403,
    "not_found": 404,
    "unknown_job": 404,
    "unknown_gateway": 404,
    "unknown_draft": 404,
    "unknown_cluster": 404,
    "key_missing": 400,
    "key_in_flight": 409,
    "key_reused": 422,
    "job_forgotten": 410,
    "cluster_forgotten": 410,
    "not_final": 409,
    "not_running": 409,
    "not_valid": 422,
    "warnings": 422,
    "gateway_refused": 422,
    "gateway_unreachable": 503,
    "gateway_not_signed_in": 503,
    "log_not_readable": 422,
    "file_not_readable": 422,
    "store_changed": 410,
    "too_many_drafts": 422,
    "store_unavailable": 503,
    "store_of_newer_version": 503,
    "internal": 500,
}
BY_THE_HANDLERS = {"unauthenticated"}
"""Told before any use case runs; `tests/handlers/test_access.py` proves it."""

CLASSES: list[type[BatchProblem]] = [
    BatchProblem,
    *BatchProblem.__subclasses__(),
    problems.StoreOfNewerVersion,
]


@pytest.mark.parametrize("kind", CLASSES, ids=[kind.__name__ for kind in CLASSES])
def test_each_code_has_its_status(kind: type[BatchProblem]) -> None:
    assert STATUSES[kind.code] == kind.status


def test_every_code_of_the_contract_is_used_once() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes)
    assert {*codes, *BY_THE_HANDLERS} == set(get_args(ProblemCode))


def test_a_problem_is_written_as_the_contract_says() -> None:
    found = issue("spec.name", "too_long", "Use at most 200 characters.", limit=200)
    problem = NotValid(
        "Not right.", field="spec.name", gateway_id="fake", retry_after_seconds=1.5, detail=[found]
    )
    written = msgspec.json.encode(problem.to_wire())
    assert msgspec.json.decode(written, type=Problem).detail == [found]
    assert b'"field":"spec.name"' in written
    assert str(problem) == "Not right."


def test_a_lost_answer_is_no_problem_of_the_wire() -> None:
    assert not issubclass(problems.AnswerLost, BatchProblem)
