"""Programs that do not end, print without end, or leave children behind."""

from __future__ import annotations

import asyncio
import os
import resource
import shlex
import stat
import time
from pathlib import Path

import psutil
import pytest

from jupyterlab_batch.domain.problems import AnswerLost, GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways import running
from jupyterlab_batch.gateways.running import Killed, run_to_end
from jupyterlab_batch.gateways.slurm.credential import Credential
from tests.gateways.conformance.bench import Bench, eventually
from tests.gateways.conformance.jobs import HELLO
from tests.gateways.rigs.slurm import TOOLS, ToolsRig, make_gateway


async def sh(script: str, seconds: float = 30.0) -> tuple[int, bytes, bytes]:
    return await run_to_end(["sh", "-c", script], deadline_seconds=seconds)


async def test_code_and_both_streams_are_returned() -> None:
    assert await sh("echo out; echo err >&2; exit 3") == (3, b"out\n", b"err\n")


async def test_a_large_input_is_read_and_one_that_nobody_reads_does_no_harm() -> None:
    large = b"x" * 10**6
    counted = await run_to_end(["wc", "-c"], deadline_seconds=30, stdin=large)
    assert counted[1].strip() == b"1000000"
    assert (await run_to_end(["true"], deadline_seconds=30, stdin=large))[0] == 0


async def test_one_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    script = f"sleep 600 & echo $! $$ >{shlex.quote(str(noted))}; trap '' TERM; sleep 600"
    with pytest.raises(Killed, match="did not end within 1 s"):
        await sh(script, 1)
    pids = noted.read_text().split()
    await eventually(lambda: not any(map(is_alive, pids)), "its children live on")


async def test_a_child_that_left_the_group_and_holds_the_output_delays_nobody() -> None:
    began, opened = time.monotonic(), psutil.Process().num_fds()
    with pytest.raises(Killed):
        await sh("setsid sleep 15 & sleep 600", 0.5)
    assert time.monotonic() - began < 10
    assert psutil.Process().num_fds() <= opened


async def test_one_that_prints_without_end_is_killed_and_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT_BYTES", 8 * 2**20)
    before = peak_bytes()
    for stream in ("1", "2"):
        with pytest.raises(Killed, match="printed more than 8 MB"):
            await sh(f"yes >&{stream}")
    assert peak_bytes() - before < 64 * 2**20


async def test_the_loop_goes_on_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT_BYTES", 256 * 2**20)
    turns = 0
    printing = asyncio.create_task(sh("yes | head -c 100000000"))
    while not printing.done():
        await asyncio.sleep(0)
        turns += 1
    assert len((await printing)[1]) == 100_000_000
    # Read in one go it would be a handful; a pipe holds 64 KiB.
    assert turns > 200


def is_alive(pid: str) -> bool:
    try:
        return bool(psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def tools(folder: Path, script: str) -> Path:
    """Put programs of the names of Slurm's tools into a folder."""
    folder.mkdir()
    for name in TOOLS:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(stat.S_IRWXU)
    return folder


@pytest.mark.parametrize(
    "script",
    [
        "exec sleep 600",
        "yes",
        "yes '<html>no Slurm here'",
        "head -c 3000000 /dev/urandom",
        "echo a\x1fb",
        "printf '%s\\n' 'x|y|z'",
        "kill -9 $$",
        "exit 1",
    ],
    ids=["hangs", "endless", "markup", "bytes", "short row", "row", "killed", "silent failure"],
)
async def test_tools_that_are_none_are_an_unreachable_slurm(
    tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT_BYTES", 2**20)
    bin_directory = tools(tmp_path / "bin", script)
    gateway = make_gateway("slurm", bin_directory=str(bin_directory), deadline_seconds=1.0)
    description = await gateway.describe(fresh=True)
    assert not description.health.ok and description.health.error
    # Not as if queue and history were empty: then a job that runs would seem lost.
    for call in (gateway.look_at(["1"]), gateway.list_history(["1"])):
        with pytest.raises(GatewayUnreachable):
            await call


@pytest.mark.parametrize(
    "script",
    ["echo Welcome to our cluster", "kill -9 $$", "printf 2; kill -9 $$", "true", "yes"],
)
async def test_an_sbatch_that_says_neither_yes_nor_no_may_have_submitted(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT_BYTES", 2**20)
    bin_directory = tools(tmp_path / "bin", script)
    gateway = make_gateway("slurm", bin_directory=str(bin_directory))
    _, launch = Bench(ToolsRig(request, tmp_path), gateway).write(HELLO)
    with pytest.raises(AnswerLost):
        await gateway.submit(launch)


def credential(**settings: str) -> Credential:
    given = {"token_file": "", "token_command": "", **settings}
    return Credential(**given, privileged_users=frozenset())


async def test_a_token_command_without_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT_BYTES", 2**20)
    endless = {"token_command": "yes"}
    with pytest.raises(NotSignedIn, match="printed more than 1 MB"):
        await credential(**endless).token()


@pytest.mark.parametrize("text", ["a\nb", "tökén", "two words", "a\x00b", "x.e30\r\nX-Evil: 1.y"])
async def test_what_no_header_can_hold_is_no_token(tmp_path: Path, text: str) -> None:
    path = tmp_path / "token"
    path.write_text(text)
    with pytest.raises(NotSignedIn, match="no token"):
        await credential(token_file=str(path)).token()


async def test_a_token_file_that_is_a_fifo_delays_nobody(tmp_path: Path) -> None:
    path = tmp_path / "token"
    os.mkfifo(path)
    with pytest.raises(NotSignedIn, match="is no file"):
        await asyncio.wait_for(credential(token_file=str(path)).token(), 10)
