"""A server that does not see what a job writes says so, with the path to look for instead."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import FileNotReadable, LogNotReadable
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.test_watch import claim
from tests.service.waiting import sees, send


class FarGateway(FakeGateway):
    """Its machines see the server's folders under ``/far``, if at all."""

    def node_path(self, path: Path) -> Path:
        return Path(f"/far{path}")


@pytest.fixture
def gateway() -> FakeGateway:
    return FarGateway(gateway_id="fake", title="Far")


def minutes_ago(minutes: int) -> datetime:
    return datetime.now(timezone.utc) - timedelta(minutes=minutes)


async def log_of(service: BatchService, job: JobRecord) -> bytes:
    found = await service.logs.read(job.id, "stdout", offset=0, limit=100)
    return found.content


async def files_of(service: BatchService, job: JobRecord) -> tuple[bool, set[str]]:
    found = await service.job_files.window(job.id, "", offset=0, limit=100)
    return found.is_nothing_seen, {file.name for file in found.files}


async def test_a_job_that_ran_and_left_no_trace_ran_where_nothing_is_shared(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    job = await send(service, asked)
    assert (await service.listing.job(job.id)).node_directory == f"/far{job.run_directory}"
    seen = {"phase": "ERROR", "reason": "exit_nonzero", "exit_code": 2}
    job = await sees(service, gateway, job, **seen, started_at=minutes_ago(0))
    with pytest.raises(LogNotReadable, match=f"look for /far{job.run_directory}/stdout.log"):
        await log_of(service, job)
    is_nothing_seen, names = await files_of(service, job)
    assert is_nothing_seen
    assert "run.sh" in names


async def test_a_job_that_runs_is_given_a_minute_to_be_seen(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    job = await send(service, asked)
    late = await send(service, asked, "key-of-the-one-that-is-late")
    job = await sees(service, gateway, job, phase="EXECUTING", started_at=minutes_ago(0))
    assert await log_of(service, job) == b""
    assert not (await files_of(service, job))[0]
    late = await sees(service, gateway, late, phase="EXECUTING", started_at=minutes_ago(2))
    with pytest.raises(LogNotReadable, match="sees nothing that the job wrote"):
        await log_of(service, late)
    claim(late)
    assert await log_of(service, late) == b""
    assert not (await files_of(service, late))[0]


async def test_a_job_that_never_started_has_nothing_to_be_seen(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    job = await sees(service, gateway, await send(service, asked), phase="ABORTED")
    assert await log_of(service, job) == b""
    assert not (await files_of(service, job))[0]


async def test_a_log_that_is_wanted_elsewhere_and_not_there_is_said_with_where_it_may_be(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    asked["spec"]["files"] = {"stdout_path": "logs/{native_id} 100%.out"}
    job = await send(service, asked)
    named = root / "logs" / f"{job.native_id} 100%.out"
    paths = (await service.listing.job(job.id)).log_paths
    assert paths.stdout == f"/far{named}"
    assert paths.stderr == f"/far{job.run_directory}/stderr.log"
    claim(job)
    Path(job.run_directory, "stdout.log").touch()
    job = await sees(service, gateway, job, phase="EXECUTING", started_at=minutes_ago(0))
    assert await log_of(service, job) == b""
    job = await sees(service, gateway, job, phase="COMPLETED")
    with pytest.raises(LogNotReadable, match=f"There, look for /far{named}"):
        await log_of(service, job)
    named.parent.mkdir()
    named.touch()
    assert await log_of(service, job) == b""
    named.unlink()
    named.symlink_to(root)
    with pytest.raises(LogNotReadable, match=f"The log /far{named} cannot be read: "):
        await log_of(service, job)


async def test_a_run_directory_that_is_away_is_said_with_where_it_may_be(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    job = await send(service, asked)
    claim(job)
    shutil.rmtree(job.run_directory)
    there = f"cannot see the run directory: .* look for /far{job.run_directory}"
    with pytest.raises(LogNotReadable, match=f"{there}/stdout.log"):
        await log_of(service, job)
    with pytest.raises(FileNotReadable, match=there):
        await files_of(service, job)


async def test_where_the_paths_are_the_same_there_is_no_second_one(
    make: Make, asked: dict[str, Any]
) -> None:
    service = make(FakeGateway(gateway_id="fake", title="Near"))
    await service.start()
    job = await send(service, asked)
    assert (await service.listing.job(job.id)).node_directory is None
