"""Names, folders, variables and scripts that Slurm, a shell or a table could misread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import structs

from jupyterlab_batch.domain.generated import JobSpec, ScriptTask
from tests.gateways.conformance.bench import Bench
from tests.gateways.conformance.jobs import Asked, shell
from tests.gateways.rigs.slurm import RestRig, ToolsRig, make_gateway

FOLDER = "100% of %j, it's %x \u661f"
NAMES = (
    "a, b = c; d",
    "two\nlines\n#SBATCH --partition=batch",
    "$(touch injected) `touch injected`",
    "x" * 100_000,
)
SCRIPT_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Scripted(Asked):
    """A script in place of a command."""

    path: str

    @property
    def spec(self) -> JobSpec:
        return structs.replace(super().spec, task=ScriptTask(path=self.path))


@pytest_asyncio.fixture(params=[RestRig, ToolsRig], ids=["rest", "tools"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    folder = tmp_path / FOLDER
    folder.mkdir()
    rig = request.param(request, folder)
    rig.start()
    opened = Bench(rig, make_gateway(rig.gateway_id, **rig.traits()))
    await opened.open()
    yield opened
    await opened.close()


async def test_what_could_be_misread_arrives_as_it_is(bench: Bench) -> None:
    value = "a\nb\n#SBATCH --time=1\n$(touch injected)"
    tells = shell('printf "%s" "$VALUE"', VALUE=value)
    runs = [
        await bench.submit(Asked(argv=tells.argv, variables=tells.variables, name=name))
        for name in NAMES
    ]
    big = bench.rig.folder / "big.sh"
    big.write_text("#!/bin/sh\n" + "# x\n" * (SCRIPT_BYTES // 4) + "echo the end\n")
    script = await bench.submit(Scripted(argv=(), path=str(big)))
    for run in runs:
        end = await bench.end(run)
        assert (end.phase, end.queue) == ("COMPLETED", "debug"), run.stderr
        assert run.stdout == value
        assert FOLDER in str(run.launch.stdout_path)
    assert (await bench.end(script)).phase == "COMPLETED"
    assert script.stdout == "the end\n"
    assert not list(bench.rig.folder.rglob("injected"))
