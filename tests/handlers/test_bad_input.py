"""Bad input, one by one: a clear problem at its field, and nothing lost or started."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.problems import GatewayRefused, GatewayUnreachable, NotSignedIn
from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.fakes.notebooks import write_notebook
from tests.fakes.submissions import resources
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered, conforms, problem
from tests.service.waiting import run_directories

NOTEBOOK = {"kind": "notebook", "path": "a.ipynb"}
SCRIPT = {"kind": "script", "path": "a.sh"}


@pytest.fixture
async def nothing_started(
    call: Call, started: BatchExtension, gateway: FakeGateway, jp_root_dir: Path
) -> AsyncIterator[None]:
    """Prove that nothing was sent or stored, and that the form is still there."""
    form = {"title": "Form", "content": {"name": "as typed"}}
    kept = answered(await call("PUT", "drafts", KEY, body=form), "Draft")
    yield
    assert gateway.launches == []
    assert run_directories(jp_root_dir) == []
    assert await started.service.store.active() == []
    assert await started.service.store.intent(KEY) is None
    assert answered(await call("GET", "drafts", KEY), "Draft") == kept


async def refused(call: Call, asked: dict[str, Any], code: str = "not_valid") -> Any:
    """Submit, and return the problem; check must say the same."""
    body = json.dumps(asked)
    answer = await call("POST", "jobs", body=body.encode(), headers={"Idempotency-Key": KEY})
    told = conforms(json.loads(answer.body), "Problem")
    assert (answer.code, told["code"]) == (422, code), told
    check = answered(await call("POST", "jobs", "check", body=body.encode()), "Check")
    assert check["issues"] == told["detail"]
    return told


def at(told: Any) -> list[tuple[str, str]]:
    return [(found["field"], found["code"]) for found in told["detail"]]


@pytest.mark.usefixtures("nothing_started")
class TestFiles:
    async def test_a_notebook_that_is_missing(self, call: Call) -> None:
        told = await refused(call, command(task=NOTEBOOK))
        assert at(told) == [("spec.task.path", "not_found")]
        assert told["field"] == "spec.task.path"

    async def test_a_notebook_that_is_no_file(self, call: Call, jp_root_dir: Path) -> None:
        (jp_root_dir / "a.ipynb").mkdir()
        assert at(await refused(call, command(task=NOTEBOOK))) == [("spec.task.path", "not_a_file")]

    @pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"cells": 1}'])
    async def test_a_notebook_that_is_none(self, call: Call, jp_root_dir: Path, text: str) -> None:
        (jp_root_dir / "a.ipynb").write_text(text)
        told = await refused(call, command(task=NOTEBOOK))
        assert at(told) == [("spec.task.path", "not_a_notebook")]

    async def test_a_kernel_that_is_unknown(self, call: Call, jp_root_dir: Path) -> None:
        write_notebook(jp_root_dir / "a.ipynb", kernel="fortran")
        told = await refused(call, command(task=NOTEBOOK))
        assert at(told) == [("spec.task.kernel_name", "unknown_kernel")]

    @pytest.mark.parametrize("folder", ["none", "/proc/none", "a.sh"])
    async def test_a_working_directory_that_is_none(
        self, call: Call, jp_root_dir: Path, folder: str
    ) -> None:
        (jp_root_dir / "a.sh").touch()
        told = await refused(call, command(files={"working_directory": folder}))
        assert at(told) == [("spec.files.working_directory", "not_found")]

    async def test_a_script_that_was_deleted_since_the_form_was_opened(
        self, call: Call, jp_root_dir: Path
    ) -> None:
        script = jp_root_dir / "a.sh"
        script.touch()
        body = command(task=SCRIPT)
        answer = await call("POST", "jobs", "check", body=body)
        assert answered(answer, "Check")["issues"] == []
        script.unlink()
        assert at(await refused(call, body)) == [("spec.task.path", "not_found")]


@pytest.mark.usefixtures("nothing_started")
class TestNumbers:
    @pytest.mark.parametrize("name", ["cores", "memory_bytes", "walltime_seconds"])
    @pytest.mark.parametrize("value", [0, -1, float("nan"), 10**30, 10**400, float("inf")], ids=str)
    async def test_what_no_machine_has(self, call: Call, name: str, value: float) -> None:
        told = await refused(call, command(resources=resources(**{name: value})))
        assert at(told) == [(f"spec.resources.{name}", "out_of_range")]

    async def test_more_than_the_machine_has(self, call: Call, gateway: FakeGateway) -> None:
        field = "spec.resources.cores"
        gateway.issues = [issue(field, "over_machine", "This machine has 8 cores.", limit=8)]
        told = await refused(call, command(resources=resources(cores=9)))
        assert at(told) == [(field, "over_machine")]
        assert told["detail"][0]["limit"] == 8

    async def test_more_than_the_queue_has_is_a_warning(
        self, call: Call, gateway: FakeGateway
    ) -> None:
        field = "spec.resources.walltime_seconds"
        gateway.issues = [issue(field, "over_queue", "One hour.", limit=3600, warning=True)]
        told = await refused(call, command(), "warnings")
        assert (told["field"], told["detail"][0]["severity"]) == (field, "warning")


async def test_submit_anyway_then_the_schedulers_own_refusal_at_the_field(
    call: Call, gateway: FakeGateway, jp_root_dir: Path
) -> None:
    field = "spec.resources.walltime_seconds"
    gateway.issues = [issue(field, "over_queue", "One hour.", limit=3600, warning=True)]
    refusal = GatewayRefused("Requested time limit is invalid.", field=field, gateway_id="fake")
    gateway.submit_errors.append(refusal)
    options = {"params": {"anyway": "true"}, "headers": {"Idempotency-Key": KEY}}
    answer = await call("POST", "jobs", body=command(), **options)
    told = problem(answer, 422, "gateway_refused", field)
    assert told["gateway_id"] == "fake" and "time limit" in told["message"]
    assert run_directories(jp_root_dir) == []
    answered(await call("POST", "jobs", body=command(), **options), "Job", 201)


@pytest.mark.usefixtures("nothing_started")
class TestNames:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("", "required"),
            ("x" * 10**6, "too_long"),
            ("a\n#SBATCH -p evil", "control_character"),
            ("a\x1b[31m", "control_character"),
            ("\u202egnp.exe", "control_character"),
        ],
        ids=["empty", "1 MB", "line break", "escape", "right to left"],
    )
    async def test_a_name_that_is_refused(self, call: Call, name: str, code: str) -> None:
        assert at(await refused(call, command(name=name))) == [("spec.name", code)]

    async def test_a_name_of_10_mb(self, call: Call) -> None:
        headers = {"Idempotency-Key": KEY}
        answer = await call("POST", "jobs", body=command(name="x" * 10**7), headers=headers)
        problem(answer, 413, "too_large")

    async def test_half_a_character(self, call: Call) -> None:
        assert at(await refused(call, command(name="\ud83d"))) == [("spec.name", "wrong_type")]


@pytest.mark.parametrize("name", ["🔭", "../x", "$(id)", "`id`", "-p evil", "%2e%2e", ".", ".."])
async def test_a_name_that_is_only_a_name(
    call: Call, gateway: FakeGateway, jp_root_dir: Path, name: str
) -> None:
    headers = {"Idempotency-Key": KEY}
    answer = await call("POST", "jobs", body=command(name=name), headers=headers)
    job = answered(answer, "Job", 201)
    assert job["name"] == name
    (directory,) = run_directories(jp_root_dir)
    assert Path(job["run_directory"]) == directory.resolve()
    assert name not in directory.name or name == "."
    assert len(gateway.launches) == 1


@pytest.mark.usefixtures("nothing_started")
class TestFields:
    async def test_unknown_fields(self, call: Call) -> None:
        asked = {**command(cpus=4), "colour": "red"}
        told = await refused(call, asked)
        assert set(at(told)) == {("colour", "unknown_field"), ("spec.cpus", "unknown_field")}

    async def test_an_unknown_gateway(self, call: Call) -> None:
        told = await refused(call, {**command(), "gateway_id": "nowhere"})
        assert at(told) == [("gateway_id", "unknown_gateway")]

    @pytest.mark.parametrize("error", [GatewayUnreachable, NotSignedIn])
    async def test_a_batch_system_that_is_away(
        self, call: Call, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, error: Any
    ) -> None:
        async def fail(_: Any) -> Any:
            raise error("It is away. Your form is kept.", gateway_id="fake", retry_after_seconds=5)

        monkeypatch.setattr(gateway, "check", fail)
        answer = await call("POST", "jobs", body=command(), headers={"Idempotency-Key": KEY})
        told = problem(answer, 503, error.code)
        assert (told["gateway_id"], answer.headers["Retry-After"]) == ("fake", "5")


@pytest.mark.parametrize("what", ["fifo", "link", "folder"])
async def test_a_log_that_is_none(
    call: Call, submission: dict[str, Any], tmp_path: Path, what: str
) -> None:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = answered(answer, "Job", 201)
    log = Path(job["run_directory"], "stdout.log")
    if what == "fifo":
        os.mkfifo(log)
    elif what == "link":
        (tmp_path / "secret").write_text("a secret")
        log.symlink_to(tmp_path / "secret")
    else:
        log.mkdir()
    told = problem(await call("GET", "jobs", job["id"], "log"), 422, "log_not_readable")
    assert "secret" not in told["message"]


async def test_a_log_that_is_truncated_while_it_is_followed(
    call: Call, submission: dict[str, Any]
) -> None:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = answered(answer, "Job", 201)
    log = Path(job["run_directory"], "stdout.log")
    log.write_text("one line that is long\n")
    before = await call("GET", "jobs", job["id"], "log")
    log.write_text("new\n")
    offset = before.headers["Batch-Log-Size"]
    after = await call("GET", "jobs", job["id"], "log", params={"offset": offset})
    assert (after.body, after.headers["Batch-Log-Size"]) == (b"", "4")
    assert after.headers["ETag"] != before.headers["ETag"]
