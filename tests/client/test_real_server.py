"""The client against a real Jupyter server, its local engine, and a kernel that it started."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from jupyterlab_batch.client import Batch, BatchError
from jupyterlab_batch.client.card import MIME_TYPE
from tests.client.real import RealServer, wait_for
from tests.client.realkernel import await_kernel, run


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    server = RealServer(tmp_path_factory.mktemp("lab"), [{"kind": "local"}])
    server.work.joinpath("hello.sh").write_text("#!/bin/sh\necho hello $1\necho oops >&2\n")
    server.work.joinpath("sleep.sh").write_text("#!/bin/sh\necho begun\nexec sleep 60\n")
    yield server
    server.close()


@pytest.fixture
def batch(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> Batch:
    monkeypatch.chdir(server.work)
    return server.batch


def test_the_gateway_is_listed(batch: Batch) -> None:
    (gateway,) = batch.gateways()
    assert (gateway.id, gateway.kind, gateway.health.ok) == ("local", "local", True)


def test_a_script_runs_to_its_end(batch: Batch) -> None:
    job = batch.submit("hello.sh", arguments=["two words"], time="1m").wait(timeout=30)
    assert (job.phase, job.reason, job.detail.exit_code) == ("COMPLETED", None, 0)
    assert (job.log(), job.log("stderr")) == ("hello two words\n", "oops\n")
    assert batch.job(job.id).row.native_id == job.row.native_id
    assert job.id in [listed.id for listed in batch.jobs("finished")]
    assert batch.job(job.id[-6:]).id == job.id
    assert batch.job("hello").id == job.id


def test_what_lies_in_the_run_directory_is_listed(batch: Batch) -> None:
    words = ["sh", "-c", 'cd "$BATCH_RUN_DIRECTORY" && mkdir out && printf 12345 >out/chain.h5']
    job = batch.submit(command=words, time="1m").wait(timeout=30)
    assert (job.phase, job.files()[0].name, job.files()[0].kind) == ("COMPLETED", "out", "folder")
    (chain,) = job.files("out")
    assert (chain.path, chain.size_bytes) == ("out/chain.h5", 5)
    assert Path(job.detail.run_directory, chain.path).read_bytes() == b"12345"
    assert "out/" in repr(job.files()) and "1 of " in repr(job.files(limit=1))
    with pytest.raises(BatchError, match="no such folder"):
        job.files("nowhere")


def test_what_happened_is_told_in_order(batch: Batch) -> None:
    job = batch.submit(command=["sleep", "0.1"], time="1m").wait(timeout=30)
    events = job.events()
    assert [event.phase for event in events] == ["PENDING", "QUEUED", "EXECUTING", "COMPLETED"]
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert "Completed" in repr(events) and job.record().events == events


def test_too_much_memory_is_told_with_its_figure_in_row_card_and_python(batch: Batch) -> None:
    words = [sys.executable, "-c", "import time; x = bytearray(300 << 20); time.sleep(20)"]
    for limit in (200, 250):
        job = batch.submit(command=words, memory=f"{limit}MB", time="5m").wait(timeout=60)
        assert (job.phase, job.reason) == ("ERROR", "memory")
        told = re.fullmatch(rf"Used (\d+) MB of {limit} MB memory\.", job.row.reason_text or "")
        assert told and limit < int(told[1]) < 400
        peak = job.row.memory_peak_bytes
        assert peak is not None and peak == job.detail.usage.memory_peak_bytes
        # It is told what it used when it was decided to end it; it may have taken more since.
        assert int(told[1]) - 1 <= peak / 2**20 < 400
        card = job._repr_mimebundle_()
        for shown in (card["text/html"], card["text/plain"], card[MIME_TYPE]["row"]["reason_text"]):
            assert told[0] in shown
    again = job.resubmit(memory="1GB")
    wait_for(lambda: again.refresh().phase == "EXECUTING" or None, "start")
    again.cancel()


def test_many_are_submitted_at_once(batch: Batch) -> None:
    asked: list[dict[str, Any]] = [{"command": ["sh", "-c", f"exit {n}"]} for n in range(3)]
    asked.append({"script": "nowhere.sh"})
    first, again = (batch.submit_many(asked, time="1m", key="key-of-many-jobs") for _ in "12")
    assert [one.job and one.job.wait(timeout=30).detail.exit_code for one in again][:3] == [0, 1, 2]
    assert [one.job and one.job.id for one in again] == [one.job and one.job.id for one in first]
    assert first[3].error is not None and first[3].error.code == "not_valid"


def test_many_are_resubmitted_and_cancelled_at_once(batch: Batch) -> None:
    failed = [batch.submit(command=["sh", "-c", "exit 3"], time="1m") for _ in range(2)]
    for job in failed:
        job.wait(timeout=30)
    again = batch.resubmit(*failed, name="again", time="2m")
    assert [one.outcome for one in again] == ["ok", "ok"]
    for one, before in zip(again, failed, strict=True):
        assert one.row is not None
        detail = batch.job(one.row.id).wait(timeout=30).detail
        assert (detail.name, detail.resubmitted_from) == ("again", before.id)
        assert (detail.walltime_seconds, detail.exit_code) == (120, 3)
    assert [one.outcome for one in batch.cancel(*failed)] == ["already_final"] * 2
    assert [one.outcome for one in batch.forget(*failed)] == ["ok"] * 2


def test_run_directories_are_listed_and_removed(batch: Batch) -> None:
    job = batch.submit("hello.sh", time="1m").wait(timeout=30)
    running = batch.submit("sleep.sh", time="5m")
    listed = {one.job_id: one for one in batch.run_directories()}
    assert (listed[job.id].is_over, listed[running.id].is_over) == (True, False)
    assert (listed[job.id].size_bytes or 0) > 0
    assert listed[job.id].path in repr(batch.run_directories())
    results = batch.remove_run_directories(listed[job.id], running)
    assert [one.outcome for one in results] == ["ok", "denied"]
    assert not Path(listed[job.id].path).exists() and Path(listed[running.id].path).is_dir()
    assert batch.job(job.id).phase == "COMPLETED"
    running.cancel()


def test_a_command_fails_with_its_exit_code(batch: Batch) -> None:
    job = batch.submit(command=["sh", "-c", "echo out; exit 3"], time="1m").wait(timeout=30)
    assert (job.phase, job.reason, job.detail.exit_code) == ("ERROR", "exit_nonzero", 3)
    assert job.log(tail=1) == "out\n"
    assert job.row.reason_text
    assert job.row.reason_text in job._repr_mimebundle_()["text/html"]


def test_a_running_job_is_cancelled(batch: Batch) -> None:
    job = batch.submit("sleep.sh", time="5m")
    wait_for(job.log, "log")
    with pytest.raises(TimeoutError, match="it goes on"):
        job.wait(timeout=0)
    job.cancel()
    assert job.wait(timeout=30).phase == "ABORTED"
    assert job.cancel().phase == "ABORTED"


def test_a_waiting_job_is_held_and_released(batch: Batch) -> None:
    most = batch.gateways()[0].limits.max_cores or 1
    first = batch.submit("sleep.sh", cores=most, time="5m")
    wait_for(first.log, "log")
    with pytest.raises(BatchError, match="started already"):
        first.hold()
    second = batch.submit("hello.sh", time="1m")
    assert (second.hold().phase, second.reason) == ("HELD", "held_by_user")
    first.cancel()
    assert first.wait(timeout=30).phase == "ABORTED"
    assert second.refresh().phase == "HELD"
    assert second.release().wait(timeout=30).phase == "COMPLETED"
    assert second.hold().phase == "COMPLETED"


def test_the_same_key_makes_one_job(batch: Batch) -> None:
    key = "of-this-very-test-1"
    first = batch.submit("hello.sh", time="1m", key=key)
    assert batch.submit("hello.sh", time="1m", key=key).id == first.id
    with pytest.raises(BatchError) as caught:
        batch.submit("hello.sh", time="2m", key=key)
    assert caught.value.code == "key_reused"
    first.wait(timeout=30)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"script": "not-there.sh"}, "spec.task.path"),
        ({"script": "."}, "spec.task.path"),
        ({"script": "hello.sh", "cores": 0}, "spec.resources.cores"),
        ({"script": "hello.sh", "cores": 10**30}, "spec.resources.cores"),
        ({"script": "hello.sh", "memory": "9000TB"}, "spec.resources.memory_bytes"),
        ({"script": "hello.sh", "name": "a\n#SBATCH -p evil"}, "spec.name"),
        ({"script": "hello.sh", "working_directory": "/proc/none"}, "spec.files.working_directory"),
        ({"script": "hello.sh", "gateway": "nowhere"}, "gateway_id"),
        ({"notebook": "hello.sh"}, "spec.task.path"),
    ],
)
def test_bad_input_is_a_problem_at_its_field(
    batch: Batch, asked: dict[str, Any], field: str
) -> None:
    before = len(batch.jobs())
    with pytest.raises(BatchError) as caught:
        batch.submit(**asked)
    assert field in {caught.value.field, *(issue.field for issue in caught.value.detail)}
    assert caught.value.message
    assert len(batch.jobs()) == before


def test_check_shows_what_would_run(batch: Batch) -> None:
    check = batch.check("hello.sh", cores=1)
    assert check.issues == []
    assert check.preview is not None
    assert check.preview.script.startswith("#!/bin/sh")


def test_a_job_of_nobody_is_a_sentence(batch: Batch) -> None:
    with pytest.raises(BatchError) as caught:
        batch.job("0" * 26)
    assert caught.value.code == "unknown_job"


CELL = """
%load_ext jupyterlab_batch
%batch submit hello.sh kernel --time 1m --name from-a-kernel
"""
FOLLOW = """
from jupyterlab_batch.client import Batch
job = Batch().job("from-a-kernel").wait(timeout=30)
print(job.phase, job.log().strip())
"""


@pytest.fixture
def kernel(server: RealServer) -> Iterator[BlockingKernelClient]:
    kernel_id = json.loads(server.post("api/kernels"))["id"]
    client = BlockingKernelClient(connection_file=server.connection_file(kernel_id))
    client.load_connection_file()
    client.start_channels()
    await_kernel(client)
    yield client
    client.shutdown()
    client.stop_channels()


def test_a_kernel_finds_the_server_that_started_it(
    kernel: BlockingKernelClient, server: RealServer
) -> None:
    bundle = run(kernel, CELL)["execute_result"]["data"]
    row = bundle[MIME_TYPE]["row"]
    assert row["name"] == "from-a-kernel"
    assert "<table" in bundle["text/html"]
    assert run(kernel, FOLLOW)["stream"]["text"] == "COMPLETED hello kernel\n"
    assert server.batch.job("from-a-kernel").id == bundle[MIME_TYPE]["job_id"]


def test_a_cell_waits_through_a_crash_of_the_server(server: RealServer, batch: Batch) -> None:
    """The job ends while the server is dead; whoever asks the new one gets the truth."""
    job = batch.submit(command=["sh", "-c", "sleep 2; echo done"], name="survivor", time="1m")
    server.kill()
    with pytest.raises(BatchError, match="does not answer"):
        job.refresh()
    server.start()
    again = server.batch.job(job.id).wait(timeout=30)
    assert (again.phase, again.log()) == ("COMPLETED", "done\n")


def write_notebook(server: RealServer, name: str, *cells: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    first, *others = map(nbformat.v4.new_code_cell, cells)
    first.metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "p", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[first, *others], metadata={"kernelspec": kernel})
    server.work.joinpath(name).write_text(nbformat.writes(notebook))


def test_outputs_of_a_notebook_are_paths(batch: Batch, server: RealServer) -> None:
    write_notebook(server, "seed.ipynb", "seed = 1", "print('seed is', seed)")
    job = batch.submit("seed.ipynb", parameters={"seed": 7}, time="2m").wait(timeout=60)
    assert job.phase == "COMPLETED"
    (output,) = job.outputs
    assert "seed is 7" in Path(output.path).read_text()


def test_outputs_that_were_named_are_there_when_it_is_over(
    batch: Batch, server: RealServer
) -> None:
    writes = ["sh", "-c", "mkdir parts; echo 1 >parts/a.txt; echo 2 >parts/b.txt"]
    job = batch.submit(command=writes, outputs=["parts/*.txt", "none.csv"], time="2m")
    job.wait(timeout=60)
    assert job.phase == "COMPLETED"
    left = {Path(output.path).name: output.size_bytes for output in job.outputs}
    assert left == {"a.txt": 2, "b.txt": 2, "none.csv": None}
    assert job.detail.outputs_count == 2


def test_a_failing_cell_is_told_with_its_error_and_leaves_its_notebook(
    batch: Batch, server: RealServer
) -> None:
    cells = ("seed = 1", "print('seed is', seed)", "1 / (seed - 7)", "print('never')")
    write_notebook(server, "fails.ipynb", *cells)
    job = batch.submit("fails.ipynb", parameters={"seed": 7}, time="2m").wait(timeout=60)
    assert (job.phase, job.reason) == ("ERROR", "cell_error")
    # As its author counts: the cell with the parameters asked for is none of the notebook.
    why = "ZeroDivisionError: division by zero in cell 3"
    assert job.reason_text == why
    assert why in repr(batch.jobs("needs_you"))
    assert why in job._repr_mimebundle_()["text/html"]
    (output,) = job.outputs
    written = json.loads(Path(output.path).read_bytes())
    failed, after = written["cells"][-2:]
    assert failed["outputs"][-1]["ename"] == "ZeroDivisionError"
    assert after["outputs"] == []
