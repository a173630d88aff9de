"""What a gateway makes of a real Slurm on a bad day; `tests/referee/days.py` has all of them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyterlab_batch.domain.problems import AnswerLost, GatewayUnreachable
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.observation import Gone
from jupyterlab_batch.gateways.slurm import SlurmGateway
from tests.gateways.conformance.bench import Bench, Run, eventually
from tests.gateways.conformance.jobs import HELLO, UNTIL_TOLD, shell
from tests.gateways.rigs.proxy import SPOILT, RecordingProxy
from tests.gateways.rigs.slurm import ToolsRig, make_gateway
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster, missing

ONCE = shell("echo begun")


def kill(slurm: SlurmCluster, daemon: str) -> None:
    os.kill(slurm.pid(daemon), signal.SIGKILL)


async def ran_once(launch: Launch) -> None:
    await eventually(
        lambda: launch.stdout_path.exists() and "begun" in launch.stdout_path.read_text(),
        "it never ran",
    )
    assert launch.stdout_path.read_text() == "begun\n"


async def test_answers_that_break_off_or_are_none_lose_and_double_nothing(
    slurm: SlurmCluster, open_rest: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real slurmrestd takes each job, and its answer is spoilt on the way back."""
    monkeypatch.setattr("jupyterlab_batch.gateways.slurm.http.MAX_ANSWER_BYTES", 2**22)

    async def submit(how: str) -> Launch:
        with RecordingProxy(slurm.url, spoil=SPOILT[how]) as proxy:
            bench = await open_rest(url=proxy.url, submit_deadline_seconds=3.0)
            _, launch = bench.write(ONCE)
            with pytest.raises(AnswerLost):
                await bench.gateway.submit(launch)
        return launch

    launches = await asyncio.gather(*map(submit, SPOILT))
    whole = await open_rest()
    found = [await whole.gateway.look_up(launch) for launch in launches]
    assert len({one.native_id for one in found if one is not None}) == len(SPOILT)
    for launch in launches:
        await ran_once(launch)


async def test_a_slurmrestd_that_is_killed_in_a_submission_may_have_submitted(
    slurm: SlurmCluster, open_rest: OpenBench
) -> None:
    bench = await open_rest()
    plan, launch = bench.write(ONCE)
    os.kill(slurm.pid("slurmrestd"), signal.SIGSTOP)
    submitting = asyncio.create_task(bench.gateway.submit(launch))
    await asyncio.sleep(0.5)  # it is on its way; nobody tells when it has arrived
    kill(slurm, "slurmrestd")
    with pytest.raises((AnswerLost, GatewayUnreachable)):
        await submitting
    slurm.start("slurmrestd")
    if await bench.gateway.look_up(launch) is None:
        bench.follow(plan, launch, await bench.gateway.submit(launch))
    await ran_once(launch)


