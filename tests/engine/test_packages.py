"""Which packages a job's Python saw, in every POSIX shell that is here."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import (
    CommandTask,
    ListArray,
    PythonEnvironment,
    ScriptTask,
)
from jupyterlab_batch.engine.packages import PACKAGES_NAME
from jupyterlab_batch.engine.rundirectory import RunPlan
from tests.engine.test_environments import MODULES, write
from tests.engine.wrapped import WrappedRun


def seen(plan: RunPlan) -> PythonEnvironment:
    return msgspec.json.decode(
        (plan.directory / PACKAGES_NAME).read_bytes(), type=PythonEnvironment
    )


def test_a_python_script_tells_what_it_could_import(wrapped: WrappedRun) -> None:
    # In the working directory, where a Python would look first.
    for name in ("json.py", "datetime.py", "importlib.py"):
        (wrapped.root / name).write_text("raise SystemExit(9)\n")
    plan = wrapped.script("#!/bin/false\n", name="fit.py", interpreter=sys.executable)
    assert wrapped.run(plan)[0] == 0
    told = seen(plan)
    assert told.python_version == sys.version.split()[0]
    assert told.prefix == sys.prefix
    assert f"msgspec=={version('msgspec')}" in told.packages
    assert told.packages == sorted(told.packages)
    assert not list(plan.directory.glob("*.tmp"))


def test_a_command_that_is_a_python_does_too(wrapped: WrappedRun) -> None:
    plan = wrapped.command(sys.executable, "-c", "raise SystemExit(4)")
    assert wrapped.run(plan)[0] == 4
    assert seen(plan).prefix == sys.prefix


@pytest.mark.parametrize("name", ["sh", "python-config", "python3-nowhere"])
def test_what_is_no_python_tells_nothing(wrapped: WrappedRun, name: str) -> None:
    plan = wrapped.command(name, "-c", "exit 0")
    wrapped.run(plan)
    assert not list(plan.directory.glob(f"{PACKAGES_NAME}*"))


def test_a_python_that_cannot_tell_runs_all_the_same(wrapped: WrappedRun) -> None:
    fake = wrapped.root / "python3.99"
    fake.write_text('#!/bin/sh\n[ "$1" != -c ] || exit 3\necho ran "$1"\n')
    fake.chmod(0o755)
    plan = wrapped.command(str(fake), "fit.py")
    assert wrapped.run(plan)[:2] == (0, "ran fit.py\n")
    assert not list(plan.directory.glob(f"{PACKAGES_NAME}*"))


def test_of_an_array_the_first_task_tells(wrapped: WrappedRun) -> None:
    text = "import os; print(os.environ['BATCH_TASK_INDEX'])"
    plan = wrapped.script(text, name="fit.py", array=ListArray(indices=[3, 5]))
    told = set()
    for index in ("3", "5"):
        assert wrapped.run(plan, BATCH_TASK_INDEX=index)[:2] == (0, f"{index}\n")
        told.add((plan.directory / PACKAGES_NAME).stat().st_ino)
    assert len(told) == 1
    assert not list(Path(plan.directory, "tasks").rglob(f"{PACKAGES_NAME}*"))


def installed(folder: Path, name: str) -> str:
    """Make a folder in which a Python finds one package more."""
    (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
    (folder / f"{name}-1.0.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    return str(folder)


@pytest.mark.parametrize("kind", ["python", "modules"])
def test_in_an_environment_that_is_loaded_its_own_python_tells(
    wrapped: WrappedRun, kind: str
) -> None:
    own = wrapped.root / "own" / "bin" / "python3"
    own.parent.mkdir(parents=True)
    own.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    own.chmod(0o755)
    (wrapped.root / "modules.sh").write_text(MODULES)
    fits = {"SITE": str(own), "PYTHONPATH": installed(wrapped.root / "asked", "asked")}
    environment: dict[str, dict[str, Any]] = {
        "python": {"kind": "python", "path": str(own)},
        "modules": {"kind": "modules", "names": ["fits/4.2"]},
    }
    (wrapped.root / "fit.py").write_text("print('fitted')\n")
    plan = write(wrapped, environment[kind], ScriptTask(path="fit.py"), **fits)
    assert wrapped.run(plan)[:2] == (0, "fitted\n")
    told = seen(plan)
    assert told.prefix == sys.prefix
    assert "asked==1.0" in told.packages
    assert not list(plan.directory.glob("*.tmp"))


def test_what_is_no_python_in_an_environment_tells_nothing(wrapped: WrappedRun) -> None:
    (wrapped.root / "modules.sh").write_text(MODULES)
    modules = {"kind": "modules", "names": ["fits/4.2"]}
    plan = write(wrapped, modules, CommandTask(argv=["sh", "-c", 'echo "$FITS_VERSION" "$*"', "a"]))
    assert wrapped.run(plan)[:2] == (0, "4.2 \n")
    assert not list(plan.directory.glob(f"{PACKAGES_NAME}*"))
