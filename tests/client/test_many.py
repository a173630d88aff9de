"""One action on many jobs, from Python."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError
from tests.client import samples
from tests.client.scripted import Lost, Reply, ScriptedServer

OTHER = samples.JOB_ID[:-1] + ("0" if samples.JOB_ID[-1] != "0" else "1")


def results(*outcomes: str) -> dict[str, Any]:
    row = samples.row()
    return {
        "results": [
            {
                "job_id": job_id,
                "outcome": outcome,
                "message": None if outcome == "ok" else "It is not yours.",
                "row": row if outcome == "ok" else None,
            }
            for job_id, outcome in zip((samples.JOB_ID, OTHER), outcomes, strict=False)
        ]
    }


@pytest.mark.parametrize(
    "action", ["cancel", "hold", "release", "suspend", "resume", "requeue", "forget"]
)
def test_each_is_answered(scripted: ScriptedServer, batch: Batch, action: str) -> None:
    scripted.plan(Reply(results("ok", "denied")))
    told = getattr(batch, action)(samples.JOB_ID, OTHER)
    assert [one.outcome for one in told] == ["ok", "denied"]
    assert "It is not yours." in repr(told) and "1 of 2 done." in repr(told)
    (call,) = scripted.calls
    assert call.path.endswith("/jobs/actions")
    assert call.body == {"action": action, "job_ids": [samples.JOB_ID, OTHER]}


def test_a_resubmission_whose_answer_was_lost_is_sent_again_under_its_key(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(Lost(), Reply(results("ok")))
    batch.resubmit(samples.JOB_ID, memory="4GB", tasks=[3])
    first, second = scripted.calls
    assert first.body == second.body
    assert first.body["patch"] == {"resources": {"memory_bytes": 2**32}, "task_indices": [3]}
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_one_that_stays_unknown_names_its_key(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(*[Lost()] * 4)
    with pytest.raises(BatchError, match="cannot run it twice") as caught:
        batch.resubmit(samples.JOB_ID, key="key-of-these-jobs")
    assert caught.value.key == "key-of-these-jobs"


def test_many_go_in_several_calls(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(*[Reply(results())] * 3)
    batch.cancel(*[samples.JOB_ID] * 250)
    assert [len(call.body["job_ids"]) for call in scripted.calls] == [100, 100, 50]


def test_of_no_jobs_nothing_is_asked(scripted: ScriptedServer, batch: Batch) -> None:
    assert repr(batch.cancel()) == "Nothing was to be done."
    assert scripted.calls == []
