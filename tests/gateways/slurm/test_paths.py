"""Where the nodes see a folder under another path than the Jupyter server, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from traitlets import TraitError

from jupyterlab_batch.engine.rundirectory import write_run
from jupyterlab_batch.service.launching import launch_of_plan
from tests.gateways.conformance.jobs import HELLO
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.slurm.conftest import OpenBench


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/data/a", "/lustre/a"),
        ("/data", "/lustre"),
        ("/data/home/me", "/u/me"),
        ("/database/a", "/database/a"),
        ("/elsewhere", "/elsewhere"),
    ],
)
def test_the_longest_fitting_path_counts(here: str, there: str) -> None:
    gateway = make_gateway("slurm", path_map={"/data": "/lustre", "/data/home/": "/u"})
    assert gateway.node_path(Path(here)) == Path(there)


@pytest.mark.parametrize("path_map", [{"data": "/lustre"}, {"/data": ""}, {"/data": "~/x"}])
def test_a_path_that_is_not_absolute_is_a_mistake(path_map: dict[str, str]) -> None:
    with pytest.raises(TraitError, match="not absolute"):
        make_gateway("slurm", path_map=path_map)


async def test_a_job_runs_where_the_node_sees_it(open_tools: OpenBench, tmp_path: Path) -> None:
    """The node's path is a link here, which the server does not know."""
    there = tmp_path / "as-the-node-sees-it"
    here = tmp_path / "server"
    here.mkdir()
    there.symlink_to(here)
    bench = await open_tools(path_map={str(here): str(there)})
    bench.rig.folder = here
    plan = bench.plan(HELLO, node_path=bench.gateway.node_path)
    write_run(plan)
    launch = launch_of_plan(plan)
    run = bench.follow(plan, launch, await bench.gateway.submit(launch))
    assert (await bench.end(run)).phase == "COMPLETED"
    assert str(there) in plan.script_text
    assert str(here) not in plan.script_text
    assert (plan.directory / "stdout.log").read_text() == "out\n"


async def test_a_run_directory_that_the_node_does_not_see_is_told_as_that(
    open_bench: OpenBench, tmp_path: Path
) -> None:
    here = tmp_path / "server"
    here.mkdir()
    bench = await open_bench(path_map={str(here): str(tmp_path / "nowhere")})
    bench.rig.folder = here
    plan = bench.plan(HELLO, node_path=bench.gateway.node_path)
    write_run(plan)
    launch = launch_of_plan(plan)
    end = await bench.end(bench.follow(plan, launch, await bench.gateway.submit(launch)))
    assert (end.phase, end.reason, end.exit_code) == ("ERROR", "launch_failed", None)
    assert "does not see the run directory" in (end.reason_text or "")
