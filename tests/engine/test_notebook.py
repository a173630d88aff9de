"""The notebook runner: real papermill, real kernels."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import NotebookTask
from jupyterlab_batch.engine.notebook_runner import Run
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.engine.rundirectory import RunPlan, write_run
from jupyterlab_batch.engine.status import RunStatus, read_status
from tests.engine.conftest import EngineFactory
from tests.engine.harness import eventually, make_plan, make_spec, write_notebook

VALUES: dict[str, Any] = {
    "number": 3,
    "large": 10**30,
    "ratio": -1.5e-300,
    "text": 'it\'s "{braces}" %s \\n\n\ttwo {{lines}} \'é\u2028 🔭 """',
    "none": None,
    "yes": True,
    "nested": {"a b": [1, None, {"": False}], "{x}": "$(id)"},
    "empty": [],
}


def write(root: Path, cells: list[str], **task: Any) -> RunPlan:
    kernel = task.pop("kernel", "python3")
    name = task.pop("name", "fit {it's}.ipynb")
    write_notebook(root / name, cells, kernel=kernel)
    plan = make_plan(make_spec(NotebookTask(path=name, **task)), root)
    write_run(plan)
    return plan


def run(plan: RunPlan) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(plan.script_path)],
        env={"BATCH_NATIVE_ID": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def status_of(plan: RunPlan) -> RunStatus:
    status = read_status(plan.directory, plan.nonce)
    assert status is not None
    return status


def done_and_total(plan: RunPlan) -> tuple[int, int | None]:
    progress = status_of(plan).progress
    assert progress is not None
    return progress.done, progress.total


def output_of(plan: RunPlan) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(plan.notebooks[0].read_text(encoding="utf-8"))
    return notebook


def test_parameters_arrive_as_they_were_given(tmp_path: Path) -> None:
    names = ", ".join(f"{name!r}: {name}" for name in VALUES)
    cells = [
        "# parameters\n" + "\n".join(f"{name} = 'default'" for name in VALUES) + "\nkept = 7",
        "",
        f"import json; open('seen.json', 'w').write(json.dumps([{{{names}}}, kept]))",
        "import sys; print('to out'); print('to err', file=sys.stderr)",
    ]
    plan = write(tmp_path, cells, parameters=VALUES)
    write_notebook(tmp_path / "fit {it's}.ipynb", ["raise SystemError('edited after submission')"])
    ended = run(plan)
    assert ended.returncode == 0, ended.stderr
    assert json.loads((tmp_path / "seen.json").read_text(encoding="utf-8")) == [VALUES, 7]
    assert ended.stdout == "to out\n"
    assert ended.stderr == "to err\n"
    assert done_and_total(plan) == (3, 3)
    told = json.loads((plan.directory / PACKAGES_NAME).read_bytes())
    assert told["prefix"] == sys.prefix and any("papermill==" in one for one in told["packages"])
    outcome = status_of(plan).outcome
    assert outcome is not None
    assert outcome.kind == "ok"


def test_parameters_without_a_cell_come_first_and_a_cell_may_leave(tmp_path: Path) -> None:
    cells = ["print(alpha + 1)", "import sys; sys.exit(0)", "print('never')"]
    plan = write(tmp_path, cells, parameters={"alpha": 1}, name="plain.ipynb")
    ended = run(plan)
    assert (ended.returncode, ended.stdout) == (0, "2\n")
    assert plan.notebooks[0].name == "plain-output.ipynb"
    tags = [cell["metadata"].get("tags") for cell in output_of(plan)["cells"]]
    assert tags == [["injected-parameters"], [], [], []]
    assert done_and_total(plan) == (1, 3)
    outcome = status_of(plan).outcome
    assert outcome is not None
    assert outcome.kind == "ok"


def test_parameters_arrive_in_a_notebook_that_names_no_language(tmp_path: Path) -> None:
    plan = write(tmp_path, ["# parameters\nalpha = 1", "print(alpha)"], parameters={"alpha": 2})
    (copy,) = plan.directory.glob("*.ipynb")
    notebook = json.loads(copy.read_bytes())
    notebook["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    copy.write_text(json.dumps(notebook))
    ended = run(plan)
    assert (ended.returncode, ended.stdout) == (0, "2\n"), ended.stderr


def test_no_notebook_waits_for_a_grammar_that_none_needs(tmp_path: Path) -> None:
    (tmp_path / "rfc3987_syntax.py").write_text("raise SystemExit('it takes two seconds')")
    write_notebook(tmp_path / "fit.ipynb", ["print('ran')"])
    variables = {"PYTHONPATH": str(tmp_path)}
    plan = make_plan(make_spec(NotebookTask(path="fit.ipynb"), variables=variables), tmp_path)
    write_run(plan)
    ended = run(plan)
    assert (ended.returncode, ended.stdout) == (0, "ran\n"), ended.stderr


def test_a_cell_that_fails_is_named_and_its_output_kept(tmp_path: Path) -> None:
    cells = ["# parameters\nx = 1", "print('before')", "1/0 if x else None", "print('never')"]
    plan = write(tmp_path, cells, parameters={"x": 2})
    ended = run(plan)
    assert ended.returncode == 1
    status = status_of(plan)
    assert status.exit_code == 1
    assert status.outcome is not None
    told = (status.outcome.kind, status.outcome.ename, status.outcome.evalue, status.outcome.cell)
    assert told == ("cell_error", "ZeroDivisionError", "division by zero", 3)
    assert done_and_total(plan) == (2, 4)
    assert "ZeroDivisionError: division by zero in cell 3" in ended.stderr
    kinds = [
        output["output_type"] for c in output_of(plan)["cells"] for output in c.get("outputs", [])
    ]
    assert "error" in kinds
    assert "never" not in ended.stdout


def test_a_kernel_that_dies_is_said(tmp_path: Path) -> None:
    plan = write(tmp_path, ["print('before')", "import os; os._exit(3)", "print('never')"])
    ended = run(plan)
    assert ended.returncode == 1
    outcome = status_of(plan).outcome
    assert outcome is not None
    assert (outcome.kind, outcome.ename, outcome.cell) == ("cell_error", "DeadKernelError", 2)
    assert "kernel" in (outcome.evalue or "").lower()
    assert done_and_total(plan) == (1, 3)
    assert "before" in plan.notebooks[0].read_text(encoding="utf-8")
    assert "Traceback" not in ended.stderr


def launch(plan: RunPlan, *kernel: str) -> tuple[int, str]:
    stderr = io.StringIO()
    paths = [plan.directory, plan.source_copy, plan.notebooks[0], plan.working_directory]
    code = Run([*map(str, paths), *kernel]).run(stderr)
    return code, stderr.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "fit.ipynb is not a notebook"),
        (b"{", "fit.ipynb is not a notebook"),
        (b"[]", "fit.ipynb is not a notebook"),
        (b"\xff\xfe", "fit.ipynb is not a notebook"),
        (b'{"nbformat": 99, "nbformat_minor": 0, "cells": []}', "fit.ipynb is not a notebook"),
        (b'{"nbformat": 4, "cells": [{}], "metadata": {}}', "The notebook could not be started: "),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "The notebook could not be started: The notebook is invalid",
        ),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
            "fit.ipynb does not say which kernel it needs; choose one.",
        ),
    ],
)
def test_what_is_no_notebook_is_said(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "fit.ipynb").write_bytes(content)
    plan = make_plan(make_spec(NotebookTask(path="fit.ipynb")), tmp_path)
    write_run(plan)
    code, err = launch(plan)
    assert code == 2
    assert err.startswith(why)
    assert "Traceback" not in err


