"""Downloading a file of a run directory."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_batch.extension import BatchExtension
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import answered, problem

LARGE_BYTES = 64 * 2**20
"""More than fits into what is on its way."""


@pytest.fixture
async def job(call: Call, submission: dict[str, Any]) -> Any:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    return answered(answer, "Job", 201)


async def ask(call: Call, job: Any, path: str) -> Any:
    return await call("GET", "jobs", job["id"], "files", "content", params={"path": path})


@pytest.mark.parametrize("name", ["out.txt", "a b.txt", 'quo"te\r\nX: 1', "星.txt", "<b>.html"])
async def test_it_comes_as_it_is_and_no_browser_shows_it(call: Call, job: Any, name: str) -> None:
    content = os.urandom(3000)
    folder = Path(job["run_directory"], "sub folder")
    folder.mkdir()
    (folder / name).write_bytes(content)
    answer = await ask(call, job, f"sub folder/{name}")
    assert (answer.code, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X" not in answer.headers and answer.headers["Cache-Control"] == "no-store"


async def test_a_whole_log_comes_from_where_it_is(
    call: Call, submission: dict[str, Any], jp_root_dir: Path
) -> None:
    submission["spec"]["files"] = {"stdout_path": "logs/fit.out"}
    body, headers = submission, {"Idempotency-Key": KEY}
    job = answered(await call("POST", "jobs", body=body, headers=headers), "Job", 201)

    async def log() -> Any:
        return await call("GET", "jobs", job["id"], "log", "content")

    answer = await log()
    assert (answer.code, answer.body) == (200, b"")
    (jp_root_dir / "logs").mkdir()
    (jp_root_dir / "logs" / "fit.out").write_bytes(b"chi2\0")
    answer = await log()
    assert (answer.code, answer.body) == (200, b"chi2\0")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''fit.out"
    assert answer.headers["Content-Type"] == "application/octet-stream"


async def test_what_is_not_there_is_said(call: Call, job: Any) -> None:
    for path in ("nowhere", "../job.json", "/etc/passwd", ".", "job.json/x"):
        problem(await ask(call, job, path), 404, "not_found", "path")
    problem(await ask(call, job, "x" * 4097), 400, "bad_request", "path")
    problem(await call("GET", "jobs", job["id"], "files", "content"), 404, "not_found", "path")
    nobody = {"id": "0" * 26}
    problem(await ask(call, nobody, "job.json"), 404, "unknown_job")


@pytest.mark.parametrize("size", [0, 10, 2 * LARGE_BYTES])
async def test_one_that_changes_on_the_way_is_never_more_than_it_was(
    started: BatchExtension, job: Any, size: int
) -> None:
    """What it had when it was opened, or less; never a wait for what does not come."""
    path = Path(job["run_directory"], "other")
    path.touch()
    os.truncate(path, LARGE_BYTES)
    file = await started.service.downloads.open(job["id"], "other")
    received = 0
    async for piece in file.pieces():
        received += len(piece)
        os.truncate(path, size)
    file.close()
    assert received == LARGE_BYTES if size > LARGE_BYTES else received < LARGE_BYTES


@pytest.fixture
def large(job: Any) -> Path:
    path = Path(job["run_directory"], "large")
    path.touch()
    os.truncate(path, LARGE_BYTES)
    return path


def mistakes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]


async def test_one_that_is_truncated_on_the_way_breaks_off(
    raw: Raw,
    call: Call,
    job: Any,
    large: Path,
    jp_auth_header: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A browser calls that a failed download, and not a whole one."""
    with pytest.raises(HTTPClientError) as caught:
        await raw(
            "GET",
            f"jobs/{job['id']}/files/content?path=large",
            headers=jp_auth_header,
            streaming_callback=lambda _: os.truncate(large, 0),
        )
    assert caught.value.code == 599
    assert (await call("GET", "jobs")).code == 200
    assert mistakes(caplog) == []


@pytest.mark.usefixtures("large")
async def test_whoever_goes_away_in_the_middle_leaves_no_mistake_behind(
    call: Call,
    job: Any,
    jp_auth_header: dict[str, str],
    jp_http_port: int,
    jp_base_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = f"{jp_base_url}jupyterlab-batch/v1/jobs/{job['id']}/files/content?path=large"
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in jp_auth_header.items()]
    reader, writer = await asyncio.open_connection("127.0.0.1", jp_http_port)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    assert b" 200 " in await reader.readline()
    writer.transport.abort()
    for _ in range(3):
        assert (await call("GET", "jobs")).code == 200
    assert mistakes(caplog) == []
