"""Who may talk to the supervisor, and what it does with nonsense, strangers and full disks."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable
from jupyterlab_batch.engine.protocol import MAX_LINE_BYTES, PROTOCOL_VERSION, Reply, encode
from tests.engine.conftest import EngineFactory
from tests.engine.disk import limit_writing
from tests.engine.harness import TestEngine


def socket_of(engine: TestEngine) -> Path:
    return engine.root / "state" / "supervisor.sock"


async def test_folder_and_files_are_the_users_alone(engine: TestEngine) -> None:
    await engine.end(await engine.run(["true"]))
    state = engine.root / "state"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}
    assert modes == {"supervisor.sock": 0o600, "jobs.sqlite": 0o600, "supervisor.log": 0o600}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("is_folder_open", [False, True])
async def test_another_user_is_refused(engine: TestEngine, is_folder_open: bool) -> None:
    """By the folder, and were it open, by the socket itself."""
    await engine.supervisor()
    path = socket_of(engine)
    if is_folder_open:
        for folder in path.parents:
            if folder.stat().st_mode & stat.S_ISVTX:  # the folder for everybody's temporary files
                break
            folder.chmod(0o755)
    assert connect_as(65534, path) == errno.EACCES
    assert connect_as(0, path) == 0
    path.parent.chmod(0o700)


def connect_as(user: int, path: Path) -> int:
    """Return the error number with which another user's connection ends."""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        os._exit(socket.socket(socket.AF_UNIX).connect_ex(os.fspath(path)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"garbage\n",
        b"\xff\xfe\0\n",
        b"{}\n",
        b'{"op": "nothing", "number": 1}\n',
        b'{"op": "submit", "number": 1, "job": {}}\n',
        b'{"op": "hello", "number": "one"}\n',
        b'{"op": "list", "number": 1e999, "native_ids": null}\n',
        b"[" * 100_000 + b"\n",
        b'{"op": "hello"',
        b"x" * (MAX_LINE_BYTES + 1),
    ],
    ids=range(11),
)
async def test_nonsense_ends_its_connection_and_nothing_else(
    engine: TestEngine, line: bytes
) -> None:
    supervisor = await engine.supervisor()
    reader, writer = await asyncio.open_unix_connection(socket_of(engine))
    writer.write(line)
    try:
        await writer.drain()
        writer.write_eof()
        assert await reader.read() == b""
    except ConnectionError:
        pass  # it hung up before it had read all
    writer.close()
    assert (await engine.supervisor()).pid == supervisor.pid
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"


async def test_who_never_reads_or_says_nothing_holds_up_nobody(engine: TestEngine) -> None:
    await engine.supervisor()
    strangers = [await asyncio.open_unix_connection(socket_of(engine)) for _ in range(50)]
    strangers[0][1].write(b'{"op": "subscribe", "number": 1}\n{"op": "hel')
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"
    for _, writer in strangers:
        writer.close()


@pytest_asyncio.fixture
async def stranger(engine: TestEngine) -> AsyncIterator[TestEngine]:
    """Where a supervisor sits that is too new for us."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            number = msgspec.json.decode(line)["number"]
            writer.write(encode(Reply(number=number, version=PROTOCOL_VERSION + 1, pid=1)))
        writer.close()

    socket_of(engine).parent.mkdir(mode=0o700)
    server = await asyncio.start_unix_server(serve, socket_of(engine))
    yield engine
    server.close()
    socket_of(engine).unlink(missing_ok=True)


async def test_a_newer_supervisor_is_said(stranger: TestEngine) -> None:
    with pytest.raises(GatewayUnreachable, match="another version still runs jobs"):
        await stranger.run(["true"])
    described = await stranger.gateway.describe(fresh=True)
    assert not described.health.ok
    assert "another version" in (described.health.error or "")


async def test_a_socket_that_nobody_serves_is_taken_over(engine: TestEngine) -> None:
    socket_of(engine).parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(os.fspath(socket_of(engine)))
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"


async def test_a_path_too_long_for_a_socket_does_no_harm(make_engine: EngineFactory) -> None:
    engine = make_engine()
    folder = engine.root / ("x" * 120)
    long = make_engine(state_directory=str(folder))
    assert (await long.end(await long.run(["true"]))).phase == "COMPLETED"


@pytest.mark.parametrize("place", ["/sys/jupyterlab-batch", "/dev/null/state"])
async def test_a_place_where_nothing_can_be_written_is_said(
    make_engine: EngineFactory, place: str
) -> None:
    engine = make_engine(state_directory=place)
    with pytest.raises(GatewayUnreachable, match=r"The local engine cannot be used: .+\.$"):
        await engine.run(["true"])
    assert not (await engine.gateway.describe(fresh=True)).health.ok


async def test_with_a_full_disk_no_job_is_taken_and_none_is_lost(engine: TestEngine) -> None:
    os.mkfifo(engine.root / "gate")
    running = await engine.run(["cat", "gate"], cores=2, working_directory=engine.root)
    queued = await engine.run(["true"])
    supervisor = await engine.supervisor()
    limit_writing(supervisor.pid, 0)
    with pytest.raises(GatewayRefused, match=r"it cannot be written down: .*(full|disk)"):
        await engine.run(["touch", str(engine.root / "ran")])
    os.close(os.open(engine.root / "gate", os.O_WRONLY))
    assert (await engine.end(running)).phase == "COMPLETED"
    waiting = await engine.until(queued, lambda seen: seen.reason == "resources")
    assert waiting.phase == "QUEUED"
    assert "until this machine can start it" in (waiting.reason_text or "")
    limit_writing(supervisor.pid, resource.RLIM_INFINITY)
    assert (await engine.end(queued)).phase == "COMPLETED"
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"
    assert not (engine.root / "ran").exists()


async def test_a_supervisor_that_cannot_start_says_why(engine: TestEngine) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(GatewayUnreachable, match="The local engine cannot run: "):
            await engine.gateway.look_at(["x"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (await engine.end(await engine.run(["true"]))).phase == "COMPLETED"
