"""A Python, a conda environment and modules, set up by the wrapper in every shell that is here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import CommandTask, Environment, JobSpec, ScriptTask
from jupyterlab_batch.engine.rundirectory import RunPlan, plan_run, write_run
from tests.engine.harness import make_context, make_plan, make_spec
from tests.engine.wrapped import WrappedRun, status_of

MODULES = """\
module() { # as sites define it: in a function, for what sources this file
    [ "$1" = load ] || return 1
    case $2 in
    fits/4.2)
        PATH=$FITS:$PATH
        FITS_VERSION=4.2 SEED=of-the-module
        export PATH FITS_VERSION SEED
        echo 'Loading fits/4.2' >&2
        ;;
    old) echo 'ModuleCmd_Load.c(244):ERROR:105: Unable to locate a modulefile' >&2 ;;
    *)
        echo "Lmod has detected the following error: no module $2" >&2
        return 1
        ;;
    esac
}
FITS=$(dirname "${SITE:-/nowhere}")
PATH=/site/default
"""


def program(folder: Path, name: str, text: str) -> Path:
    """Make a program that says what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {text} $*\n")
    path.chmod(0o755)
    return path


def write(
    wrapped: WrappedRun,
    environment: dict[str, Any],
    task: CommandTask | ScriptTask,
    **variables: str,
) -> RunPlan:
    spec = make_spec(task, variables=variables)
    asked = {**msgspec.to_builtins(spec.environment), **environment}
    spec = msgspec.structs.replace(spec, environment=msgspec.convert(asked, Environment))
    plan = plan_with_modules(spec, wrapped.root)
    write_run(plan)
    return plan


def plan_with_modules(spec: JobSpec, root: Path) -> RunPlan:
    like = make_plan(spec, root)
    return plan_run(
        spec,
        gateway_id="local",
        job_id=like.job_id,
        key=like.key,
        nonce=like.nonce,
        created_at=like.created_at,
        context=replace(make_context(root), modules_file=str(root / "modules.sh")),
    )


def tells(script: str) -> CommandTask:
    return CommandTask(argv=["sh", "-c", script])


def why_not(wrapped: WrappedRun, plan: RunPlan) -> str:
    """Run what cannot be started, and return why."""
    code, out, err = wrapped.run(plan)
    outcome = status_of(plan).outcome
    assert (code, out) == (71, "")
    assert outcome is not None
    assert outcome.kind == "launch_failed"
    assert outcome.evalue is not None
    assert outcome.evalue in err
    assert status_of(plan).exit_code == 71
    return outcome.evalue


class TestModules:
    @pytest.fixture(autouse=True)
    def site(self, wrapped: WrappedRun) -> None:
        text = MODULES.replace("/nowhere", str(wrapped.root / "site/fits"))
        (wrapped.root / "modules.sh").write_text(text)
        program(wrapped.root / "site", "fits", "fits of the site")

    def test_they_are_loaded_before_the_program_starts(self, wrapped: WrappedRun) -> None:
        plan = write(
            wrapped, {"kind": "modules", "names": ["fits/4.2"]},
            tells('fits; echo $FITS_VERSION "$PATH"; exit 3'),
        )  # fmt: skip
        code, out, err = wrapped.run(plan)
        assert out.startswith("fits of the site\n4.2 ")
        assert (code, err) == (3, "Loading fits/4.2\n")
        # What the server hands down stays in front of what the site's file puts there.
        assert out.strip().endswith(":/site/default")
        assert str(Path(sys.executable).parent) in out
        assert status_of(plan).outcome is None

    def test_a_variable_that_the_user_asks_for_wins(self, wrapped: WrappedRun) -> None:
        plan = write(
            wrapped,
            {"kind": "modules", "names": ["fits/4.2"]},
            tells('echo "$SEED"'),
            SEED="m'y\n7",
        )
        assert wrapped.run(plan)[1] == "m'y\n7\n"

    @pytest.mark.parametrize("name", ["nowhere/1.0", "old", "it's;echo", "$(id)"])
    def test_one_that_there_is_not_is_named(self, wrapped: WrappedRun, name: str) -> None:
        plan = write(wrapped, {"kind": "modules", "names": ["fits/4.2", name]}, tells("echo ran"))
        assert why_not(wrapped, plan) == f"The module {name} cannot be loaded."

    def test_a_program_of_a_module_is_looked_for_there(self, wrapped: WrappedRun) -> None:
        task = CommandTask(argv=["fits", "a b"])
        plan = write(wrapped, {"kind": "modules", "names": ["fits/4.2"]}, task)
        assert wrapped.run(plan)[1] == "fits of the site a b\n"
        task = CommandTask(argv=["fitz"])
        plan = write(wrapped, {"kind": "modules", "names": ["fits/4.2"]}, task)
        assert why_not(wrapped, plan) == "There is no program to run the job: fitz"

    @pytest.mark.parametrize("file", ["", "syntax ( error\n", "exit 9\n"])
    def test_where_there_are_none_is_said(self, wrapped: WrappedRun, file: str) -> None:
        (wrapped.root / "modules.sh").write_text(file)
        plan = write(wrapped, {"kind": "modules", "names": ["fits/4.2"]}, tells("echo ran"))
        code, out, _ = wrapped.run(plan)
        outcome = status_of(plan).outcome
        assert outcome is not None
        assert outcome.evalue in (
            "This machine has no modules.",
            "The environment could not be set up.",
        )
        assert (code != 0, out) == (True, "")

    def test_without_a_file_too(self, wrapped: WrappedRun) -> None:
        (wrapped.root / "modules.sh").unlink()
        plan = write(wrapped, {"kind": "modules", "names": ["fits/4.2"]}, tells("echo ran"))
        assert why_not(wrapped, plan) == "This machine has no modules."


