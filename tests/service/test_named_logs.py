"""Logs that a user wants elsewhere: checked, found, searched, and never something else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import LogNotReadable
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.arrays import task, tells
from tests.service.waiting import send


async def issues_of(service: BatchService, **spec: Any) -> set[tuple[str, str]]:
    check = await service.checker.check(submission(**spec))
    return {(one.field_.removeprefix("spec.files."), one.code) for one in check.issues}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("logs/new/fit.out", None),
        ("there.log", None),
        ("folder", "not_a_file"),
        ("/dev/null", "not_a_file"),
        ("there.log/x", "not_found"),
        ("a\0b", "control_character"),
        ("x" * 300, "not_writable"),
        ("x" * 100_001, "too_long"),
    ],
)
async def test_a_place_is_checked(
    service: BatchService, root: Path, name: str, code: str | None
) -> None:
    (root / "there.log").touch()
    (root / "folder").mkdir()
    found = await issues_of(service, files={"stdout_path": name})
    wanted = {("stdout_path", code)} if code else set()
    assert wanted <= found and (code is not None or found == set())


async def test_a_script_is_not_written_over(service: BatchService, root: Path) -> None:
    (root / "run.sh").write_text("true\n")
    found = await issues_of(
        service,
        task={"kind": "script", "path": "run.sh"},
        files={"stdout_path": "run.sh", "stderr_path": "run.err"},
    )
    assert found == {("stdout_path", "not_writable")}


async def test_each_task_needs_a_log_of_its_own(service: BatchService) -> None:
    array = {"kind": "index", "start": 0, "stop": 3}
    files = {"stdout_path": "all.log", "stderr_path": "logs/{index}/err"}
    assert await issues_of(service, array=array, files=files) == {("stdout_path", "out_of_range")}


async def test_it_is_shown_in_what_will_be_sent(service: BatchService, root: Path) -> None:
    check = await service.checker.check(submission(files={"stdout_path": "logs/fit.out"}))
    assert check.preview is not None
    assert f"stdout='{root}/logs/fit.out'" in check.preview.script


@pytest.fixture
async def job(service: BatchService) -> JobRecord:
    return await send(service, submission(files={"stdout_path": "logs/fit.out"}))


async def read(service: BatchService, job: JobRecord, task: int | None = None) -> bytes:
    return (await service.logs.read(job.id, "stdout", offset=0, limit=100, task=task)).content


async def test_it_is_read_searched_and_downloaded_there(
    service: BatchService, job: JobRecord, root: Path
) -> None:
    own = Path(job.run_directory, "stdout.log")
    own.write_text("The log cannot be written")
    assert await read(service, job) == b"The log cannot be written"
    (root / "logs").mkdir()
    (root / "logs" / "fit.out").write_text("chi2 = 1.2\n")
    assert await read(service, job) == b"chi2 = 1.2\n"
    more: dict[str, Any] = {"task": None, "direction": "next", "offset": None, "limit": 1}
    found = await service.log_finder.find(job.id, "stdout", text="1.2", **more)
    assert [(match.offset, match.length) for match in found.matches] == [(7, 3)]
    file = await service.downloads.open_log(job.id, "stdout", None)
    assert (file.name, [piece async for piece in file.pieces()]) == ("fit.out", [b"chi2 = 1.2\n"])
    file.close()


async def test_it_is_read_when_the_run_directory_is_gone_if_its_path_is_whole(
    service: BatchService, tmp_path: Path
) -> None:
    path = tmp_path / "whole.log"
    job = await send(service, submission(files={"stdout_path": str(path)}))
    path.write_text("kept")
    Path(job.run_directory, "job.json").unlink()
    assert await read(service, job) == b"kept"


async def test_why_tasks_failed_is_read_there(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    asked = submission(
        array={"kind": "index", "start": 0, "stop": 1}, files={"stderr_path": "{index}.err"}
    )
    job = await send(service, asked)
    (root / "1.err").write_text("ValueError: no data\n")
    failed = task(job, 1, "ERROR", exit_code=1)
    await tells(service, gateway, job, "ERROR", failed, reason="tasks_failed")
    (cause,) = (await service.task_causes.causes(job.id)).causes
    assert (cause.exception, cause.line) == ("ValueError", "ValueError: no data")


@pytest.mark.parametrize("what", ["link", "fifo", "folder"])
async def test_nothing_else_is_read_in_its_place(
    service: BatchService, root: Path, tmp_path: Path, what: str
) -> None:
    job = await send(service, submission(files={"stdout_path": "logs/fit.out"}))
    (root / "logs").mkdir()
    path = root / "logs" / "fit.out"
    (tmp_path / "secret").write_text("a secret")
    if what == "link":
        path.symlink_to(tmp_path / "secret")
    elif what == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(LogNotReadable):
        await read(service, job)


@pytest.mark.parametrize("name", ["/proc/self/environ", "logs/../../fit.out/environ", "environ"])
async def test_a_job_cannot_point_to_another_file(
    service: BatchService, job: JobRecord, root: Path, name: str
) -> None:
    (root / "environ").write_text("a secret")
    told = Path(job.run_directory, "job.json")
    told.write_text(told.read_text().replace(f"{root}/logs/fit.out", f"{root / name}"))
    assert await read(service, job) == b""


async def test_what_belongs_to_a_process_is_no_log(service: BatchService) -> None:
    job = await send(service, submission(files={"stdout_path": "/proc/self/environ"}))
    with pytest.raises(LogNotReadable):
        await read(service, job)
