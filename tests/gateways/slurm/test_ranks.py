"""A program of several ranks over several nodes, started by srun within a job of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from msgspec.structs import replace

from jupyterlab_batch.domain.generated import Placement, Resources
from tests.gateways.conformance.jobs import MEBIBYTE, Asked
from tests.gateways.slurm.conftest import OpenBench

PROGRAM = Path(__file__).with_name("ranks.py")


async def test_two_ranks_on_two_nodes_hear_each_other(open_bench: OpenBench) -> None:
    bench = await open_bench()
    asked = Asked(argv=("srun", "--mpi=pmi2", sys.executable, str(PROGRAM)))
    spec = msgspec.structs.replace(
        asked.spec,
        resources=Resources(
            nodes=2, processes=2, cores=1, memory_bytes=64 * MEBIBYTE, walltime_seconds=300
        ),
        placement=Placement(queue="batch"),
    )
    assert await bench.gateway.check(spec) == []
    plan, launch = bench.write(asked)
    launch = replace(launch, spec=spec)
    run = bench.follow(plan, launch, await bench.gateway.submit(launch))
    end = await bench.end(run)
    said = run.stdout + run.stderr
    assert (end.phase, end.exit_code) == ("COMPLETED", 0), said
    assert sorted(run.stdout.splitlines()) == [
        "0 of 2 on n1 heard hello-1",
        "1 of 2 on n2 heard hello-0",
    ]
