"""A Slurm where nothing is set up for us: no slurmdbd, tags overwritten, own jobs only."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import pwd
import sys
import textwrap
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.gateways.launch import Launch
from tests.gateways.conformance.bench import Bench, eventually
from tests.gateways.conformance.jobs import HELLO, STAYS, UNTIL_TOLD, Asked
from tests.gateways.rigs.slurm import StockRestRig, StockRig, make_gateway
from tests.gateways.slurm.conftest import OpenBench
from tests.gateways.slurm.test_credential import make_token
from tests.slurm_cluster.cluster import SlurmCluster

PROJECT = Path(__file__).parents[3]


async def test_it_says_what_the_site_lacks(open_stock: OpenBench) -> None:
    bench = await open_stock()
    can = bench.description.capabilities
    assert (can.history, can.usage, can.accounts) == (False, False, False)
    assert bench.description.health.ok


async def test_a_job_is_followed_and_found_although_its_tag_is_overwritten(
    open_stock: OpenBench,
) -> None:
    bench = await open_stock()
    run = await bench.submit(UNTIL_TOLD)
    seen = await bench.executing(run)
    assert seen.tag == "put here by the site"
    assert seen.directory_name == run.launch.run_directory.name
    found = await bench.gateway.look_up(run.launch)
    assert found is not None and found.native_id == run.native_id
    run.launch.run_directory.joinpath("go").touch()
    end = await bench.end(run)
    assert (end.phase, end.exit_code, end.memory_peak_bytes) == ("COMPLETED", 0, None)


async def test_a_token_of_nobody_is_told_from_a_slurm_that_is_down(
    stock_slurm: SlurmCluster, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Without slurmdbd v0.0.38 says the same of both."""
    rig = StockRestRig(request, tmp_path)
    rig.start()
    file = tmp_path / "foreign"
    file.write_text(make_token(sun="root"))
    gateway = make_gateway("slurm", **{**rig.traits(), "token_file": str(file)})
    health = (await gateway.describe(fresh=True)).health
    assert (health.ok, health.auth_ok) == (True, False)
    assert "Renew it" in (health.error or "")
    with stock_slurm.without("slurmctld"):
        gateway = make_gateway("slurm", **rig.traits(), deadline_seconds=30.0)
        health = (await gateway.describe(fresh=True)).health
    assert not health.ok
    assert health.auth_ok is not False
    await gateway.stop()


async def test_a_job_that_waits_says_when_it_is_expected_to_start(open_tools: OpenBench) -> None:
    bench = await open_tools()
    all_cores = Asked(argv=STAYS.argv, cores=8, queue="batch", walltime_seconds=1200)
    holders = [await bench.submit(all_cores) for _ in range(2)]
    waits = await bench.submit(all_cores)
    seen = await bench.until(waits, lambda seen: seen.estimated_start_at is not None)
    assert seen.phase == "QUEUED"
    assert seen.estimated_start_at is not None
    assert seen.estimated_start_at > waits.submitted.submitted_at + timedelta(minutes=2)
    for run in (waits, *holders):
        await bench.gateway.cancel(run.native_id)
        await bench.end(run)


def _as_user(name: str, work: Any, told: Any) -> None:
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    told.send(asyncio.run(work()))


async def _submit_and_follow(traits: dict[str, Any], launch: Launch, foreign: str) -> Any:
    gateway = make_gateway("slurm", **traits)
    bench = Bench(None, gateway)  # type: ignore[arg-type]  # it needs no rig for this
    await bench.open()
    submitted = await gateway.submit(launch)
    name = launch.run_directory.name
    bench.track(submitted.native_id, launch.tag, submitted.submitted_at, name)
    await bench.wait_for(lambda: any(getattr(e, "phase", "") == "COMPLETED" for e in bench.events))
    found = await gateway.look_up(launch)
    others = await gateway.look_at([foreign])
    await bench.close()
    return found is not None and found.native_id == submitted.native_id, others


@pytest.mark.parametrize("way", [StockRig, StockRestRig], ids=["tools", "rest"])
async def test_an_ordinary_user_sees_only_their_own(
    stock_slurm: SlurmCluster,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    way: type[StockRig | StockRestRig],
) -> None:
    rig = way(request, tmp_path)
    rig.start()
    own = Bench(rig)
    await own.open()
    foreign = await own.submit(UNTIL_TOLD)
    _, launch = own.write(HELLO)
    folder, token = launch.run_directory, tmp_path / "alice"
    token.write_text(stock_slurm.token("alice"))
    for path in (tmp_path, *tmp_path.parents[:3], launch.run_directory.parent):
        path.chmod(path.stat().st_mode | 0o011)
    for path in (token, folder, *folder.iterdir()):
        os.chown(path, pwd.getpwnam("alice").pw_uid, -1)
    traits = rig.traits() | ({"token_file": str(token)} if way is StockRestRig else {})
    # She may not read this tree: what she runs is loaded already.
    context = multiprocessing.get_context("fork")
    said, told = context.Pipe(duplex=False)
    work = partial(_submit_and_follow, traits, launch, foreign.native_id)
    process = context.Process(target=_as_user, args=("alice", work, told))
    process.start()
    told.close()  # so that nobody waits for one who has died
    is_found, others = await asyncio.wait_for(asyncio.to_thread(said.recv), 60)
    await asyncio.to_thread(process.join)
    assert is_found
    assert others == []
    assert launch.stdout_path.read_text() == "out\n"
    foreign.launch.run_directory.joinpath("go").touch()
    await own.end(foreign)
    await own.close()


async def test_a_server_that_is_itself_a_job_submits_jobs_of_their_own(
    stock_slurm: SlurmCluster, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    rig = StockRig(request, tmp_path)
    rig.start()
    own = Bench(rig)
    await own.open()
    _, launch = own.write(HELLO)
    program = tmp_path / "server.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import asyncio, os, pathlib
            from jupyterlab_batch.gateways.launch import Launch
            from jupyterlab_batch.gateways.slurm import SlurmGateway
            from tests.gateways.conformance.jobs import HELLO

            async def main():
                gateway = SlurmGateway(gateway_id="slurm")
                folder = pathlib.Path({str(launch.run_directory)!r})
                launch = Launch(
                    job_id={launch.job_id!r}, tag={launch.tag!r}, spec=HELLO.spec,
                    run_directory=folder, script_text="",
                    stdout_path=folder / "stdout.log", stderr_path=folder / "stderr.log",
                )
                submitted = await gateway.submit(launch)
                print(os.environ["SLURM_JOB_ID"], submitted.native_id)

            asyncio.run(main())
            """
        )
    )
    out = tmp_path / "server.out"
    stock_slurm.tool(
        "sbatch", "--partition=batch", "--mem=300M", "--time=3", f"--output={out}",
        f"--chdir={PROJECT}", f"--export=PYTHONPATH={PROJECT},SLURM_CONF={stock_slurm.conf},PATH",
        f"--wrap={sys.executable} {program}",
    )  # fmt: skip
    await eventually(lambda: out.exists() and len(out.read_text().split()) >= 2, "no submission")
    outer, inner = out.read_text().split()[:2]
    assert outer != inner
    shown = stock_slurm.tool("scontrol", "-o", "show", "job", inner)
    assert "Partition=debug" in shown and "TimeLimit=00:10:00" in shown
    await eventually(launch.stdout_path.exists, "it never ran")
    await own.close()
