"""A double click, a reload between request and answer, the same key with something else."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyterlab_batch.domain.problems import AnswerLost
from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, problem
from tests.service.waiting import eventually

HEADERS = {"Idempotency-Key": KEY}


async def test_a_double_click_makes_one_job(call: Call, gateway: FakeGateway) -> None:
    gateway.may_submit.clear()
    first = asyncio.ensure_future(call("POST", "jobs", body=command(), headers=dict(HEADERS)))
    await gateway.submitting.wait()
    second = await call("POST", "jobs", body=command(), headers=dict(HEADERS))
    problem(second, 409, "key_in_flight")
    assert second.headers["Retry-After"] == "1"
    gateway.may_submit.set()
    job = answered(await first, "Job", 201)
    later = await call("POST", "jobs", body=command(), headers=dict(HEADERS))
    assert answered(later, "Job", 200)["id"] == job["id"]
    assert len(gateway.launches) == 1


async def test_the_same_key_with_another_body(call: Call, gateway: FakeGateway) -> None:
    answered(await call("POST", "jobs", body=command(), headers=dict(HEADERS)), "Job", 201)
    other = command(name="Other")
    answer = await call("POST", "jobs", body=other, headers=dict(HEADERS))
    problem(answer, 422, "key_reused")
    assert len(gateway.launches) == 1


async def test_the_order_of_the_fields_is_no_other_body(call: Call, gateway: FakeGateway) -> None:
    job = answered(await call("POST", "jobs", body=command(), headers=dict(HEADERS)), "Job", 201)
    turned = json.loads(
        json.dumps(command()), object_pairs_hook=lambda pairs: dict(reversed(pairs))
    )
    answer = await call("POST", "jobs", body=turned, headers=dict(HEADERS))
    assert answered(answer, "Job", 200)["id"] == job["id"]
    assert len(gateway.launches) == 1


async def test_a_reload_between_request_and_answer(
    call: Call, started: BatchExtension, gateway: FakeGateway
) -> None:
    await call("PUT", "drafts", KEY, body={"title": "Form", "content": {}})
    gateway.may_submit.clear()
    gone = asyncio.ensure_future(call("POST", "jobs", body=command(), headers=dict(HEADERS)))
    await gateway.submitting.wait()
    gone.cancel()
    gateway.may_submit.set()
    await eventually(lambda: not started.service.submitter.is_in_flight(KEY))
    draft = answered(await call("GET", "drafts", KEY), "Draft")
    assert draft["sent"]
    job = answered(await call("GET", "jobs", draft["job_id"]), "Job")
    assert job["phase"] == "QUEUED"
    again = await call("POST", "jobs", body=command(), headers=dict(HEADERS))
    assert answered(again, "Job", 200)["id"] == job["id"]
    assert len(gateway.launches) == 1


async def test_an_answer_that_was_lost_is_a_job_that_is_unknown(
    call: Call, gateway: FakeGateway
) -> None:
    gateway.submit_errors.append(AnswerLost("silence"))
    answer = await call("POST", "jobs", body=command(), headers=dict(HEADERS))
    job: Any = answered(answer, "Job", 201)
    assert (job["phase"], job["reason"], job["native_id"]) == ("UNKNOWN", "answer_lost", None)
    again = await call("POST", "jobs", body=command(), headers=dict(HEADERS))
    assert answered(again, "Job", 200)["id"] == job["id"]
    assert len(gateway.launches) == 1
