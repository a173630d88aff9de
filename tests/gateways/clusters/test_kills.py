"""What becomes of a cluster of this machine when something of it is killed, or cannot start."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from jupyterlab_batch.domain.problems import GatewayRefused
from tests.engine.disk import limit_writing
from tests.engine.harness import eventually, marked
from tests.gateways.clusters.local import LocalRig
from tests.gateways.clusters.rig import Followed
from tests.gateways.clusters.test_conformance import connected


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[LocalRig]:
    place = LocalRig(tmp_path)
    yield place
    await place.close()


def owner_of(followed: Followed) -> psutil.Process:
    (owner,) = [one for one in marked(followed.launch.cluster_id) if _is_owner(one)]
    return owner


def _is_owner(process: psutil.Process) -> bool:
    words = process.cmdline()
    return len(words) > 1 and words[1].endswith("owner.py")


def workers_of(owner: psutil.Process) -> list[psutil.Process]:
    return [one for one in owner.children() if "spawn_main" in " ".join(one.cmdline())]


async def test_killed_one_after_the_other(rig: LocalRig) -> None:
    """Worker: it is back. Supervisor: nothing happens. Gateway: found again. Owner: over, said."""
    followed = await Followed.start(rig, rig.launch(1))
    await followed.ready(1)
    (worker,) = workers_of(owner_of(followed))
    worker.kill()
    await followed.until(lambda seen: seen.ready == 0)
    await followed.ready(1)
    await rig.engine.kill_supervisor()
    await followed.forget()
    other = Followed(rig, rig.gateway(), followed.launch, followed.native_id)
    other.watch()
    await other.ready(1)
    assert await other.scale(2) is None
    await other.ready(2)
    owner = owner_of(other)
    processes = [owner, *owner.children(recursive=True)]
    owner.kill()
    over = await other.end()
    assert (over.phase, over.reason) == ("ERROR", "killed")
    assert over.reason_text is not None and "SIGKILL" in over.reason_text
    assert not any(process.is_running() for process in processes if not _is_gone(process))
    await other.forget()


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


async def test_one_that_is_slow_to_come_up_is_not_idle_meanwhile(
    rig: LocalRig, tmp_path: Path
) -> None:
    preload = tmp_path / "slow_scheduler.py"
    preload.write_text(
        "import asyncio\n\n\nasync def dask_setup(scheduler):\n    await asyncio.sleep(9)\n"
    )
    slow = tmp_path / "python"
    variable = f"DASK_DISTRIBUTED__SCHEDULER__PRELOAD={preload}"
    slow.write_text(f'#!/bin/sh\nexec env {variable} {sys.executable} "$@"\n')
    slow.chmod(0o755)
    launch = rig.launch(0, idle_stop_seconds=8, options={"python": str(slow)})
    followed = await Followed.start(rig, launch)
    over = await followed.end()
    assert (over.phase, over.reason) == ("COMPLETED", "idle")
    assert over.started_at is not None and over.ended_at is not None
    assert (over.ended_at - over.started_at).total_seconds() >= 8
    await followed.forget()


async def test_a_full_disk_ends_nothing(rig: LocalRig) -> None:
    """Its figures get old, which is said; it goes on, and tells again when there is room."""
    followed = await Followed.start(rig, rig.launch(1))
    await followed.ready(1)
    owner = owner_of(followed)
    limit_writing(owner.pid, 1)
    silent = await followed.until(lambda seen: seen.stale_since is not None)
    assert silent.phase == "EXECUTING"
    limit_writing(owner.pid, resource.RLIM_INFINITY)
    await followed.until(lambda seen: seen.stale_since is None and seen.ready == 1)
    await followed.gateway.close(followed.native_id)
    assert (await followed.end()).reason == "stopped_by_user"
    await followed.forget()


async def test_it_is_the_users_alone_and_killed_while_nobody_looked(rig: LocalRig) -> None:
    followed = await Followed.start(rig, rig.launch(0))
    await followed.until(lambda seen: seen.started_at is not None)
    folder = rig.folder(followed.launch.cluster_id)
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (folder / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600
    listening = [
        one for one in owner_of(followed).net_connections() if one.status == psutil.CONN_LISTEN
    ]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}
    await followed.forget()
    await rig.engine.kill_supervisor()
    for process in marked(followed.launch.cluster_id):
        process.send_signal(signal.SIGKILL)
    await eventually(lambda: not list(marked(followed.launch.cluster_id)), "they live")
    later = Followed(rig, rig.gateway(), followed.launch, followed.native_id)
    later.watch()
    over = await later.end()
    assert (over.phase, over.reason) == ("ERROR", "lost")
    await later.forget()


async def test_jobs_and_clusters_share_the_machine(rig: LocalRig) -> None:
    followed = await Followed.start(rig, rig.launch(3))
    waiting = await rig.engine.run(["true"])
    seen = await rig.engine.until(waiting, lambda seen: seen.reason is not None)
    assert (seen.reason, seen.reason_text) == ("resources", "Waiting for 1 free core.")
    second = await Followed.start(rig, rig.launch(2))
    assert (await second.until(lambda seen: seen.reason is not None)).phase == "QUEUED"
    assert await second.scale(0) is None
    assert await followed.scale(1) is None
    assert (await rig.engine.end(waiting)).phase == "COMPLETED"
    await second.until(lambda seen: seen.phase == "EXECUTING")
    note = await followed.scale(4)  # the scheduler of the other one takes memory too
    assert note is not None and note.startswith("Reduced to 2 workers")
    for one in (second, followed):
        await one.gateway.close(one.native_id)
        assert (await one.end()).reason == "stopped_by_user"
        await one.forget()


async def test_a_python_without_dask_is_said_in_words(rig: LocalRig, tmp_path: Path) -> None:
    bare = tmp_path / "python-bare"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    bare.chmod(0o755)
    launch = rig.launch(options={"python": str(bare)})
    gateway = rig.gateway()
    with pytest.raises(GatewayRefused) as refused:
        await gateway.create(launch)
    assert f"dask is not installed in {bare}" in refused.value.message
    assert "pip install 'dask[distributed]'" in refused.value.message
    assert rig.left(launch.cluster_id) == []
    (tmp_path / "other").mkdir()
    other = LocalRig(tmp_path / "other", dask_python=str(bare))
    assert str(bare) in str((await other.gateway().describe()).unavailable)
    await other.close()


async def test_one_that_cannot_come_up_says_why(rig: LocalRig, tmp_path: Path) -> None:
    odd = tmp_path / "python-odd"
    odd.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\n'
        'echo "no space left" >&2\nexit 3\n'
    )
    odd.chmod(0o755)
    followed = await Followed.start(rig, rig.launch(options={"python": str(odd)}))
    over = await followed.end()
    assert (over.phase, over.reason) == ("ERROR", "launch_failed")
    assert over.reason_text == "It did not come up: no space left"
    await followed.forget()


async def test_the_server_never_imports_dask() -> None:
    modules = ("extension", "gateways.local", "client.batch")
    imports = ", ".join(f"jupyterlab_batch.{name}" for name in modules)
    dask = "[name for name in sys.modules if name.split('.')[0] in ('dask', 'distributed')]"
    code = f"import sys, {imports}; print({dask})"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said.decode().strip() == "[]"


async def test_nobody_else_is_let_in_and_a_client_may_close_it(rig: LocalRig) -> None:
    followed = await Followed.start(rig, rig.launch(0))
    await followed.until(lambda seen: seen.started_at is not None)
    told = followed.gateway.client(followed.launch)
    file = rig.folder(followed.launch.cluster_id) / "scheduler.json"
    # By itself: what is left of a client that failed stops the loop of the next one for 10 s.
    code = f"from distributed import Client\nClient(scheduler_file={str(file)!r}, timeout='5s')"
    stranger = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE
    )
    _, said = await stranger.communicate()
    assert stranger.returncode == 1
    assert b"TLS" in said or b"tls" in said
    await asyncio.to_thread(lambda: connected(told).shutdown())
    over = await followed.end()
    assert (over.phase, over.reason) == ("COMPLETED", "closed")
    await followed.forget()