class TestConda:
    @pytest.fixture(autouse=True)
    def prefix(self, wrapped: WrappedRun) -> Path:
        prefix = wrapped.root / "my envs" / "stars"
        program(prefix / "bin", "python3", "python of stars")
        program(prefix / "bin", "sextractor", "sextractor of stars")
        (prefix / "conda-meta").mkdir()
        scripts = prefix / "etc/conda/activate.d"
        scripts.mkdir(parents=True)
        (scripts / "stars.sh").write_text("export STARS_DATA=$CONDA_PREFIX/share\n")
        return prefix

    def test_by_its_prefix(self, wrapped: WrappedRun, prefix: Path) -> None:
        plan = write(
            wrapped, {"kind": "conda", "name": "my envs/stars"},
            tells('sextractor; echo "$CONDA_PREFIX:$CONDA_DEFAULT_ENV:$STARS_DATA"'),
        )  # fmt: skip
        assert wrapped.run(plan)[:2] == (
            0,
            f"sextractor of stars\n{prefix}:{prefix}:{prefix}/share\n",
        )

    def test_by_its_name(self, wrapped: WrappedRun, prefix: Path) -> None:
        home = wrapped.root / "home"
        (home / ".conda").mkdir(parents=True)
        (home / ".conda/environments.txt").write_text(f"/opt/other\n{prefix}\n")
        wrapped.root.joinpath("fit.py").write_text("print()\n")
        plan = write(
            wrapped, {"kind": "conda", "name": "stars"}, ScriptTask(path="fit.py"), HOME=str(home)
        )
        # A script that ends in .py is run by the Python of the environment.
        assert wrapped.run(plan)[1].startswith("python of stars ")

    @pytest.mark.parametrize("name", ["nowhere", "my envs", "/nowhere/at/all"])
    def test_one_that_there_is_not_is_named(self, wrapped: WrappedRun, name: str) -> None:
        plan = write(
            wrapped, {"kind": "conda", "name": name}, tells("echo ran"), HOME=str(wrapped.root)
        )
        assert why_not(wrapped, plan).startswith("There is no conda environment here: ")


class TestPython:
    @pytest.mark.parametrize("given", ["venv", "venv/bin/python"])
    def test_a_virtual_environment(self, wrapped: WrappedRun, given: str) -> None:
        folder = wrapped.root / "venv"
        program(folder / "bin", "python", "python of mine")
        (folder / "pyvenv.cfg").touch()
        wrapped.root.joinpath("fit.py").write_text("print()\n")
        plan = write(wrapped, {"kind": "python", "path": given}, ScriptTask(path="fit.py"))
        assert wrapped.run(plan)[1].startswith("python of mine ")
        plan = write(
            wrapped, {"kind": "python", "path": given}, tells('python; echo "$VIRTUAL_ENV"')
        )
        assert wrapped.run(plan)[1] == f"python of mine\n{folder}\n"

    def test_a_script_with_a_first_line_keeps_it(self, wrapped: WrappedRun) -> None:
        program(wrapped.root / "venv/bin", "python", "python of mine")
        wrapped.root.joinpath("fit.py").write_text("#!/bin/echo first\n")
        plan = write(wrapped, {"kind": "python", "path": "venv"}, ScriptTask(path="fit.py"))
        assert wrapped.run(plan)[1].startswith("first ")

    def test_none_is_said(self, wrapped: WrappedRun) -> None:
        plan = write(wrapped, {"kind": "python", "path": "nowhere"}, tells("echo ran"))
        assert why_not(wrapped, plan) == f"There is no Python here: {wrapped.root}/nowhere"


def test_what_a_job_leaves_itself_is_no_failure(wrapped: WrappedRun) -> None:
    plan = wrapped.command("sh", "-c", 'echo x >"$BATCH_RUN_DIRECTORY/environment.failed"')
    assert wrapped.run(plan)[0] == 0
    assert status_of(plan).outcome is None
