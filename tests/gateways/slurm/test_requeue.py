"""A job that Slurm starts again, and one that only its history knows."""

from __future__ import annotations

import subprocess
from functools import partial

import pytest

from jupyterlab_batch.engine.status import read_status
from jupyterlab_batch.gateways.tracking import Tracked
from tests.gateways.conformance.bench import Run, eventually
from tests.gateways.conformance.jobs import EXITS, HELLO, UNTIL_TOLD
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster


async def test_a_requeue_is_a_second_attempt_of_the_same_job(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    bench = await open_bench()
    run = await bench.submit(UNTIL_TOLD)
    first = await bench.executing(run)
    assert first.attempt == 1
    slurm.tool("scontrol", "requeue", run.native_id)
    query = ("squeue", "--noheader", f"--jobs={run.native_id}", "--format=%T")
    await eventually(lambda: slurm.tool(*query).strip() == "PENDING", "it is not queued again")
    # Not in 2 minutes, as Slurm would, but not in the second in which the node ended it either.
    slurm.tool("scontrol", "update", f"jobid={run.native_id}", "starttime=now+3")
    await bench.until(run, lambda seen: seen.phase == "EXECUTING" and seen.attempt == 2)
    await eventually(lambda: run.stdout.count("begun") == 2, "the first attempt's log is gone")
    run.launch.run_directory.joinpath("go").touch()
    end = await bench.end(run)
    assert (end.phase, end.attempt, end.native_id) == ("COMPLETED", 2, run.native_id)
    status = read_status(run.launch.run_directory, run.plan.nonce)
    assert status is not None
    assert (status.attempt, status.exit_code) == (2, 0)
    assert "duplicate" not in run.stderr


async def test_a_job_that_got_the_id_of_a_forgotten_one_is_not_cancelled_for_it(
    open_bench: OpenBench,
) -> None:
    bench, later = await open_bench(), await open_bench()
    run = await bench.submit(UNTIL_TOLD)
    await bench.executing(run)
    forgotten = Tracked(
        native_id=run.native_id, tag="jlb:forgotten", submitted_at=run.submitted.submitted_at
    )
    later.gateway.track([forgotten])
    await later.gateway.cancel(run.native_id)
    run.launch.run_directory.joinpath("go").touch()
    assert (await bench.end(run)).phase == "COMPLETED"


@pytest.mark.late
async def test_what_left_the_queue_is_taken_from_the_history(
    slurm: SlurmCluster, open_rest: OpenBench, open_tools: OpenBench
) -> None:
    benches = [await open_rest(), await open_tools()]
    waiting = []
    for bench in benches:
        for asked, phase in ((HELLO, "COMPLETED"), (EXITS, "ERROR")):
            plan, launch = bench.write(asked)
            submitted = await bench.gateway.submit(launch)
            waiting.append((bench, Run(plan=plan, launch=launch, submitted=submitted), phase))
    for bench, run, phase in waiting:
        await eventually(partial(_has_left, slurm, run.native_id), "it is still known")
        bench.track(run.native_id, run.launch.tag, run.submitted.submitted_at)
        seen = await bench.end(run)
        assert seen.phase == phase
        assert seen.ended_at is not None
        assert seen.elapsed_seconds is not None


def _has_left(slurm: SlurmCluster, native_id: str) -> bool:
    try:
        slurm.tool("scontrol", "show", "job", native_id)
    except subprocess.CalledProcessError:
        return True
    return False
