"""The hint on Jupyter's event bus: small, checked, and merged."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from jsonschema.exceptions import ValidationError

from jupyterlab_batch.extension import CHANGED_SCHEMA, BatchExtension
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered
from tests.service.waiting import eventually


@pytest.fixture
def heard(started: BatchExtension, jp_serverapp: Any) -> list[dict[str, Any]]:
    """Hints as the browser's event stream gets them."""
    events: list[dict[str, Any]] = []

    async def listen(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        del logger, schema_id
        events.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=CHANGED_SCHEMA, listener=listen)
    return events


async def test_a_change_is_hinted_at_and_found(
    call: Call, heard: list[dict[str, Any]], submission: dict[str, Any]
) -> None:
    before = answered(await call("GET", "jobs"), "JobList")
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = answered(answer, "Job", 201)
    await eventually(lambda: heard and heard[-1]["seq"] >= job["revision"])
    for hint in heard:
        assert set(hint) == {"store_id", "seq"}
        assert hint["store_id"] == before["store_id"]
    since = {"since": str(before["seq"]), "store_id": heard[-1]["store_id"]}
    changes = answered(await call("GET", "changes", params=since), "Changes")
    assert changes["seq"] == heard[-1]["seq"] and changes["rows"][0]["id"] == job["id"]


async def test_many_changes_are_few_hints(
    call: Call, heard: list[dict[str, Any]], submission: dict[str, Any]
) -> None:
    clock = asyncio.get_running_loop()
    began = clock.time()
    for number in range(20):
        headers = {"Idempotency-Key": f"{KEY}-{number}"}
        answered(await call("POST", "jobs", body=submission, headers=headers), "Job", 201)
    last = answered(await call("GET", "jobs"), "JobList")["seq"]
    await eventually(lambda: heard and heard[-1]["seq"] == last)
    assert last >= 40
    assert len(heard) <= 2 + (clock.time() - began) / 0.1


async def test_reading_is_no_change(call: Call, heard: list[dict[str, Any]]) -> None:
    for path in ("jobs", "gateways", "drafts"):
        await call("GET", path)
    assert heard == []


def test_the_schema_refuses_anything_else(jp_serverapp: Any) -> None:
    schema = jp_serverapp.event_logger.schemas.get(CHANGED_SCHEMA)
    schema.validate({"store_id": "x", "seq": 1})
    for bad in (
        {},
        {"store_id": "x"},
        {"store_id": 1, "seq": 1},
        {"store_id": "x", "seq": "1"},
        {"store_id": "x", "seq": 1, "row": {}},
    ):
        with pytest.raises(ValidationError):
            schema.validate(bad)
