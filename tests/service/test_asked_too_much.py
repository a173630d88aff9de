"""Arrays, GPUs and dependencies that cannot be: a clear error at the field, nothing submitted."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_batch.domain.problems import NotValid
from jupyterlab_batch.gateways.launch import AwaitedJob
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import resources, submission
from tests.service.conftest import KEY
from tests.service.waiting import run_directories, sees, send

OTHER = "another-key-0123456789"


def parameters(mode: str = "product", /, **given: Any) -> dict[str, Any]:
    return {"kind": "parameters", "mode": mode, "parameters": given}


def index(start: int, stop: int, **more: Any) -> dict[str, Any]:
    return {"kind": "index", "start": start, "stop": stop, **more}


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        (index(5, 4), "spec.array.stop", "out_of_range"),
        (index(-1, 4), "spec.array.start", "out_of_range"),
        (index(0, 4, step=0), "spec.array.step", "out_of_range"),
        (index(0, 4, max_running=0), "spec.array.max_running", "out_of_range"),
        (index(0, 4, only=[5]), "spec.array.only", "out_of_range"),
        (index(0, 1000), "spec.array", "out_of_range"),
        (index(0, 10**12), "spec.array", "out_of_range"),
        ({"kind": "list", "indices": []}, "spec.array", "out_of_range"),
        ({"kind": "list", "indices": [1, 1]}, "spec.array.indices", "out_of_range"),
        ({"kind": "list", "indices": [-1]}, "spec.array.indices", "out_of_range"),
        (parameters(), "spec.array.parameters", "required"),
        (parameters(a={}), "spec.array.parameters.a", "required"),
        (parameters(a={"values": [1], "start": 1}), "spec.array.parameters.a", "required"),
        (parameters(a={"values": []}), "spec.array", "out_of_range"),
        (
            parameters("zip", **{"a b": {"values": [1]}}),
            "spec.array.parameters.a b",
            "bad_variable_name",
        ),
        (parameters(index={"values": [1]}), "spec.array.parameters.index", "bad_variable_name"),
        (
            parameters(a={"values": [1]}, A={"values": [2]}),
            "spec.array.parameters.A",
            "bad_variable_name",
        ),
        (
            parameters("zip", a={"values": [1]}, b={"values": [1, 2]}),
            "spec.array.parameters",
            "out_of_range",
        ),
        (parameters(a={"values": ["\0"]}), "spec.array.parameters.a", "control_character"),
        (
            parameters(a={"values": list(range(400))}, b={"start": 1, "stop": 400}),
            "spec.array",
            "out_of_range",
        ),
    ],
)  # fmt: skip
async def test_an_array_that_cannot_be(
    service: BatchService, root: Any, given: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(NotValid) as caught:
        await send(service, submission(array=given))
    assert (field, code) in [(found.field_, found.code) for found in caught.value.detail]
    assert run_directories(root) == []


async def test_a_name_is_fixed_or_varies(service: BatchService) -> None:
    given = submission(
        task={"kind": "notebook", "path": "a.ipynb", "parameters": {"seed": 1}},
        array=parameters(seed={"values": [1, 2]}),
    )
    check = await service.checker.check(given)
    assert "spec.array.parameters.seed" in [found.field_ for found in check.issues]


async def test_tasks_do_not_share_an_output(service: BatchService) -> None:
    task = {"kind": "notebook", "path": "a.ipynb", "output_path": "out.ipynb"}
    check = await service.checker.check(submission(task=task, array=index(0, 3)))
    assert "spec.task.output_path" in [found.field_ for found in check.issues]
    task = {"kind": "notebook", "path": "a.ipynb", "output_path": "out-{index}.ipynb"}
    check = await service.checker.check(submission(task=task, array=index(0, 3)))
    assert "spec.task.output_path" not in [found.field_ for found in check.issues]


async def test_variables_of_our_own_are_not_taken(service: BatchService) -> None:
    variables = {"BATCH_TASK_INDEX": {"value": "5"}}
    check = await service.checker.check(
        submission(environment={"kind": "inherit", "variables": variables})
    )
    (found,) = check.issues
    assert (found.field_, found.code) == (
        "spec.environment.variables.BATCH_TASK_INDEX",
        "bad_variable_name",
    )


@pytest.mark.parametrize(("gpus", "code"), [(-1, "out_of_range"), (3, "over_machine")])
async def test_gpus_that_cannot_be(service: BatchService, gpus: int, code: str) -> None:
    check = await service.checker.check(submission(resources=resources(gpus=gpus)))
    (found,) = check.issues
    assert (found.field_, found.code) == ("spec.resources.gpus", code)


async def test_a_gateway_that_cannot_says_so(service: BatchService, gateway: FakeGateway) -> None:
    gateway.max_gpus = gateway.max_array_size = None
    gateway.dependencies = False
    given = submission(
        resources=resources(gpus=1),
        array=index(0, 3),
        depends_on=[{"job_id": "x", "when": "finished"}],
    )
    check = await service.checker.check(given)
    assert [(found.field_, found.code) for found in check.issues] == [
        ("spec.array", "not_supported"),
        ("spec.resources.gpus", "not_supported"),
        ("spec.depends_on", "not_supported"),
    ]


def after(job_id: str, when: str = "succeeded") -> dict[str, Any]:
    return submission(depends_on=[{"job_id": job_id, "when": when}])


async def test_a_job_waits_for_another(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = await send(service, asked)
    await send(service, after(first.id), OTHER)
    (awaited,) = gateway.launches[-1].awaited
    assert awaited == AwaitedJob(tag=first.tag, native_id=first.native_id or "", when="succeeded")


@pytest.mark.parametrize(
    ("phase", "when", "is_met"),
    [
        ("COMPLETED", "succeeded", True),
        ("COMPLETED", "finished", True),
        ("COMPLETED", "failed", False),
        ("ERROR", "succeeded", False),
        ("ERROR", "finished", True),
        ("ABORTED", "failed", True),
    ],
)
async def test_a_job_that_is_over_is_waited_for_no_more(
    service: BatchService,
    gateway: FakeGateway,
    asked: dict[str, Any],
    phase: str,
    when: str,
    is_met: bool,
) -> None:
    first = await send(service, asked)
    await sees(service, gateway, first, phase=phase, exit_code=0 if phase == "COMPLETED" else 1)
    if is_met:
        await send(service, after(first.id, when), OTHER)
        assert gateway.launches[-1].awaited == ()
    else:
        with pytest.raises(NotValid) as caught:
            await send(service, after(first.id, when), OTHER)
        (found,) = caught.value.detail
        assert (found.field_, found.code) == ("spec.depends_on[0].job_id", "never_starts")
        assert f"“{first.name}”" in found.message


async def test_a_job_that_nobody_has(service: BatchService) -> None:
    check = await service.checker.check(after("nobody"))
    (found,) = check.issues
    assert (found.field_, found.code) == ("spec.depends_on[0].job_id", "unknown_job")


async def test_a_job_that_is_not_confirmed_is_not_waited_for(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    gateway.submit_errors = [RuntimeError("a mistake of the adapter")]
    unknown = await send(service, asked, KEY)
    assert unknown.phase == "UNKNOWN"
    check = await service.checker.check(after(unknown.id))
    (found,) = check.issues
    assert found.code == "unknown_job" and "confirmed" in found.message
