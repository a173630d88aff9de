"""A Python, a conda environment, modules and an image, set up where the job runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import write_notebook
from tests.engine.siteimages import make_program, make_site
from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.capabilities import proves
from tests.gateways.conformance.jobs import shell

pytestmark = pytest.mark.asyncio(loop_scope="session")

MEMORY_BYTES = 1024 * 1024 * 1024
MODULES = """\
module() {
    [ "$1/$2" = load/stars ] || return 1
    STARS=of-the-module
    export STARS
}
"""


@proves("A Python, a conda environment, modules and an image are set up before a job starts")
async def test_environments_are_set_up(bench: Bench) -> None:
    folder: Path = bench.rig.folder
    (folder / "modules.sh").write_text(MODULES)
    for name in ("venv", "stars"):
        (folder / name / "bin").mkdir(parents=True)
        program = folder / name / "bin" / "which-one"
        program.write_text(f"#!/bin/sh\necho {name}\n")
        program.chmod(0o755)
    (folder / "venv/bin/python").symlink_to("/usr/bin/env")
    (folder / "stars/conda-meta").mkdir()
    make_site(folder / "site")
    make_program(folder / "tools/bin", "which-one", 'echo "tools $IMAGE"')
    allow(folder, *folder.glob("*/bin/*"), folder / "modules.sh", folder / "site/start image")

    async def run(script: str, **environment: Any) -> Run:
        return await bench.submit(replace(shell(script), environment=environment))

    asked: Mapping[str, Any] = {
        "venv": run("which-one", kind="python", path="venv"),
        "stars": run("which-one", kind="conda", name=str(folder / "stars")),
        f"tools {folder}/tools": run("which-one", kind="image", name="./tools"),
        "of-the-module": run("echo $STARS", kind="modules", names=["stars"]),
        "": run("echo ran", kind="modules", names=["stars", "nowhere"]),
    }
    runs = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
    for told, one in runs.items():
        end = await bench.end(one)
        assert end.phase == ("COMPLETED" if told else "ERROR"), one.stderr
        assert one.stdout.strip() == told
    assert "The module nowhere cannot be loaded." in runs[""].stderr


@proves("The kernel of a notebook runs in the Python that is asked for")
async def test_a_notebook_runs_in_another_python(bench: Bench) -> None:
    folder: Path = bench.rig.folder
    own = make_program(folder / "own/bin", "python", f'OF=own exec "{sys.executable}" "$@"')
    notebook = folder / "which.ipynb"
    write_notebook(notebook, ["import os; print(os.environ['OF'])"], kernel="of-a-laptop")
    allow(folder, own, notebook)
    asked = replace(shell(""), notebook=notebook.name, memory_bytes=MEMORY_BYTES)
    run = await bench.submit(replace(asked, environment={"kind": "python", "path": "own"}))
    end = await bench.end(run)
    assert (end.phase, run.stdout) == ("COMPLETED", "own\n"), run.stderr


def allow(*paths: Path) -> None:
    """Let the user read them who runs jobs."""
    for path in paths:
        path.chmod(path.stat().st_mode | 0o055)
