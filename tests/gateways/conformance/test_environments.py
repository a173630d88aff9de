"""A Python, a conda environment and modules, set up where the job runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.gateways.conformance.bench import Bench, Run
from tests.gateways.conformance.capabilities import proves
from tests.gateways.conformance.jobs import shell

pytestmark = pytest.mark.asyncio(loop_scope="session")

MODULES = """\
module() {
    [ "$1/$2" = load/stars ] || return 1
    STARS=of-the-module
    export STARS
}
"""


@proves("A Python, a conda environment and modules are set up before a job starts")
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
    for path in (folder, *folder.glob("*/bin/*"), folder / "modules.sh"):
        path.chmod(path.stat().st_mode | 0o055)

    async def run(script: str, **environment: Any) -> Run:
        return await bench.submit(replace(shell(script), environment=environment))

    asked: Mapping[str, Any] = {
        "venv": run("which-one", kind="python", path="venv"),
        "stars": run("which-one", kind="conda", name=str(folder / "stars")),
        "of-the-module": run("echo $STARS", kind="modules", names=["stars"]),
        "": run("echo ran", kind="modules", names=["stars", "nowhere"]),
    }
    runs = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
    for told, one in runs.items():
        end = await bench.end(one)
        assert end.phase == ("COMPLETED" if told else "ERROR"), one.stderr
        assert one.stdout.strip() == told
    assert "The module nowhere cannot be loaded." in runs[""].stderr
