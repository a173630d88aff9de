"""Logs that a user wants elsewhere than in the run directory, in every shell."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from jupyterlab_batch.domain.arrays import Array
from jupyterlab_batch.domain.generated import CommandTask, Files, IndexArray
from jupyterlab_batch.engine.rundirectory import RunPlan
from tests.engine.harness import make_spec
from tests.engine.wrapped import AWKWARD, WrappedRun, status_of

SPEAKS = ("sh", "-c", "echo out; echo err >&2")


def plan(
    wrapped: WrappedRun,
    stdout_path: str,
    stderr_path: str | None = None,
    array: Array | None = None,
    argv: tuple[str, ...] = SPEAKS,
) -> RunPlan:
    spec = make_spec(CommandTask(argv=list(argv)), array=array)
    files = Files(
        working_directory=str(wrapped.root), stdout_path=stdout_path, stderr_path=stderr_path
    )
    return wrapped.write(msgspec.structs.replace(spec, files=files))


def test_each_goes_where_it_is_wanted(wrapped: WrappedRun) -> None:
    name = AWKWARD.replace("\n", " ")
    asked = plan(wrapped, f"logs/{name}/a.out", str(wrapped.root / "b.err"))
    assert wrapped.run(asked) == (0, "", "")
    assert (wrapped.root / "logs" / name / "a.out").read_text() == "out\n"
    assert (wrapped.root / "b.err").read_text() == "err\n"
    assert asked.job_file.logs["stdout"] == f"{wrapped.root}/logs/{name}/a.out"


def test_what_is_there_stays_and_both_may_be_one(wrapped: WrappedRun) -> None:
    (wrapped.root / "log").write_text("before\n")
    assert wrapped.run(plan(wrapped, "log", "log")) == (0, "", "")
    assert (wrapped.root / "log").read_text() == "before\nout\nerr\n"


def test_the_other_one_stays_where_it_was(wrapped: WrappedRun) -> None:
    assert wrapped.run(plan(wrapped, "log")) == (0, "", "err\n")


def test_each_task_has_its_own(wrapped: WrappedRun) -> None:
    array = IndexArray(start=7, stop=8)
    asked = plan(wrapped, "t{index}/{index}.out", array=array)
    for index in ("7", "8"):
        assert wrapped.run(asked, BATCH_TASK_INDEX=index) == (0, "", "err\n")
    assert [(wrapped.root / f"t{i}" / f"{i}.out").read_text() for i in (7, 8)] == ["out\n"] * 2


def test_its_name_may_hold_the_id_of_the_batch_system(wrapped: WrappedRun) -> None:
    wrapped.run(plan(wrapped, "{native_id}'s %j {index}"), native_id="5_a")
    assert (wrapped.root / "5_a's %j {index}").read_text() == "out\n"
    array = IndexArray(start=7, stop=7)
    wrapped.run(
        plan(wrapped, "{native_id}_{index}", array=array), native_id="5_b", BATCH_TASK_INDEX="7"
    )
    assert (wrapped.root / "5_b_7").read_text() == "out\n"


@pytest.mark.parametrize("what", ["folder", "fifo", "forbidden"])
def test_a_job_whose_log_cannot_be_written_does_not_run(wrapped: WrappedRun, what: str) -> None:
    path = wrapped.root / "log"
    if what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    else:
        path = Path("/proc/no/log")
    asked = plan(wrapped, str(path), argv=("touch", str(wrapped.root / "ran")))
    code, _, err = wrapped.run(asked)
    assert (code, err) == (73, f"The log cannot be written: {path}\n")
    outcome = status_of(asked).outcome
    assert outcome is not None and outcome.kind == "launch_failed"
    assert not (wrapped.root / "ran").exists()
