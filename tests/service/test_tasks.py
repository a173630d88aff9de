"""Tasks of an array: listed, cancelled and resubmitted by their indices, each with its log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import ResubmitPatch
from jupyterlab_batch.domain.problems import NotFound, NotValid
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service.batch import BatchService
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.arrays import array, counts, task, tasks_of, tells
from tests.service.waiting import becomes, send

OTHER = "another-key-0123456789"


async def test_a_single_job_has_no_tasks(service: BatchService, asked: dict[str, Any]) -> None:
    record = await send(service, asked)
    assert record.to_row().array is None
    assert await tasks_of(service, record) == []
    assert (await service.task_listing.phases(record.id)).size == 0


@pytest.mark.parametrize(
    ("query", "indices"),
    [
        ({"sort": "index"}, [0, 1, 2, 3, 4]),
        ({"sort": "index", "descending": True}, [4, 3, 2, 1, 0]),
        ({"sort": "phase"}, [0, 3, 1, 2, 4]),
        ({"sort": "phase", "descending": True}, [4, 2, 1, 0, 3]),
        ({"sort": "memory"}, [0, 3, 1, 2, 4]),
        ({"sort": "memory", "descending": True}, [1, 3, 0, 2, 4]),
        ({"sort": "elapsed", "descending": True}, [3, 0, 1, 2, 4]),
        ({"sort": "elapsed"}, [0, 3, 1, 2, 4]),
        ({"sort": "memory", "descending": True, "offset": 2, "limit": 2}, [0, 2]),
        ({"sort": "memory", "phases": frozenset({"COMPLETED"})}, [0, 3]),
        ({"sort": "memory", "phases": frozenset({"ERROR", "QUEUED"})}, [1, 4]),
        ({"phases": frozenset({"EXECUTING", "QUEUED"}), "descending": True}, [4, 2]),
        ({"phases": frozenset({"HELD"})}, []),
    ],
)
async def test_tasks_are_chosen_and_sorted_and_what_is_not_known_comes_last(
    service: BatchService, gateway: FakeGateway, query: dict[str, Any], indices: list[int]
) -> None:
    record = await send(service, array(stop=4))
    seen = [
        task(record, 0, "COMPLETED", memory_peak_bytes=2**20, elapsed_seconds=5.0),
        task(record, 1, "ERROR", exit_code=1, memory_peak_bytes=2**22),
        task(record, 2, "EXECUTING"),
        task(record, 3, "COMPLETED", memory_peak_bytes=2**20, elapsed_seconds=9.0),
    ]
    record = await tells(service, gateway, record, "EXECUTING", *seen)
    assert [one.index for one in await tasks_of(service, record, **query)] == indices


async def test_parameters_of_each_task(service: BatchService) -> None:
    given = {
        "kind": "parameters",
        "mode": "product",
        "parameters": {"band": {"values": ["g", "r"]}, "seed": {"start": 1, "stop": 2}},
    }
    record = await send(service, submission(array=given))
    assert [one.parameters for one in await tasks_of(service, record)] == [
        {"band": "g", "seed": 1},
        {"band": "g", "seed": 2},
        {"band": "r", "seed": 1},
        {"band": "r", "seed": 2},
    ]


async def test_tasks_of_a_list_come_in_the_order_of_their_indices(service: BatchService) -> None:
    record = await send(service, submission(array={"kind": "list", "indices": [7, 2, 5]}))
    assert [one.index for one in await tasks_of(service, record)] == [2, 5, 7]


async def test_some_tasks_are_cancelled(service: BatchService, gateway: FakeGateway) -> None:
    record = await send(service, array())
    result = await service.actor.cancel_tasks(record.id, [1, 3])
    assert result.outcome == "ok"
    assert gateway.cancelled_tasks == [(record.native_id, [1, 3])]
    unknown = await service.actor.cancel_tasks(record.id, [1, 4])
    assert (unknown.outcome, unknown.message) == (
        "denied",
        "It has no task 4. Nothing was done.",
    )
    assert len(gateway.cancelled_tasks) == 1


async def test_all_tasks_together_are_the_job(service: BatchService, gateway: FakeGateway) -> None:
    record = await send(service, array())
    result = await service.actor.cancel_tasks(record.id, [0, 1, 2, 3])
    assert (result.outcome, gateway.cancelled_tasks) == ("ok", [])
    assert result.row.substate == "cancelling"


async def test_a_single_job_has_no_tasks_to_cancel(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    result = await service.actor.cancel_tasks(record.id, [0])
    assert (result.outcome, gateway.cancelled_tasks) == ("denied", [])


async def test_failed_tasks_are_resubmitted_with_their_indices(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array())
    failed = task(record, 2, "ERROR", exit_code=1)
    record = await tells(service, gateway, record, "ERROR", failed, reason="tasks_failed")
    taken = await service.resubmitter.resubmit(
        record.id, ResubmitPatch(task_indices=[2]), key=OTHER, anyway=False
    )
    assert [one.index for one in await tasks_of(service, taken.record)] == [2]
    assert counts(taken.record) == {"QUEUED": 1}


async def test_tasks_that_are_not_there_are_not_resubmitted(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array())
    record = await tells(service, gateway, record, "ERROR", reason="tasks_failed")
    with pytest.raises(NotValid) as caught:
        await service.resubmitter.resubmit(
            record.id, ResubmitPatch(task_indices=[9]), key=OTHER, anyway=False
        )
    assert caught.value.field == "spec.array.only"


async def test_tasks_of_a_single_job_are_not_resubmitted(
    service: BatchService, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    record = await send(service, asked)
    gateway.see(Observation(native_id=record.native_id or "", phase="ERROR", exit_code=1))
    await becomes(service, record.id, lambda now: now.phase == "ERROR")
    with pytest.raises(NotValid):
        await service.resubmitter.resubmit(
            record.id, ResubmitPatch(task_indices=[0]), key=OTHER, anyway=False
        )


async def test_the_log_of_a_task(service: BatchService) -> None:
    record = await send(service, array())
    folder = Path(record.run_directory, "tasks", "2")
    folder.mkdir(parents=True)
    folder.joinpath("stdout.log").write_text("two\n")
    log = await service.logs.read(record.id, "stdout", task=2, offset=0, limit=100)
    assert log.content == b"two\n"
    empty = await service.logs.read(record.id, "stdout", task=1, offset=0, limit=100)
    assert (empty.content, empty.size) == (b"", 0)
    for wrong in (None, 4):
        with pytest.raises(NotFound):
            await service.logs.read(record.id, "stdout", task=wrong, offset=0, limit=100)


async def test_the_log_of_a_task_is_in_no_linked_folder(service: BatchService) -> None:
    record = await send(service, array())
    elsewhere = Path(record.run_directory).parent / "elsewhere"
    elsewhere.mkdir()
    elsewhere.joinpath("stdout.log").write_text("secret\n")
    tasks = Path(record.run_directory, "tasks")
    tasks.mkdir()
    tasks.joinpath("0").symlink_to(elsewhere)
    with pytest.raises(Exception, match="log cannot be read"):
        await service.logs.read(record.id, "stdout", task=0, offset=0, limit=100)
