"""Check says all that submit would say, shows what submit would send, and does nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Check
from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import resources, submission
from tests.service.waiting import run_directories, send


def found(check: Check) -> set[tuple[str, str]]:
    return {(one.field_, one.code) for one in check.issues}


async def test_the_preview_is_what_is_sent(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    (root / "count.sh").write_text("echo hello\n")
    asked = submission(task={"kind": "script", "path": "count.sh", "arguments": ["a b", "$(id)"]})
    check = await service.checker.check(asked)
    assert check.issues == [] and check.preview is not None
    record = await send(service, asked)
    (launch,) = gateway.launches
    previewed, sent = check.preview.script.splitlines(), launch.script_text.splitlines()
    differing = [line for line in previewed if line not in sent]
    assert len(previewed) == len(sent)
    for line in differing:
        assert "000000" in line, line
    assert record.name == "Count"


async def test_check_touches_nothing(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    before = await service.store.store_id(), list(root.iterdir())
    await service.checker.check(asked)
    assert (await service.store.store_id(), list(root.iterdir())) == before
    assert gateway.launches == [] and gateway.looked_up == []
    assert await service.store.active() == []


async def test_all_is_told_at_once_and_submit_tells_the_same(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    asked = submission(
        name="a\n#SBATCH -p evil",
        task={"kind": "script", "path": "none.sh"},
        resources=resources(cores=0, memory_bytes=-1),
        environment={"kind": "inherit", "variables": {"MY_TOKEN": {"value": "abc"}}},
        placement={"queue": "none", "account": "none"},
        files={"working_directory": "none"},
    )
    gateway.issues = [issue("spec.resources.walltime_seconds", "over_queue", "Long.", warning=True)]
    check = await service.checker.check(asked)
    assert found(check) == {
        ("spec.name", "control_character"),
        ("spec.task.path", "not_found"),
        ("spec.resources.cores", "out_of_range"),
        ("spec.resources.memory_bytes", "out_of_range"),
        ("spec.environment.variables.MY_TOKEN", "secret_literal"),
        ("spec.placement.queue", "unknown_queue"),
        ("spec.placement.account", "unknown_account"),
        ("spec.files.working_directory", "not_found"),
        ("spec.resources.walltime_seconds", "over_queue"),
    }
    assert check.preview is None
    with pytest.raises(NotValid) as caught:
        await send(service, asked)
    assert caught.value.detail == check.issues
    assert caught.value.field == check.issues[0].field_
    assert gateway.launches == [] and run_directories(root) == []


@pytest.mark.parametrize(
    ("variable", "issues"),
    [
        ({"value": ""}, set()),
        ({"value": "abc"}, {("", "secret_literal")}),
        ({"from_file": "token"}, set()),
        ({}, {("", "required")}),
        ({"value": "", "from_file": "token"}, {("", "required")}),
        ({"from_file": ""}, {(".from_file", "required")}),
        ({"from_file": "a\0b"}, {(".from_file", "control_character")}),
        ({"from_file": None}, {(".from_file", "wrong_type")}),
    ],
)
async def test_a_secret_is_read_from_a_file(
    service: BatchService, root: Path, variable: dict[str, Any], issues: set[tuple[str, str]]
) -> None:
    (root / "token").write_text("canary", encoding="utf-8")
    asked = submission(environment={"kind": "inherit", "variables": {"MY_TOKEN": variable}})
    check = await service.checker.check(asked)
    field = "spec.environment.variables.MY_TOKEN"
    assert found(check) == {(field + inner, code) for inner, code in issues}
    assert "canary" not in str(check)


async def test_a_warning_leaves_the_preview(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.issues = [issue("spec.resources.cores", "over_queue", "Many.", warning=True)]
    check = await service.checker.check(asked)
    assert check.preview is not None and len(check.issues) == 1


async def test_an_unknown_gateway_is_told_with_the_rest(service: BatchService) -> None:
    asked = {**submission(name=""), "gateway_id": "nowhere"}
    check = await service.checker.check(asked)
    assert found(check) == {("gateway_id", "unknown_gateway"), ("spec.name", "required")}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "required"),
        (" \t ", "required"),
        ("x" * 201, "too_long"),
        ("x" * 10**7, "too_long"),
        ("a\n#SBATCH -p evil", "control_character"),
        ("a\0b", "control_character"),
        ("a\x1b[31m", "control_character"),
        ("a\x85b", "control_character"),
        ("a\u2028b", "control_character"),
        ("\u202etxt.sh", "control_character"),
        ("\u2066a\u2069", "control_character"),
        ("x" * 200, None),
        ("../x", None),
        ("$(id)", None),
        ("; rm -rf /", None),
        ("-rf", None),
        ("NGC 1068 🔭 \u0645\u062c\u0631\u0629", None),
        ("👩\u200d🚀", None),
        ("x" * 100 + "🔭" * 100, None),
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_names(
    service: BatchService, gateway: FakeGateway, root: Path, name: str, code: str | None
) -> None:
    asked = submission(name=name)
    check = await service.checker.check(asked)
    if code is not None:
        assert ("spec.name", code) in found(check)
        return
    assert check.issues == []
    record = await send(service, asked)
    assert record.name == name
    (directory,) = run_directories(root)
    assert directory.parent == root / "batch-jobs"
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", directory.name)


@pytest.mark.parametrize(
    ("task", "field", "code"),
    [
        ({"kind": "command", "argv": []}, "spec.task.argv", "required"),
        ({"kind": "command", "argv": [""]}, "spec.task.argv", "required"),
        ({"kind": "command", "argv": ["a", "b\0"]}, "spec.task.argv[1]", "control_character"),
        ({"kind": "command", "argv": ["a", "x" * 100_001]}, "spec.task.argv[1]", "too_long"),
        ({"kind": "script", "path": ""}, "spec.task.path", "required"),
        ({"kind": "notebook", "path": ""}, "spec.task.path", "required"),
        ({"kind": "script", "path": "a\0b"}, "spec.task.path", "control_character"),
        (
            {"kind": "script", "path": "/bin/sh", "interpreter": "a\0"},
            "spec.task.interpreter",
            "control_character",
        ),
    ],
)
async def test_tasks(service: BatchService, task: dict[str, Any], field: str, code: str) -> None:
    assert (field, code) in found(await service.checker.check(submission(task=task)))