async def test_without_the_database_behind_slurmdbd_jobs_go_on(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    bench = await open_bench()
    before = bench.description
    with slurm.without("mariadbd"):
        now = await bench.gateway.describe(fresh=True)
        assert now.health.ok
        assert now.accounts == before.accounts
        run = await bench.submit(ONCE)
        assert (await bench.end(run)).phase == "COMPLETED"


async def test_a_token_that_runs_out_is_told_and_a_new_one_resumes_watching_by_itself(
    slurm: SlurmCluster, open_rest: OpenBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyterlab_batch.gateways.breaker.BACK_OFF_SECONDS", (0.2,))
    file = tmp_path / "token-of-some-seconds"
    file.write_text(slurm.token(seconds=12))
    bench = await open_rest(token_file=str(file))
    run = await bench.submit(UNTIL_TOLD)
    await bench.executing(run)
    await bench.wait_for(lambda: any(health.auth_ok is False for health in bench.health))
    assert "expired" in (bench.health[-1].error or "")
    run.launch.run_directory.joinpath("go").touch()
    file.write_text(slurm.token())
    assert (await bench.end(run)).phase == "COMPLETED"
    await bench.wait_for(lambda: bench.health[-1].auth_ok is True)


async def test_ten_thousand_jobs_of_others_cost_nothing(
    slurm: SlurmCluster, open_tools: OpenBench, tmp_path: Path
) -> None:
    """They are tasks of an array, which Slurm shows one by one once it is asked to."""
    begin = ("--uid=alice", "--hold", "--array=0-9999", "--output=/dev/null", "--wrap=true")
    theirs = slurm.tool("sbatch", "--parsable", "--chdir=/", *begin).strip()
    try:
        bench = await open_tools()
        run = await bench.submit(ONCE)
        assert (await bench.end(run)).phase == "COMPLETED"
        (seen,) = await bench.gateway.look_at([run.native_id, theirs])
        assert seen.native_id == run.native_id
    finally:
        slurm.tool("scancel", theirs)


async def test_a_job_of_another_user_is_nobody_s_here(
    slurm: SlurmCluster, open_bench: OpenBench
) -> None:
    """Its number may be one that we had before; who may see all jobs is shown it as well."""
    bench = await open_bench()
    begin = ("--uid=alice", "--output=/dev/null", "--wrap=true")
    theirs = slurm.tool("sbatch", "--parsable", "--chdir=/", *begin).strip()
    # slurmdbd may take it for one of root until it has heard of its start.
    history = ("sacct", "-nX", "--user=alice", "--format=State", f"--jobs={theirs}")
    await eventually(lambda: "COMPLETED" in slurm.tool(*history), "it never ended")
    assert isinstance(bench.gateway, SlurmGateway)
    assert await bench.gateway.list_history([theirs]) == []


@pytest.fixture
def forgetful(request: pytest.FixtureRequest) -> Iterator[SlurmCluster]:
    """A Slurm of its own that can be wiped, has no history and remembers jobs for 2 s."""
    why = missing()
    if why is not None:
        pytest.skip(why)
    cluster = SlurmCluster(profile="stock", has_database=False, min_job_age_seconds=2)
    try:
        cluster.up()
        yield cluster
    finally:
        cluster.close()


@pytest.mark.late
async def test_ids_that_come_again_and_records_that_do_not_last(
    forgetful: SlurmCluster, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    rig = ToolsRig(request, tmp_path)
    traits = {"slurm_conf": forgetful.conf}
    unseen = make_gateway("slurm", **traits, moving_interval_seconds=600.0)
    writer, watcher = Bench(rig, unseen), Bench(rig, make_gateway("slurm", **traits))
    plan, launch = writer.write(ONCE)
    submitted = await unseen.submit(launch)
    run = Run(plan=plan, launch=launch, submitted=submitted)
    await ran_once(launch)
    forgetful.wipe()
    forgetful.up()
    _, launch_2 = writer.write(HELLO)
    again = await unseen.submit(launch_2)
    assert again.native_id == run.native_id

    await watcher.open()
    # Its tag is the site's, and it was submitted later, as one is that is queued again.
    watcher.track(run.native_id, launch.tag, submitted.submitted_at, launch.run_directory.name)
    await watcher.wait_for(lambda: Gone(native_id=run.native_id) in watcher.events)
    assert not watcher.seen(run)
    await ended_and_forgotten(forgetful, again.native_id)
    watcher.events.clear()
    watcher.track(again.native_id, launch_2.tag, again.submitted_at, launch_2.run_directory.name)
    await watcher.wait_for(lambda: Gone(native_id=again.native_id) in watcher.events)
    await watcher.close()


async def ended_and_forgotten(slurm: SlurmCluster, native_id: str) -> None:
    def is_gone() -> bool:
        return native_id not in slurm.tool("squeue", "-h", "--states=all", "-o", "%i").split()

    await eventually(is_gone, "it is remembered")
