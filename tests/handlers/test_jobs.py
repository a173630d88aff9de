"""What a client of the HTTP interface can rely on."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call


async def test_a_submitted_job_is_listed(
    call: Call, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = json.loads(answer.body)
    assert answer.code == 201, job
    listed = json.loads((await call("GET", "jobs")).body)
    assert [row["id"] for row in listed["rows"]] == [job["id"]]
    assert len(gateway.launches) == 1