def test_a_kernel_that_is_not_installed_is_said_with_those_that_are(tmp_path: Path) -> None:
    plan = write(tmp_path, ["1"], kernel="idl", name="fit.ipynb")
    for code, err in (launch(plan), launch(plan, "idl")):
        assert (code, err.split(";")[0]) == (2, "There is no kernel 'idl' here")
        assert "python3" in err
    assert not plan.notebooks[0].exists()


def test_a_working_directory_that_vanished_is_said(tmp_path: Path) -> None:
    write_notebook(tmp_path / "fit.ipynb", ["1"])
    spec = make_spec(NotebookTask(path="fit.ipynb"), working_directory=tmp_path / "gone")
    plan = make_plan(spec, tmp_path)
    write_run(plan)
    assert launch(plan) == (2, f"There is no folder {tmp_path / 'gone'} to run in.\n")


async def test_it_can_be_read_while_it_runs_and_is_saved_when_cancelled(
    make_engine: EngineFactory,
) -> None:
    engine = make_engine(grace_seconds=60.0)
    cells = [
        "print('first'); import os; print(f'kernel {os.getpid()}.')",
        "print('inside')\nfor n in range(20000): print('line', n)\nimport time; time.sleep(1000)",
        "print('never')",
    ]
    write_notebook(engine.root / "fit.ipynb", cells)
    job = await engine.submit(make_spec(NotebookTask(path="fit.ipynb")))
    output = job.plan.notebooks[0]
    looks = 0

    def shows_inside() -> bool:
        nonlocal looks
        if not output.exists():
            return False
        looks += 1
        return "line 19999" in json.dumps(json.loads(output.read_bytes()))

    await eventually(shows_inside, "the output of a running cell was never saved")
    assert looks > 1
    assert done_and_total(job.plan) == (1, 3)
    progress = job.status.progress if job.status else None
    assert progress is not None
    assert progress.text == "cell 2 of 3"
    assert len(job.processes()) >= 2
    await engine.gateway.cancel(job.native_id)
    end = await engine.end(job)
    assert (end.phase, end.reason) == ("ABORTED", "cancelled_by_user")
    assert job.processes() == []
    status = job.status
    assert status is not None
    assert (status.exit_code, status.outcome.kind if status.outcome else None) == (
        143,
        "terminated",
    )
    assert "line 19999" in output.read_text(encoding="utf-8")
    json.loads(output.read_bytes())
    assert "what it had done is saved" in job.stderr
