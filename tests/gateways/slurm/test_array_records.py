"""What Slurm once said of an array, by either way, read into the same words."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_batch.domain.generated import IndexArray, JobSpec, ListArray
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.slurm import answers, tables
from jupyterlab_batch.gateways.slurm.arrayrules import array_issues
from jupyterlab_batch.gateways.slurm.arrays import collect
from jupyterlab_batch.gateways.slurm.arraytext import (
    MAX_TEXT_LENGTH,
    array_text,
    runs_of,
    waiting_of,
)
from tests.gateways.conformance.jobs import Asked
from tests.gateways.rigs.standin import RECORDINGS, recorded

INDICES = st.lists(st.integers(0, 500), unique=True, min_size=1, max_size=60)


@given(INDICES)
def test_indices_are_read_as_they_were_written(indices: list[int]) -> None:
    waiting = waiting_of(array_text(indices, 3))
    assert {index for index in range(502) if index in waiting} == set(indices)
    assert {index for run in runs_of(indices) for index in run} == set(indices)


@pytest.mark.parametrize(
    ("indices", "text"),
    [
        (range(10_000), "0-9999"),
        (range(0, 100, 7), "0-98:7"),
        ([5], "5"),
        ([3, 1, 2, 9], "1-3,9"),
        ([1, 4], "1,4"),
        ([0, 2, 4, 100], "0-4:2,100"),
    ],
)
def test_indices_are_written_short(indices: list[int], text: str) -> None:
    assert array_text(indices) == text


def test_what_was_cut_may_be_anything_after_it() -> None:
    waiting = waiting_of("6,12,15,66,6...%2")
    assert [index in waiting for index in (6, 7, 66, 67, 5000)] == [True, False, True, True, True]


def rest_v38() -> list[dict[str, Any]]:
    return list(recorded("array-v0.0.38")["jobs"])


def rest_v44() -> list[dict[str, Any]]:
    """Return the same array in the form of the later generation, as far as it differs."""
    model = recorded("job-v0.0.44")["jobs"][0]

    def told(number: int | None) -> dict[str, Any]:
        return {"set": number is not None, "infinite": False, "number": number or 0}

    jobs = []
    for old in rest_v38():
        job = copy.deepcopy(model)
        job.update(
            {name: old[name] for name in ("job_id", "comment", "nodes", "array_task_string")},
            array_job_id=told(old["array_job_id"]),
            array_task_id=told(old["array_task_id"]),
            job_state=[old["job_state"]],
            state_reason=old["state_reason"],
            exit_code={**model["exit_code"], "return_code": told(old["exit_code"] >> 8)},
        )
        jobs.append(job)
    return jobs


def squeue() -> list[dict[str, str]]:
    text = (RECORDINGS / "array-squeue-22.05.txt").read_text(encoding="utf-8")
    return list(tables.rows(text, tables.QUEUE_FIELDS))


def seen_by(way: str) -> Observation:
    if way == "squeue":
        (seen,) = collect(map(tables.queue_record, squeue()))
    else:
        (seen,) = collect(map(answers.queue_record, rest_v38() if way == "38" else rest_v44()))
    return seen


@pytest.mark.parametrize("way", ["38", "44", "squeue"])
def test_an_array_is_one_job_with_tasks(way: str) -> None:
    seen = seen_by(way)
    assert (seen.native_id, seen.phase, seen.tag) == ("166", "EXECUTING", "jlb:01ARRAY")
    tasks = {task.index: task for task in seen.tasks}
    assert {index: (task.phase, task.native_id) for index, task in tasks.items()} == {
        0: ("ERROR", "166_0"),
        3: ("EXECUTING", "166_3"),
        6: ("EXECUTING", "166_6"),
        9: ("HELD", "166_9"),
    }
    assert (tasks[0].reason, tasks[0].exit_code) == ("exit_nonzero", 3)
    assert seen.waiting is not None
    # Of task 12 nothing is said: it was cancelled before it started.
    assert [index in seen.waiting for index in (12, 15, 16, 18, 1998)] == [
        *(False, True, False, True, True)
    ]


def test_an_array_that_waits_says_why() -> None:
    together = [row for row in squeue() if not row["ArrayTaskID"].isdigit()]
    (seen,) = collect(map(tables.queue_record, together))
    assert (seen.phase, seen.started_at) == ("QUEUED", None)
    assert seen.reason_text


def test_the_records_of_tasks_have_what_they_used() -> None:
    text = (RECORDINGS / "array-sacct-22.05.txt").read_text(encoding="utf-8")
    rows = list(tables.rows(text, tables.HISTORY_FIELDS))
    (seen,) = collect(tables.history_records(rows, own_uid=0))
    tasks = {task.index: task for task in seen.tasks}
    assert tasks.keys() == {0, 3, 6, 9}
    assert (tasks[0].phase, tasks[0].exit_code) == ("ERROR", 3)
    assert (tasks[3].phase, tasks[3].memory_peak_bytes) == ("ABORTED", 2916 * 1024)
    assert tasks[9].started_at is None


def test_the_records_of_tasks_by_rest() -> None:
    (seen,) = collect(map(answers.history_record, recorded("array-history-v0.0.38")["jobs"]))
    assert seen.native_id == "166"
    assert {task.index: (task.phase, task.native_id) for task in seen.tasks} == {
        0: ("ERROR", "166_0"),
        3: ("ABORTED", "166_3"),
    }
    assert all(task.cpu_seconds is not None for task in seen.tasks)


def spec_of(array: IndexArray | ListArray) -> JobSpec:
    return Asked(argv=("true",), array=array).spec


@pytest.mark.parametrize(
    ("array", "field", "limit"),
    [
        (IndexArray(start=0, stop=1000), None, None),
        (IndexArray(start=0, stop=1001), "spec.array", 1001),
        (IndexArray(start=900, stop=1001), "spec.array.stop", 1000),
        (ListArray(indices=[3, 1001]), "spec.array.indices", 1000),
        (ListArray(indices=[3, 5000], only=[5000]), "spec.array.only", 1000),
    ],
)
def test_indices_beyond_the_sites_are_an_issue(
    array: IndexArray | ListArray, field: str | None, limit: int | None
) -> None:
    found = [(wrong.field_, wrong.limit) for wrong in array_issues(spec_of(array), 1001)]
    assert found == ([] if field is None else [(field, limit)])


def test_indices_that_no_program_could_be_given_are_an_issue() -> None:
    scattered = [number * number % 99_991 for number in range(45_000)]
    array = ListArray(indices=sorted(set(scattered)))
    (wrong,) = array_issues(spec_of(array), 100_000)
    assert (wrong.field_, wrong.code, wrong.limit) == (
        *("spec.array.indices", "too_long", MAX_TEXT_LENGTH),
    )
