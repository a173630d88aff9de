"""Check says all that submit would say, shows what submit would send, and does nothing."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import Check, Cost, JobSpec, Similar
from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.gateways.charge import Charge
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.check import cost_of
from jupyterlab_batch.store.jobs import Change
from jupyterlab_batch.store.tasks import TaskRecord
from tests.fakes.allocations import core_hours
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import resources, submission
from tests.service.waiting import run_directories, send


def to(**fields: Any) -> Change:
    return lambda _: fields


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
    ("outputs", "issues"),
    [
        (["a.txt", "b\0"], {("spec.files.outputs[1]", "control_character")}),
        (["x" * 10**6], {("spec.files.outputs[0]", "too_long")}),
        (["a.txt"] * 21, {("spec.files.outputs", "too_long")}),
        ("a.txt", {("spec.files.outputs", "wrong_type")}),
    ],
)
async def test_names_of_outputs(
    service: BatchService, outputs: object, issues: set[tuple[str, str]]
) -> None:
    assert found(await service.checker.check(submission(files={"outputs": outputs}))) == issues


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


@pytest.mark.parametrize(
    ("tags", "field", "code"),
    [
        ({"a b": ""}, "spec.tags.a b", "bad_tag"),
        ({"a=b": ""}, "spec.tags.a=b", "bad_tag"),
        ({"a\nb": ""}, "spec.tags.a\nb", "bad_tag"),
        ({"": "x"}, "spec.tags.", "required"),
        ({"a": "x" * 41}, "spec.tags.a", "too_long"),
        ({"a" * 10**6: ""}, f"spec.tags.{'a' * 40}", "too_long"),
        ({"a": "x\u202ey"}, "spec.tags.a", "control_character"),
        ({f"tag{n}": "" for n in range(11)}, "spec.tags", "too_long"),
    ],
)
async def test_tags_that_are_none_are_told(
    service: BatchService, tags: dict[str, str], field: str, code: str
) -> None:
    assert (field, code) in found(await service.checker.check(submission(tags=tags)))


async def test_what_the_same_file_used_before_is_told(service: BatchService, root: Path) -> None:
    (root / "count.sh").write_text("true\n")
    asked = submission(task={"kind": "script", "path": "count.sh"})
    assert (await service.checker.check(asked)).similar is None
    used = [(100.5, 2**20), (90.0, 2**30), (None, None)]
    for seconds, memory in used:
        record = await send(service, asked, secrets.token_hex(16))
        fields = {"elapsed_seconds": seconds, "memory_peak_bytes": memory}
        await service.store.update(record.id, to(phase="COMPLETED", **fields))
    failed = await send(service, asked, secrets.token_hex(16))
    await service.store.update(failed.id, to(phase="ERROR", elapsed_seconds=9e9))
    similar = Similar(jobs=3, max_elapsed_seconds=100.5, max_memory_bytes=2**30)
    for path in ("count.sh", str(root / "count.sh")):
        again = submission(task={"kind": "script", "path": path})
        assert (await service.checker.check(again)).similar == similar
    other = submission(task={"kind": "script", "path": "other.sh"})
    assert (await service.checker.check(other)).similar is None


async def test_commands_are_alike_by_name_and_an_array_tells_of_its_tasks(
    service: BatchService,
) -> None:
    asked = submission(array={"kind": "index", "start": 0, "stop": 2})
    record = await send(service, asked)
    tasks = [TaskRecord(index=n, phase="COMPLETED", elapsed_seconds=10.0 * n) for n in range(3)]
    await service.store.update_array(
        record.id, [], lambda _: tasks, lambda _, __: {"phase": "COMPLETED", "elapsed_seconds": 999}
    )
    similar = (await service.checker.check(submission())).similar
    assert similar is not None
    assert (similar.jobs, similar.max_elapsed_seconds) == (1, 20.0)
    assert (await service.checker.check(submission(name="Other"))).similar is None


async def test_what_it_costs_and_what_is_left_is_told(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    assert (await service.checker.check(asked)).cost is None
    limits = [core_hours(), core_hours(used=None)]
    gateway.charges = Charge(at_most=8.0, unit="core_hours", left=core_hours(), limits=limits)
    check = await service.checker.check(asked)
    assert check.cost == Cost(likely=None, at_most=8.0, unit="core_hours")
    assert check.allocation_left is not None and check.allocation_left.granted == 100.0
    assert check.limits == limits
    gateway.charges = RuntimeError("a stranger's mistake")
    check = await service.checker.check(asked)
    assert (check.cost, check.allocation_left, check.limits) == (None, None, [])
    assert check.issues == []


@pytest.mark.parametrize(("elapsed", "likely"), [(450.0, 4.0), (5000.0, 8.0), (None, None)])
def test_what_is_likely_is_judged_by_those_before(
    elapsed: float | None, likely: float | None
) -> None:
    similar = Similar(jobs=3, max_elapsed_seconds=elapsed, max_memory_bytes=None)
    spec = msgspec.convert(submission(resources=resources(walltime_seconds=900))["spec"], JobSpec)
    charge = Charge(at_most=8.0, unit="core_hours", left=None)
    assert cost_of(spec, charge, similar) == Cost(likely=likely, at_most=8.0, unit="core_hours")
