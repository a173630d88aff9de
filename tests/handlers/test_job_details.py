"""What is told of one job: log, files, record and events, answered as the contract says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.observation import Observation
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import Call, submit
from tests.handlers.contract import answered, problem
from tests.service.waiting import becomes


async def test_log(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    content = b"\xff\x00<script>\x1b[31m\n"
    Path(job["run_directory"], "stderr.log").write_bytes(content)
    params = {"stream": "stderr", "offset": "-6", "limit": "4"}
    answer = await call("GET", "jobs", job["id"], "log", params=params)
    assert (answer.code, answer.body) == (200, content[-6:-2])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Batch-Log-Offset"] == str(len(content) - 6)
    assert answer.headers["Batch-Log-Size"] == str(len(content))
    again = await call(
        "GET", "jobs", job["id"], "log", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.code, again.body, again.headers["Batch-Log-Size"]) == (200, b"", "0")


async def test_find_in_a_log(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    Path(job["run_directory"], "stdout.log").write_bytes(b"one\nTwo\ntwo\nValueError: no\n")
    path = ("jobs", job["id"], "log", "find")
    params = {"q": "two", "limit": "5"}
    found = answered(await call("GET", *path, params=params), "LogMatches")
    assert [match["offset"] for match in found["matches"]] == [4, 8]
    params = {"q": "two", "direction": "previous", "offset": "8"}
    found = answered(await call("GET", *path, params=params), "LogMatches")
    assert (found["matches"], found["stopped_at"]) == ([{"offset": 4, "length": 3}], 4)
    error = answered(await call("GET", *path), "LogMatches")
    assert [match["offset"] for match in error["matches"]] == [18]


async def test_files(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    folder = Path(job["run_directory"], "tasks", "7")
    folder.mkdir(parents=True)
    (folder / "é.fits").write_bytes(b"12345")
    path = ("jobs", job["id"], "files")
    listed = answered(await call("GET", *path, params={"limit": "2"}), "JobFiles")
    assert listed["total"] == 5 and not listed["is_more"]
    assert [(one["name"], one["kind"]) for one in listed["files"]] == [
        ("tasks", "folder"),
        ("count.sh", "file"),
    ]
    rest = await call("GET", *path, params={"offset": "2"})
    assert len(answered(rest, "JobFiles")["files"]) == 3
    (only,) = answered(await call("GET", *path, params={"folder": "tasks/7"}), "JobFiles")["files"]
    assert (only["path"], only["size_bytes"]) == ("tasks/7/é.fits", 5)
    assert only["contents_path"] == f"{job['run_contents_path']}/tasks/7/é.fits"
    problem(await call("GET", "jobs", "0" * 26, "files"), 404, "unknown_job")
    for wrong in ("none", "/etc", "..", "tasks/..", "tasks//7", "a\0b", "tasks/"):
        answer = await call("GET", *path, params={"folder": wrong})
        problem(answer, 404, "not_found", "folder")
    answer = await call("GET", *path, params={"folder": "run.sh"})
    problem(answer, 422, "file_not_readable", "folder")


async def test_record(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    record = answered(await call("GET", "jobs", job["id"], "record"), "Record")
    assert (record["job"], record["code"], record["environment"]) == (job, None, None)
    problem(await call("GET", "jobs", "0" * 26, "record"), 404, "unknown_job")


async def test_events(
    call: Call, started: BatchExtension, gateway: FakeGateway, submission: dict[str, Any]
) -> None:
    job = await submit(call, submission)
    gateway.see(Observation(native_id="101", phase="ERROR", exit_code=1))
    await becomes(started.service, job["id"], lambda now: now.phase == "ERROR")
    told = answered(await call("GET", "jobs", job["id"], "events"), "JobEvents")
    phases = [event["phase"] for event in told["events"]]
    assert phases == ["PENDING", "QUEUED", "ERROR"]
    assert told["events"][-1]["reason"] == "exit_nonzero"
    record = answered(await call("GET", "jobs", job["id"], "record"), "Record")
    assert record["events"] == told["events"]
    problem(await call("GET", "jobs", "0" * 26, "events"), 404, "unknown_job")


async def test_a_file_is_downloaded(call: Call, submission: dict[str, Any]) -> None:
    job = await submit(call, submission)
    name, content = 'é"\n.html', b"<script>\xff\x00" * 200_000
    Path(job["run_directory"], "out").mkdir()
    Path(job["run_directory"], "out", name).write_bytes(content)
    path = ("jobs", job["id"], "files", "content")
    answer = await call("GET", *path, params={"path": f"out/{name}"})
    assert (answer.code, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = "attachment; filename*=UTF-8''%C3%A9%22%0A.html"
    assert answer.headers["Content-Disposition"] == disposition
    nobody = await call("GET", "jobs", "0" * 26, "files", "content", params={"path": "run.sh"})
    problem(nobody, 404, "unknown_job")
    for wrong in ("", "out", "none", "/etc/passwd", "../x", "out/../run.sh", "out//x", "a\0b"):
        answer = await call("GET", *path, params={"path": wrong})
        if wrong == "out":
            problem(answer, 422, "file_not_readable", "path")
        else:
            problem(answer, 404, "not_found", "path")
