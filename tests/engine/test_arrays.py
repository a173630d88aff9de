"""The tasks of an array: which there are, what each is given, and what it leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import (
    IndexArray,
    ListArray,
    NotebookTask,
    ParameterArray,
    ParameterValues,
    ScriptTask,
)
from jupyterlab_batch.engine.status import read_claim, read_status
from jupyterlab_batch.gateways.observation import Observation
from tests.engine.conftest import EngineFactory
from tests.engine.harness import TestEngine, TestJob, make_spec, write_notebook
from tests.engine.wrapped import AWKWARD, WrappedRun

TELL = ["sh", "-c", 'echo "$BATCH_TASK_INDEX"; echo "to err $BATCH_TASK_INDEX" >&2']


async def tasks_of(engine: TestEngine, job: TestJob) -> dict[int | None, Observation]:
    (seen,) = await engine.gateway.look_at([job.native_id])
    return {task.index: task for task in seen.tasks}


@pytest.mark.parametrize(
    ("array", "indices"),
    [
        (IndexArray(start=3, stop=9, step=3), [3, 6, 9]),
        (IndexArray(start=0, stop=7, only=[1, 5]), [1, 5]),
        (ListArray(indices=[7, 0, 12]), [7, 0, 12]),
    ],
)
async def test_each_index_is_a_task_of_its_own(
    engine: TestEngine, array: IndexArray | ListArray, indices: list[int]
) -> None:
    job = await engine.run(TELL, array=array)
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("COMPLETED", None)
    assert end.started_at is not None and end.ended_at is not None
    tasks = await tasks_of(engine, job)
    assert sorted(index for index in tasks if index is not None) == sorted(indices)
    for index in indices:
        task = tasks[index]
        assert (task.phase, task.exit_code) == ("COMPLETED", 0)
        assert task.started_at is not None and task.ended_at is not None
        assert (job.task(index) / "stdout.log").read_text() == f"{index}\n"
        assert (job.task(index) / "stderr.log").read_text() == f"to err {index}\n"
        status = read_status(job.task(index), job.plan.nonce)
        assert status is not None
        assert (status.native_id, status.exit_code) == (task.native_id, 0)
    assert not (job.plan.directory / "stdout.log").exists()


async def test_they_start_in_the_order_in_which_they_stand(make_engine: EngineFactory) -> None:
    engine = make_engine(max_cores=1)
    job = await engine.run(
        ["sh", "-c", "echo $BATCH_TASK_INDEX >>order"],
        array=ListArray(indices=[4, 1, 9]),
        working_directory=engine.root,
    )
    assert (await engine.end(job)).phase == "COMPLETED"
    assert (engine.root / "order").read_text().split() == ["4", "1", "9"]


async def test_how_tasks_ended_is_told_one_by_one(engine: TestEngine) -> None:
    job = await engine.run(
        ["sh", "-c", "exit $BATCH_TASK_INDEX"], array=IndexArray(start=0, stop=2)
    )
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("ERROR", "tasks_failed")
    assert end.reason_text == "2 of 3 tasks failed."
    tasks = await tasks_of(engine, job)
    assert [(tasks[index].phase, tasks[index].exit_code) for index in range(3)] == [
        ("COMPLETED", 0),
        ("ERROR", 1),
        ("ERROR", 2),
    ]
    assert tasks[2].reason_text == "Exit code 2."


async def test_changes_of_tasks_are_pushed(engine: TestEngine) -> None:
    job = await engine.run(TELL, array=IndexArray(start=0, stop=4))
    seen: dict[int | None, list[str]] = {}

    def is_over(event: Observation) -> bool:
        for task in event.tasks:
            seen.setdefault(task.index, []).append(task.phase)
        return event.phase == "COMPLETED"

    await engine.until(job, is_over)
    assert set(seen) == set(range(5))
    assert {phases[-1] for phases in seen.values()} == {"COMPLETED"}


def values(**columns: list[Any] | range) -> dict[str, ParameterValues]:
    return {
        name: ParameterValues(start=column[0], stop=column[-1])
        if isinstance(column, range)
        else ParameterValues(values=column)
        for name, column in columns.items()
    }


PRODUCT = ParameterArray(
    mode="product", parameters=values(field=["M31", "it's"], seed=range(2), scale=[0.5])
)
ZIP = ParameterArray(mode="zip", parameters=values(field=["M31", "M33"], seed=[7, None]))
ROWS: list[tuple[ParameterArray, list[dict[str, Any]]]] = [
    (
        PRODUCT,
        [
            {"field": "M31", "seed": 0, "scale": 0.5},
            {"field": "M31", "seed": 1, "scale": 0.5},
            {"field": "it's", "seed": 0, "scale": 0.5},
            {"field": "it's", "seed": 1, "scale": 0.5},
        ],
    ),
    (ZIP, [{"field": "M31", "seed": 7}, {"field": "M33", "seed": None}]),
]


@pytest.mark.parametrize(("array", "rows"), ROWS, ids=["product", "zip"])
async def test_parameters_vary_by_environment_file_and_word(
    engine: TestEngine, array: ParameterArray, rows: list[dict[str, Any]]
) -> None:
    script = 'printf "%s|%s|%s|%s" "$BATCH_PARAM_FIELD" "$BATCH_PARAM_SEED" "$1" "$2"; echo'
    words = ["sh", "-c", script, "sh", "{field}-{seed}.fits", "{index} {other} {{seed}}"]
    job = await engine.run(words, array=array)
    assert (await engine.end(job)).phase == "COMPLETED"
    for index, row in enumerate(rows):
        seed = "" if row["seed"] is None else row["seed"]
        expected = f"{row['field']}|{seed}|{row['field']}-{seed}.fits|{index} {{other}} {{{seed}}}"
        assert (job.task(index) / "stdout.log").read_text() == f"{expected}\n"
        parameters = json.loads((job.task(index) / "parameters.json").read_bytes())
        assert list(parameters.items()) == list(row.items())
    assert not job.task(len(rows)).exists()


async def test_of_some_tasks_only_theirs_is_written(engine: TestEngine) -> None:
    array = ParameterArray(
        mode="zip", parameters=values(text=["first", "second", "third"]), only=[1]
    )
    job = await engine.run(["sh", "-c", 'echo "$BATCH_PARAM_TEXT $1"', "sh", "{text}"], array=array)
    assert (await engine.end(job)).phase == "COMPLETED"
    assert (job.task(1) / "stdout.log").read_text() == "second second\n"
    assert json.loads((job.task(1) / "parameters.json").read_bytes()) == {"text": "second"}
    assert [path.name for path in job.task(1).parent.iterdir()] == ["1"]
    for path in job.plan.directory.glob("parameters.*"):
        assert "third" not in path.read_text()


def test_any_value_arrives_to_the_letter_and_nothing_in_it_is_run(wrapped: WrappedRun) -> None:
    texts = [AWKWARD, "", "'", "\n", "$(touch injected)\n`touch injected`\n", "-n", "\\", "{b}"]
    array = ParameterArray(mode="zip", parameters=values(a=list(texts), b=list(range(len(texts)))))
    words = ["sh", "-c", 'printf "<%s>" "$BATCH_PARAM_A" "$1"', "sh", "{a}"]
    plan = wrapped.command(*words, array=array)
    for index, text in enumerate(texts):
        code, out, err = wrapped.run(plan, "7", BATCH_TASK_INDEX=str(index))
        assert (code, out, err) == (0, f"<{text}><{text}>", "")
    assert not list(wrapped.root.rglob("injected"))


def test_braces_in_a_script_or_without_an_array_are_the_users_own(wrapped: WrappedRun) -> None:
    array = ParameterArray(mode="zip", parameters=values(a=[1]))
    plan = wrapped.script("echo '{a} {index}' $1", arguments=["{a}/{index}"], array=array)
    assert wrapped.run(plan, "7", BATCH_TASK_INDEX="0")[1] == "{a} {index} 1/0\n"
    assert wrapped.run(wrapped.command("echo", "{a} {index}"))[1] == "{a} {index}\n"


def test_job_and_task_are_claimed_one_by_one(wrapped: WrappedRun) -> None:
    plan = wrapped.command(
        "sh", "-c", f"echo ran >>{wrapped.root}/count", array=ListArray(indices=[0, 1])
    )
    for index, restarts in ("0", "0"), ("1", "0"), ("1", "1"):
        again = {"BATCH_TASK_INDEX": index, "SLURM_RESTART_COUNT": restarts}
        assert wrapped.run(plan, "7", **again)[0] == 0
    whole, one = (
        read_claim(folder, plan.nonce) for folder in (plan.directory, plan.directory / "tasks/1")
    )
    assert whole is not None and one is not None
    assert (whole.native_id, one.native_id) == ("7", "7_1")
    for index in "0", "2":
        code, _, err = wrapped.run(plan, "8", BATCH_TASK_INDEX=index)
        assert (code, "Job 8 is a duplicate" in err) == (0, True)
    assert (wrapped.root / "count").read_text() == "ran\n" * 3
    assert not (plan.directory / "tasks/2").exists()


@pytest.mark.parametrize("index", ["", "x", "-1", "../1", "1;id"])
def test_without_an_index_a_task_does_nothing(wrapped: WrappedRun, index: str) -> None:
    plan = wrapped.command("touch", str(wrapped.root / "ran"), array=ListArray(indices=[0]))
    code, _, err = wrapped.run(plan, "7", BATCH_TASK_INDEX=index)
    assert (code, err) == (73, "This script is to be started with the index of a task.\n")
    assert not (wrapped.root / "ran").exists()


async def test_a_script_runs_as_each_task(engine: TestEngine) -> None:
    (engine.root / "cut.py").write_text(
        "import os, sys\nprint(sys.argv[1:], os.environ['BATCH_PARAM_BAND'])", encoding="utf-8"
    )
    array = ParameterArray(mode="zip", parameters=values(band=["g", "r"]))
    job = await engine.submit(
        make_spec(ScriptTask(path="cut.py", arguments=["{band}.fits", "{index}"]), array=array)
    )
    assert (await engine.end(job)).phase == "COMPLETED"
    told = [(job.task(index) / "stdout.log").read_text() for index in range(2)]
    assert told == ["['g.fits', '0'] g\n", "['r.fits', '1'] r\n"]


@pytest.mark.parametrize("output_path", [None, "made/{seed}-{index}.ipynb"])
async def test_a_notebook_has_an_output_per_task(
    engine: TestEngine, output_path: str | None
) -> None:
    (engine.root / "made").mkdir()
    cells = ["# parameters\nseed = 0\nscale = 0", "print(seed, scale)", "1 / seed"]
    write_notebook(engine.root / "fit.ipynb", cells)
    job = await engine.submit(
        make_spec(
            NotebookTask(path="fit.ipynb", parameters={"scale": 2}, output_path=output_path),
            array=ParameterArray(mode="zip", parameters=values(seed=[5, 0])),
        )
    )
    end = await engine.end(job)
    assert (end.phase, end.reason_text) == ("ERROR", "1 of 2 tasks failed.")
    for index, seed in enumerate((5, 0)):
        own = job.task(index) / "fit-output.ipynb"
        output = engine.root / f"made/{seed}-{index}.ipynb" if output_path else own
        assert f"{seed} 2" in output.read_text(encoding="utf-8")
        status = read_status(job.task(index), job.plan.nonce)
        assert status is not None and status.outcome is not None and status.progress is not None
        told = (status.outcome.kind, status.outcome.cell, status.progress.done)
        assert told == (("ok", None, 3) if seed else ("cell_error", 3, 2))
    assert not job.plan.notebooks
