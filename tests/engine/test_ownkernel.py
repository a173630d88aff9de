"""A notebook whose kernel runs in the Python of an environment: real papermill, real kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Environment, NotebookTask
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.engine.rundirectory import RunPlan, plan_run, write_run
from jupyterlab_batch.engine.status import Outcome, read_status
from tests.engine.harness import make_context, make_plan, make_spec, write_notebook
from tests.engine.siteimages import make_program, make_site

TELLS = "import os; print(os.environ.get('OF'), os.environ['SEED'], alpha)"


def write(root: Path, environment: dict[str, Any], cells: list[str], kernel: str) -> RunPlan:
    write_notebook(root / "fit.ipynb", cells, kernel=kernel)
    task = NotebookTask(path="fit.ipynb", parameters={"alpha": 2})
    spec = make_spec(task, variables={"SEED": "it's 7"})
    asked = {**msgspec.to_builtins(spec.environment), **environment}
    like = make_plan(spec, root)
    plan = plan_run(
        msgspec.structs.replace(spec, environment=msgspec.convert(asked, Environment)),
        gateway_id="local",
        job_id=like.job_id,
        key=like.key,
        nonce=like.nonce,
        created_at=like.created_at,
        context=replace(make_context(root), image_words=lambda: make_site(root / "site")),
    )
    write_run(plan)
    return plan


def run(plan: RunPlan) -> tuple[int, str, str]:
    ended = subprocess.run(
        ["sh", str(plan.script_path)],
        env={"BATCH_NATIVE_ID": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def outcome_of(plan: RunPlan) -> Outcome:
    status = read_status(plan.directory, plan.nonce)
    assert status is not None
    assert status.outcome is not None
    return status.outcome


def python(folder: Path, name: str, *options: str) -> Path:
    """Make a Python that is told from all others."""
    words = " ".join([f"'{sys.executable}'", *options])
    return make_program(folder / "bin", name, f"OF='{folder.name}' exec {words} \"$@\"")


def test_the_kernel_runs_in_a_python_of_the_users_own(tmp_path: Path) -> None:
    """A kernel of the notebook's name is not looked for: that Python is its kernel."""
    python(tmp_path / "my venv", "python")
    cells = ["# parameters\nalpha = 1", TELLS, "import sys; print(sys.executable)"]
    plan = write(tmp_path, {"kind": "python", "path": "my venv"}, cells, "of-the-laptop")
    code, out, err = run(plan)
    assert (code, out.splitlines()[0]) == (0, "my venv it's 7 2"), err
    assert outcome_of(plan).kind == "ok"
    told = json.loads((plan.directory / PACKAGES_NAME).read_bytes())
    assert any("ipykernel==" in one for one in told["packages"])
    kept = json.loads(plan.notebooks[0].read_bytes())["metadata"]["kernelspec"]["name"]
    assert kept == "of-the-laptop"
    assert list(plan.directory.glob("kernel-*.json")) == []


def test_the_kernel_runs_in_a_conda_environment_which_sets_its_variables(tmp_path: Path) -> None:
    prefix = tmp_path / "stars"
    python(prefix, "python3")
    (prefix / "conda-meta").mkdir()
    scripts = prefix / "etc/conda/activate.d"
    scripts.mkdir(parents=True)
    (scripts / "stars.sh").write_text("export STARS=$CONDA_PREFIX/share SEED=other\n")
    cells = ["# parameters\nalpha = 1", TELLS + "; print(os.environ['STARS'])"]
    plan = write(tmp_path, {"kind": "conda", "name": "./stars"}, cells, "python3")
    code, out, err = run(plan)
    assert (code, out) == (0, f"stars it's 7 2\n{prefix}/share\n"), err


def test_the_kernel_runs_in_an_image(tmp_path: Path) -> None:
    python(tmp_path / "tools", "python3")
    cells = ["# parameters\nalpha = 1", TELLS + "; print(os.environ['IMAGE'])"]
    plan = write(tmp_path, {"kind": "image", "name": "./tools"}, cells, "python3")
    code, out, err = run(plan)
    assert (code, out) == (0, f"tools it's 7 2\n{tmp_path}/tools\n"), err


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"kind": "python", "path": "bare"}, "The Python of the chosen environment has no ipykern"),
        ({"kind": "python", "path": "nowhere"}, "There is no Python here: "),
        ({"kind": "conda", "name": "nowhere"}, "There is no conda environment here: nowhere"),
        ({"kind": "image", "name": "./nowhere"}, "The image cannot be started, or does not see "),
    ],
)
def test_what_cannot_run_it_is_said(tmp_path: Path, environment: dict[str, Any], why: str) -> None:
    python(tmp_path / "bare", "python", "-S", "-E")
    plan = write(tmp_path, environment, ["print('never')"], "python3")
    code, out, err = run(plan)
    assert (code, out) == (2, "")
    assert outcome_of(plan).kind == "launch_failed"
    assert (outcome_of(plan).evalue or "").startswith(why)
    assert why in err
    assert "Traceback" not in err


def test_a_notebook_in_another_language_is_told_to_choose_its_kernel(tmp_path: Path) -> None:
    python(tmp_path / "venv", "python")
    plan = write(tmp_path, {"kind": "python", "path": "venv"}, ["1"], "ir")
    (copy,) = plan.directory.glob("*.ipynb")
    notebook = json.loads(copy.read_bytes())
    notebook["metadata"]["language_info"] = {"name": "R"}
    copy.write_text(json.dumps(notebook))
    assert run(plan)[0] == 2
    assert (outcome_of(plan).evalue or "").startswith("The notebook is written in R, which")
