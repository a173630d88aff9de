"""Arrays, dependencies and their tasks, from Python to the engine and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError
from tests.client.real import RealServer
from tests.fakes.notebooks import write_notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
SUM: dict[str, Any] = {
    "cell_type": "code",
    "id": "sum",
    "metadata": {},
    "source": "print(seed + offset)",
    "outputs": [],
    "execution_count": None,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    gateway = {"kind": "local", "max_cores": 4, "gpus": ["0", "1"]}
    server = RealServer(tmp_path_factory.mktemp("lab"), [gateway])
    server.work.joinpath("task.sh").write_text(
        '#!/bin/sh\necho "$BATCH_TASK_INDEX $BATCH_PARAM_SEED $BATCH_PARAM_BAND"\n'
        '[ "$BATCH_TASK_INDEX" != 2 ] || exit 3\n'
    )
    server.work.joinpath("sleep.sh").write_text("#!/bin/sh\nexec sleep 60\n")
    yield server
    server.close()


@pytest.fixture
def batch(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.chdir(server.work)
    return server.batch


def test_an_array_with_one_task_that_fails(batch: Batch) -> None:
    job = batch.submit("task.sh", array="0-3%2", memory="64MB", time="1m").wait(timeout=60)
    assert (job.phase, job.reason, job.row.reason_text) == (
        "ERROR",
        "tasks_failed",
        "1 of 4 tasks failed.",
    )
    assert job.row.array is not None
    assert job.row.array.by_phase == {"COMPLETED": 3, "ERROR": 1}
    (failed,) = job.tasks("ERROR")
    assert (failed.index, failed.reason, failed.exit_code) == (2, "exit_nonzero", 3)
    assert [job.log(task=index) for index in range(4)] == [f"{n}  \n" for n in range(4)]
    assert "1 of 4 tasks failed." in repr(batch.jobs())
    with pytest.raises(BatchError, match="say of which task"):
        job.log()


def test_only_the_failed_task_runs_again(batch: Batch) -> None:
    job = batch.submit("task.sh", array=range(4), memory="64MB", time="1m").wait(timeout=60)
    again = job.resubmit(tasks=[one.index for one in job.tasks("ERROR")]).wait(timeout=60)
    assert again.row.array is not None and again.row.array.size == 1
    assert again.log(task=2) == "2  \n"
    assert [one.index for one in again.tasks()] == [2]


def test_values_of_parameters_reach_a_script(batch: Batch) -> None:
    vary = {"seed": range(10, 12), "band": ["g", "two words"]}
    job = batch.submit("task.sh", vary=vary, memory="64MB", time="1m").wait(timeout=60)
    assert [job.log(task=index) for index in range(4)] == [
        "0 10 g\n",
        "1 10 two words\n",
        "2 11 g\n",
        "3 11 two words\n",
    ]


def test_values_of_parameters_reach_a_command(batch: Batch) -> None:
    job = batch.submit(
        command=["echo", "{index}", "{seed}", "{other}"],
        vary={"seed": [7, "$(id)"]},
        together=True,
        memory="64MB",
        time="1m",
    ).wait(timeout=60)
    assert [job.log(task=index) for index in range(2)] == ["0 7 {other}\n", "1 $(id) {other}\n"]


def test_values_of_parameters_reach_a_notebook(batch: Batch, server: RealServer) -> None:
    write_notebook(server.work / "sum.ipynb", cells=[SUM], metadata={"kernelspec": KERNEL})
    job = batch.submit(
        "sum.ipynb", parameters={"offset": 100}, vary={"seed": [1, 2]}, time="5m"
    ).wait(timeout=120)
    assert job.phase == "COMPLETED", job.log("stderr", task=0)
    for index in (0, 1):
        output = Path(job.detail.run_directory, "tasks", str(index), "sum-output.ipynb")
        assert f'"{101 + index}\\n"' in output.read_text()


def test_some_tasks_are_cancelled_and_the_rest_goes_on(batch: Batch) -> None:
    job = batch.submit("sleep.sh", array="0-9", max_running=2, memory="64MB", time="2m")
    job.cancel(tasks=[0, 5])
    job.refresh()
    assert job.phase in {"QUEUED", "EXECUTING"}
    job.cancel().wait(timeout=60)
    assert (job.phase, job.reason) == ("ABORTED", "cancelled_by_user")
    assert job.row.array is not None and job.row.array.by_phase == {"ABORTED": 10}


def test_one_job_starts_when_another_has_completed(batch: Batch) -> None:
    first = batch.submit("sleep.sh", name="first", memory="64MB", time="2m")
    then = batch.submit("task.sh", after=first, memory="64MB", time="1m")
    never = batch.submit("task.sh", after="first", memory="64MB", time="1m")
    failed = batch.submit("task.sh", after={first: "failed"}, memory="64MB", time="1m")
    assert then.refresh().reason == "dependency"
    first.cancel().wait(timeout=30)
    for job in (then, never):
        job.wait(timeout=30)
        assert (job.phase, job.reason) == ("ERROR", "dependency")
        assert "“first” did not complete" in (job.row.reason_text or "")
    assert failed.wait(timeout=30).phase == "COMPLETED"
    with pytest.raises(BatchError) as caught:
        batch.submit("task.sh", after=first, memory="64MB", time="1m")
    assert caught.value.field == "spec.depends_on[0].job_id"


def test_gpus_are_each_job_s_own(batch: Batch) -> None:
    words = ["sh", "-c", "echo $CUDA_VISIBLE_DEVICES; sleep 1"]
    jobs = [batch.submit(command=words, gpus=1, memory="64MB", time="1m") for _ in range(2)]
    seen = {job.wait(timeout=30).log().strip() for job in jobs}
    assert seen == {"0", "1"}
    with pytest.raises(BatchError) as caught:
        batch.submit(command=words, gpus=3, memory="64MB", time="1m")
    assert caught.value.field == "spec.resources.gpus"


def test_an_array_goes_on_while_the_server_is_down(batch: Batch, server: RealServer) -> None:
    words = ["sh", "-c", "sleep 0.3; echo {index}"]
    job = batch.submit(command=words, array="0-7", memory="64MB", time="1m")
    server.kill()
    server.start()
    job = server.batch.job(job.id).wait(timeout=60)
    assert (job.phase, job.row.array and job.row.array.by_phase) == ("COMPLETED", {"COMPLETED": 8})
    assert sorted(job.log(task=index) for index in range(8)) == [f"{n}\n" for n in range(8)]


def test_ten_thousand_tasks_are_one_row(batch: Batch) -> None:
    job = batch.submit("sleep.sh", array="0-9999", memory="64MB", time="2m")
    assert job.row.array is not None and job.row.array.size == 10_000
    tasks = job.tasks(limit=3, offset=9_000)
    assert [(one.index, one.phase) for one in tasks] == [(n, "QUEUED") for n in range(9000, 9003)]
    assert "3 of 10,000 tasks" in repr(tasks)
    job.cancel().wait(timeout=60)
    assert job.row.array is not None and job.row.array.by_phase == {"ABORTED": 10_000}
