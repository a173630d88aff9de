"""Whose token is sent to slurmrestd, and what is said when it is not taken."""

from __future__ import annotations

import asyncio
import base64
import json
import multiprocessing
import os
import pwd
import shlex
import time
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import GatewayRefused, NotSignedIn
from jupyterlab_batch.gateways.order import Change
from jupyterlab_batch.gateways.slurm.credential import Credential
from tests.gateways.conformance.jobs import HELLO, UNTIL_TOLD
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi
from tests.gateways.slurm.conftest import OpenBench
from tests.slurm_cluster.cluster import SlurmCluster


def make_token(**claims: Any) -> str:
    """Make a token that no Slurm has signed."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(text.rstrip("=") for text in texts), "c2lnbmF0dXJl"])


def credential(**settings: Any) -> Credential:
    return Credential(
        **{
            "token_file": "",
            "token_command": "",
            "privileged_users": frozenset({"root", "slurm"}),
            **settings,
        }
    )


async def test_without_a_token_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLURM_JWT", raising=False)
    with pytest.raises(NotSignedIn, match="token_file"):
        await credential().token()


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotSignedIn, match="no-such-file"):
        await credential(token_file=str(tmp_path / "no-such-file")).token()


async def test_one_that_has_run_out_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_JWT", make_token(sun="alice", exp=int(time.time()) - 1))
    with pytest.raises(NotSignedIn, match="expired"):
        await credential().token()


async def test_a_renewed_file_is_used_at_once(tmp_path: Path) -> None:
    file = tmp_path / "token"
    own = credential(token_file=str(file))
    for name in ("alice", "bob"):
        file.write_text(f"SLURM_JWT={make_token(sun=name, exp=int(time.time()) + 60)}\n")
        assert (await own.token()).user_name == name


async def test_a_command_is_run_again_when_its_token_was_not_taken(tmp_path: Path) -> None:
    count = tmp_path / "count"
    token = make_token(sun="alice", exp=int(time.time()) + 60)
    script = f"echo x >>{shlex.quote(str(count))}; echo {token}"
    own = credential(token_command=shlex.join(["sh", "-c", script]))
    assert (await own.token()).user_name == "alice"
    await own.token()
    assert count.read_text() == "x\n"
    own.reject()
    await own.token()
    assert count.read_text() == "x\nx\n"


@pytest.mark.parametrize("command", ["false", "no-such-program-here", "sh -c 'exit 4'"])
async def test_a_command_that_fails_is_said(command: str) -> None:
    with pytest.raises(NotSignedIn, match="token command"):
        await credential(token_command=command).token()


async def test_no_cookie_is_kept_and_no_token_follows_a_redirect(tmp_path: Path) -> None:
    """A gateway's cookie could win over the token, and a redirect lead it to anybody."""
    token_file = tmp_path / "token"
    token_file.write_text(make_token(sun="ada"))

    def answer(_: str, path: str) -> Answer:
        return (200, openapi(38)) if path == "/openapi/v3" else (302, b"")

    with StandIn(answer) as stand_in:
        gateway = make_gateway("slurm", url=stand_in.url, token_file=str(token_file))
        for _ in range(3):
            description = await gateway.describe(fresh=True)
            assert not description.health.ok
        await gateway.stop()
    assert len(stand_in.paths) > 3 and "/elsewhere" not in stand_in.paths
    assert set(stand_in.cookies) == {None}


def test_a_token_shows_nothing_of_itself() -> None:
    secret = make_token(sun="alice")
    assert secret not in repr(asyncio.run(credential(token_command=f"echo {secret}").token()))


def _token_as(uid: int, name: str, sent: Any) -> None:
    os.setresuid(uid, uid, uid)
    os.environ["SLURM_JWT"] = make_token(sun=name, exp=int(time.time()) + 60)
    try:
        sent.put(asyncio.run(credential().token()).user_name)
    except NotSignedIn as problem:
        sent.put(problem.message)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("name", ["root", "slurm", "alice"])
def test_an_ordinary_user_sends_no_token_that_may_act_as_anybody(name: str) -> None:
    context = multiprocessing.get_context("fork")  # the other user may not read this tree
    sent = context.SimpleQueue()
    process = context.Process(target=_token_as, args=(pwd.getpwnam("nobody").pw_uid, name, sent))
    process.start()
    answer = sent.get()
    process.join()
    assert answer == name if name == "alice" else "is not used" in answer


async def test_one_that_slurm_did_not_sign_is_said(
    open_rest: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_JWT", make_token(sun="root", exp=int(time.time()) + 60))
    bench = await open_rest(token_file="")
    assert bench.description.health.auth_ok is False
    assert bench.description.health.error
    _, launch = bench.write(HELLO)
    with pytest.raises(NotSignedIn):
        await bench.gateway.submit(launch)
    with pytest.raises(NotSignedIn):
        await bench.gateway.look_at(["1"])
    with pytest.raises(NotSignedIn):
        await bench.gateway.cancel("1")
    with pytest.raises(NotSignedIn):
        await bench.gateway.look_up(launch)


async def test_one_of_somebody_else_is_not_taken(
    slurm: SlurmCluster, open_rest: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_JWT", slurm.token("alice"))
    bench = await open_rest(token_file="", user_name="bob")
    assert bench.description.health.auth_ok is False
    _, launch = bench.write(HELLO)
    with pytest.raises(NotSignedIn):
        await bench.gateway.submit(launch)


async def test_renewing_the_token_mends_it(
    slurm: SlurmCluster, open_rest: OpenBench, tmp_path: Path
) -> None:
    file = tmp_path / "renewed"
    file.write_text(slurm.token(seconds=1))
    bench = await open_rest(token_file=str(file))
    assert bench.description.health.auth_ok is False
    file.write_text(slurm.token())
    assert (await bench.gateway.describe(fresh=True)).health.auth_ok
    await bench.wait_for(lambda: any(health.auth_ok for health in bench.health))


async def test_the_jobs_of_others_are_not_ours_to_cancel_or_find(
    slurm: SlurmCluster, open_rest: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = await open_rest()
    run = await own.submit(UNTIL_TOLD)
    await own.executing(run)
    monkeypatch.setenv("SLURM_JWT", slurm.token("alice"))
    alice = make_gateway("slurm", url=slurm.url)
    with pytest.raises(GatewayRefused):
        await alice.cancel(run.native_id)
    assert await alice.look_up(run.launch) is None
    await alice.stop()
    run.launch.run_directory.joinpath("go").touch()
    assert (await own.end(run)).phase == "COMPLETED"


async def test_what_an_ordinary_user_may_not_is_refused_in_plain_words(
    slurm: SlurmCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = ("--time=2", "--mem=50M", "--chdir=/", "--output=/dev/null", "--wrap=sleep 90")
    native_id = slurm.tool("sbatch", "--parsable", "--uid=alice", *some).strip()
    monkeypatch.setenv("SLURM_JWT", slurm.token("alice"))
    alice = make_gateway("slurm", url=slurm.url)
    try:
        await asyncio.to_thread(_until_it_runs, slurm, native_id)
        with pytest.raises(GatewayRefused) as caught:
            await alice.order(native_id, Change(walltime_seconds=600), tag="jlb:1")
        assert "only its operators give a job more time" in caught.value.message
    finally:
        slurm.tool("scancel", native_id)
        await alice.stop()


def _until_it_runs(slurm: SlurmCluster, native_id: str) -> None:
    while slurm.tool("squeue", "-h", "-o%T", f"--job={native_id}").strip() != "RUNNING":
        time.sleep(0.2)
