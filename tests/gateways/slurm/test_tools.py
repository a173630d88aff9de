"""Slurm's tools get an environment of their own, whatever the server was started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateways.conformance.jobs import HELLO, shell
from tests.gateways.rigs.slurm import TOOLS, Recorders
from tests.gateways.slurm.conftest import OpenBench

STRAY = {
    "SLURM_JOB_ID": "4711",
    "SLURM_PARTITION": "batch",
    "SLURM_CONF_SERVER": "nowhere",
    "SBATCH_PARTITION": "batch",
    "SBATCH_TIMELIMIT": "1-0",
    "SBATCH_EXPORT": "NONE",
    "SALLOC_PARTITION": "batch",
    "SQUEUE_STATES": "PENDING",
    "SQUEUE_FORMAT": "%i",
    "SINFO_FORMAT": "%n",
    "SACCT_FORMAT": "JobName",
    "SCANCEL_INTERACTIVE": "yes",
}


async def test_stray_variables_change_nothing(
    open_tools: OpenBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    recorders = Recorders(tmp_path / "recorders")
    bench = await open_tools(bin_directory=str(recorders.folder))
    run = await bench.submit(shell("echo begun; env; sleep 600"))
    assert (await bench.executing(run)).queue == "debug"
    await bench.gateway.look_up(run.launch)
    await bench.gateway.cancel(run.native_id)
    end = await bench.end(run)
    assert (end.phase, end.queue) == ("ABORTED", "debug")
    await bench.gateway.look_at([run.native_id, bench.rig.unknown_native_id])
    assert set(recorders.calls()) == set(TOOLS)
    for tool in TOOLS:
        assert not recorders.environment(tool).keys() & STRAY.keys(), tool
    assert f"SLURM_JOB_ID={run.native_id}" in run.stdout
    assert "4711" not in run.stdout


async def test_a_tool_that_is_not_there_is_named(open_tools: OpenBench, tmp_path: Path) -> None:
    bench = await open_tools(bin_directory=str(tmp_path))
    assert not bench.description.health.ok
    assert "bin_directory" in (bench.description.health.error or "")
    assert await bench.gateway.check(HELLO.spec) == []
