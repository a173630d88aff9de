"""Daemons of Slurm that are down, or that hang."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.gateways.slurm.cli import _submit_problem
from jupyterlab_batch.gateways.slurm.tools import Outcome
from tests.gateways.conformance.jobs import HELLO, Asked
from tests.gateways.rigs.proxy import RecordingProxy
from tests.gateways.rigs.slurm import RestRig, make_gateway
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster


@contextmanager
def halted(slurm: SlurmCluster, daemon: str) -> Iterator[None]:
    """Let a daemon hang."""
    pid = slurm.pid(daemon)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_slurm_that_hangs_holds_nobody_longer_than_the_deadline(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    bench = await open_bench(deadline_seconds=1.0)
    with halted(slurm, "slurmctld"):
        began = time.monotonic()
        description, *problems = await asyncio.gather(
            bench.gateway.describe(fresh=True),
            bench.gateway.look_at(["1"]),
            bench.gateway.cancel("1"),
            return_exceptions=True,
        )
        elapsed = time.monotonic() - began
    assert elapsed < 5
    assert not isinstance(description, BaseException)
    assert not description.health.ok
    for problem in problems:
        assert isinstance(problem, GatewayUnreachable), repr(problem)


async def test_an_answer_that_is_lost_is_said_and_the_job_is_found(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    bench = await open_bench(submit_deadline_seconds=1.0)
    plan, launch = bench.write(HELLO)
    with halted(slurm, "slurmctld"), pytest.raises(AnswerLost):
        await bench.gateway.submit(launch)
    found = await bench.gateway.look_up(launch)
    assert found is not None
    bench.track(found.native_id, launch.tag, plan.created_at)
    await bench.wait_for(
        lambda: launch.stdout_path.exists() and bool(launch.stdout_path.read_text())
    )
    assert launch.stdout_path.read_text() == "out\n"


async def test_one_whose_answer_was_lost_is_found_by_its_name_among_the_jobs_of_all(
    slurm: SlurmCluster, open_rest: OpenBench
) -> None:
    """slurmdbd does not know it yet when it is asked first, and is asked once more."""
    foreign = ("--uid=alice", "--hold", "--output=/dev/null", "--wrap=true")
    for _ in range(20):
        slurm.tool("sbatch", "--job-name=theirs", *foreign)
    bench = await open_rest()
    assert isinstance(bench.rig, RestRig)
    with RecordingProxy(slurm.url) as proxy:
        gateway = make_gateway("slurm", **{**bench.rig.traits(), "url": proxy.url})
        await gateway.describe()
        run = await bench.submit(Asked(argv=HELLO.argv, name="Mine.1"))
        began, before = len(proxy.calls), proxy.answered
        found = await gateway.look_up(run.launch)
        asked = [call.path.partition("?")[0] for call in proxy.calls[began:]]
        size = proxy.answered - before
        await gateway.stop()
    slurm.tool("scancel", "--user=alice")
    assert found is not None and found.native_id == run.native_id
    names = [path for path in asked if path.startswith("/slurmdb") and path.endswith("/jobs")]
    assert len(names) <= 2
    assert not any(path.startswith("/slurm/") and path.endswith("/jobs") for path in asked)
    assert size < 20_000  # theirs are 80 kB
    await bench.end(run)


@pytest.mark.late
async def test_behind_slurmrestd_a_slurmctld_that_is_down_is_unreachable(
    slurm: SlurmCluster, open_rest: OpenBench
) -> None:
    bench = await open_rest(deadline_seconds=30.0)
    _, launch = bench.write(HELLO)
    with slurm.without("slurmctld"):
        *problems, submitted = await asyncio.gather(
            bench.gateway.look_at(["1"]),
            bench.gateway.cancel("1"),
            bench.gateway.submit(launch),
            return_exceptions=True,
        )
    for problem in problems:
        assert isinstance(problem, GatewayUnreachable), repr(problem)
    # Whether it got through can be unknown, but it must not be called refused.
    assert isinstance(submitted, (GatewayUnreachable, AnswerLost)), repr(submitted)
    assert await bench.gateway.look_up(launch) is None


async def test_a_history_that_is_down_hides_no_queue(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    bench = await open_bench()
    with slurm.without("slurmdbd"):
        run = await bench.submit(HELLO)
        end = await bench.end(run)
        assert (end.phase, end.exit_code) == ("COMPLETED", 0)
        assert (await bench.gateway.describe()).health.ok
    # What it used is told when the history is back.
    assert (await bench.until(run, lambda seen: seen.cpu_seconds is not None)).exit_code == 0


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Unexpected missing socket error", AnswerLost),
        ("Transport endpoint is not connected", AnswerLost),
        ("Broken pipe", AnswerLost),
        ("Unable to contact slurm controller (receive failure)", AnswerLost),
        ("Unable to contact slurm controller (send failure)", AnswerLost),
        ("Socket timed out on send/recv operation", AnswerLost),
        ("Header lengths are longer than data received", AnswerLost),
        ("Unable to contact slurm controller (connect failure)", GatewayUnreachable),
        ("Invalid partition name specified", GatewayRefused),
    ],
)
def test_a_connection_that_breaks_in_use_is_no_refusal(words: str, kind: type[Exception]) -> None:
    said = Outcome(1, "", f"sbatch: error: Batch job submission failed: {words}\n")
    assert isinstance(_submit_problem(said), kind)
