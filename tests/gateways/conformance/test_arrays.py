"""Arrays, where a gateway says that it has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jupyterlab_batch.domain.generated import (
    IndexArray,
    ListArray,
    ParameterArray,
    ParameterValues,
)
from jupyterlab_batch.domain.phases import is_final
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.observation import Observation
from tests.gateways.conformance.bench import Bench, Run, eventually
from tests.gateways.conformance.capabilities import SHORTCOMING, proves
from tests.gateways.conformance.jobs import INDEXED, MEBIBYTE, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")
Note = Callable[[str, object], None]


def can_have(bench: Bench, record_property: Note) -> bool:
    """Tell whether there are arrays, and note it if there are none."""
    has_arrays = bench.description.limits.max_array_size is not None
    if not has_arrays:
        record_property(SHORTCOMING, True)
    return has_arrays


def array(script: str, stop: int, max_running: int | None = None) -> Asked:
    """Ask for tasks 0 to ``stop``, which is included."""
    return Asked(
        argv=("sh", "-c", script),
        memory_bytes=32 * MEBIBYTE,
        array=IndexArray(start=0, stop=stop, max_running=max_running),
    )


def tasks_seen(bench: Bench, run: Run) -> dict[int | None, Observation]:
    """Return the last that was told of each task."""
    return {task.index: task for seen in bench.seen(run) for task in seen.tasks}


@proves("Each task of an array runs once, and how it ended is told")
async def test_each_task_runs_once(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        with pytest.raises(GatewayRefused):
            await bench.gateway.cancel_tasks(bench.jobs["hello"].native_id, [0])
        return
    run = await bench.submit(array('echo "ran $BATCH_TASK_INDEX"; exit "$BATCH_TASK_INDEX"', 2))
    end = await bench.end(run)
    assert (end.phase, end.reason) == ("ERROR", "tasks_failed")
    assert end.reason_text
    tasks = tasks_seen(bench, run)
    assert {index: task.exit_code for index, task in tasks.items()} == {0: 0, 1: 1, 2: 2}
    assert [tasks[index].phase for index in range(3)] == ["COMPLETED", "ERROR", "ERROR"]
    for index in range(3):
        assert (run.task(index) / "stdout.log").read_text() == f"ran {index}\n"
    (looked,) = await bench.gateway.look_at([run.native_id])
    assert {task.index for task in looked.tasks} == {0, 1, 2}


@proves("What varies reaches its task: in the environment, in words of the command")
async def test_what_varies_reaches_its_task(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    values = ParameterValues(values=["it's", "$(touch injected)"])
    asked = Asked(
        argv=("sh", "-c", 'printf "%s|" "$BATCH_PARAM_FIELD" "$1"', "sh", "{field}.fits"),
        memory_bytes=32 * MEBIBYTE,
        array=ParameterArray(mode="zip", parameters={"field": values}),
    )
    run = await bench.submit(asked)
    assert (await bench.end(run)).phase == "COMPLETED"
    for index, value in enumerate(values.values or []):
        text = (run.task(index) / "stdout.log").read_text()
        assert text == f"{value}|{value}.fits|"


@proves("No more tasks run at a time than was asked")
async def test_no_more_run_than_was_asked(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    mine = 'folder="${BATCH_RUN_DIRECTORY%/tasks/*}"; mkdir "$folder/now" || exit 1; sleep 0.2'
    run = await bench.submit(array(f'{mine}; rmdir "$folder/now"', 3, max_running=1))
    assert (await bench.end(run)).phase == "COMPLETED"


@proves("Some tasks are cancelled, the others go on")
async def test_some_tasks_are_cancelled(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    run = await bench.submit(array(f"echo begun; {INDEXED} sleep 606; echo done", 2))
    logs = [run.task(index) / "stdout.log" for index in (1, 2)]
    await eventually(
        lambda: all(log.exists() and log.read_text() == "begun\n" for log in logs),
        "they never began",
    )
    await bench.gateway.cancel_tasks(run.native_id, [1])
    await bench.wait_for(lambda: 1 in finals(bench, run))
    assert tasks_seen(bench, run)[1].phase == "ABORTED"
    assert 2 not in finals(bench, run)
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert (run.task(0) / "stdout.log").read_text() == "begun\ndone\n"
    await eventually(lambda: not run.processes(), "a process is left")


@proves("Tasks that wait are cancelled by themselves, then all that is left")
async def test_waiting_tasks_are_cancelled(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    run = await bench.submit(array("echo begun; sleep 608", 5, max_running=1))
    log = run.task(0) / "stdout.log"
    await eventually(lambda: log.exists() and log.read_text() == "begun\n", "it never began")
    await bench.until(run, lambda seen: seen.phase == "EXECUTING")
    await bench.gateway.cancel_tasks(run.native_id, [2, 4])
    await bench.wait_for(lambda: {2, 4} <= tasks_seen(bench, run).keys())
    for index in (2, 4):
        task = tasks_seen(bench, run)[index]
        assert task.phase == "ABORTED" or (task.phase, task.reason) == ("UNKNOWN", "lost")
    assert 0 not in finals(bench, run)
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert tasks_seen(bench, run)[0].phase == "ABORTED"
    assert [path.name for path in run.tasks()] == ["0"]


@proves("Only the tasks that are asked for are run, under the indices that they have")
async def test_only_some_tasks_are_run(bench: Bench, record_property: Note) -> None:
    if not can_have(bench, record_property):
        return
    asked = Asked(
        argv=("sh", "-c", 'echo "ran $BATCH_TASK_INDEX"'),
        memory_bytes=32 * MEBIBYTE,
        array=ListArray(indices=[40, 7, 9, 11, 100], only=[100, 7, 9]),
    )
    run = await bench.submit(asked)
    assert (await bench.end(run)).phase == "COMPLETED"
    assert tasks_seen(bench, run).keys() == {7, 9, 100}
    texts = {path.name: path.joinpath("stdout.log").read_text() for path in run.tasks()}
    assert texts == {"7": "ran 7\n", "9": "ran 9\n", "100": "ran 100\n"}


def finals(bench: Bench, run: Run) -> set[int | None]:
    """Return the tasks that are over."""
    return {index for index, task in tasks_seen(bench, run).items() if is_final(task.phase)}
