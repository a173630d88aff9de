"""Many jobs in few requests, each once."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError
from tests.client import samples
from tests.client.scripted import Lost, Reply, ScriptedServer

KEY = "key-of-all-these-jobs"


def commands(count: int) -> list[dict[str, Any]]:
    return [{"command": ["fit", str(number)]} for number in range(count)]


def problem(code: str, message: str) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "field": None,
        "gateway_id": None,
        "retry_after_seconds": None,
        "detail": [],
    }
    return {"code": code, "message": message, **empty}


@pytest.fixture
def keys(scripted: ScriptedServer, batch: Batch) -> list[str]:
    """Of five jobs, as every try with `KEY` sends them."""
    scripted.plan(*[Lost()] * 4)
    with pytest.raises(BatchError) as caught:
        batch.submit_many(commands(5), gateway="local", key=KEY)
    assert (caught.value.key, caught.value.code) == (KEY, "answer_lost")
    first, *others = scripted.calls
    assert first.path.endswith("/jobs/submissions")
    assert all(other.body == first.body for other in others) and len(others) == 3
    scripted.calls.clear()
    found = [one["key"] for one in first.body["submissions"]]
    assert len(set(found)) == 5
    return found


def told(key: str, code: str | None = None) -> dict[str, Any]:
    row = samples.row() if code is None else None
    return {"key": key, "row": row, "problem": code and problem(code, f"It is {code}.")}


def results(*each: dict[str, Any]) -> Reply:
    return Reply({"results": list(each)})


def test_each_is_answered(scripted: ScriptedServer, batch: Batch, keys: list[str]) -> None:
    scripted.plan(results(*map(told, keys[:4]), told(keys[4], "gateway_refused")))
    submitted = batch.submit_many(commands(5), gateway="local", key=KEY, cores=2)
    assert [one.job is None for one in submitted] == [False] * 4 + [True]
    assert submitted[0].job is not None and submitted[0].job.id == samples.JOB_ID
    error = submitted[4].error
    assert error is not None and (error.code, error.key) == ("gateway_refused", keys[4])
    assert "It is gateway_refused." in repr(submitted) and "4 of 5 submitted." in repr(submitted)
    (call,) = scripted.calls
    assert [one["key"] for one in call.body["submissions"]] == keys
    sent = call.body["submissions"][3]["submission"]
    assert (sent["gateway_id"], sent["spec"]["task"]["argv"]) == ("local", ["fit", "3"])
    assert sent["spec"]["resources"]["cores"] == 2


def test_only_what_is_in_flight_is_asked_again(
    scripted: ScriptedServer, batch: Batch, keys: list[str]
) -> None:
    again = told(keys[2], "key_in_flight")
    others = [told(key) for key in keys if key != keys[2]]
    scripted.plan(Lost(), results(again, *others), results(again), results(told(keys[2])))
    submitted = batch.submit_many(commands(5), gateway="local", key=KEY)
    assert all(one.job for one in submitted)
    assert [len(call.body["submissions"]) for call in scripted.calls] == [5, 5, 1, 1]


def test_one_that_stays_in_flight_is_said_to_be_uncertain(
    scripted: ScriptedServer, batch: Batch, keys: list[str]
) -> None:
    again = told(keys[0], "key_in_flight")
    scripted.plan(results(again, *map(told, keys[1:])), *[results(again)] * 3)
    first = batch.submit_many(commands(5), gateway="local", key=KEY)[0]
    assert first.error is not None and first.error.code == "answer_lost"
    assert f'key="{keys[0]}"' in first.error.message


def test_what_cannot_be_sent_stops_no_other(
    scripted: ScriptedServer, batch: Batch, keys: list[str]
) -> None:
    jobs = commands(5)
    jobs[1]["memory"] = "plenty"
    rest = [key for key in keys if key != keys[1]]
    scripted.plan(results(*map(told, rest)))
    submitted = batch.submit_many(jobs, gateway="local", key=KEY)
    assert [one.job is None for one in submitted] == [False, True, False, False, False]
    assert submitted[1].error is not None
    assert submitted[1].error.field == "spec.resources.memory_bytes"
    assert [one["key"] for one in scripted.calls[0].body["submissions"]] == rest


def test_many_go_in_several_requests(scripted: ScriptedServer, batch: Batch) -> None:
    # A client of another version has to make the same ones.
    keys = [hashlib.sha256(f"{KEY} {number}".encode()).hexdigest() for number in range(101)]
    scripted.plan(results(*map(told, keys[:100])), results(told(keys[100])))
    assert len(batch.submit_many(commands(101), gateway="local", key=KEY)) == 101
    sent = [[one["key"] for one in call.body["submissions"]] for call in scripted.calls]
    assert sent == [keys[:100], keys[100:]]


def test_what_is_too_large_together_goes_in_several_requests(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(*[Reply(problem("too_large", "It is larger than 2 MB."), 413)] * 2)
    large = [{"command": ["fit", letter * 600_000]} for letter in "xy"]
    submitted = batch.submit_many(large, gateway="local")
    assert [one.error.code for one in submitted if one.error] == ["too_large"] * 2
    assert [len(call.body["submissions"]) for call in scripted.calls] == [1, 1]


def test_of_no_jobs_nothing_is_asked(scripted: ScriptedServer, batch: Batch) -> None:
    assert repr(batch.submit_many([])) == "Nothing was to be submitted."
    assert scripted.calls == []


def test_an_argument_that_there_is_not_stops_all(scripted: ScriptedServer, batch: Batch) -> None:
    with pytest.raises(TypeError, match="colour"):
        batch.submit_many([*commands(3), {"command": "true", "colour": "red"}], gateway="local")
    assert scripted.calls == []
