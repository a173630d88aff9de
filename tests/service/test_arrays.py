"""Arrays: many tasks, one job; what becomes of both by what a gateway and folders say."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.generated import Phase, ResubmitPatch, Task
from jupyterlab_batch.domain.problems import NotFound, NotValid
from jupyterlab_batch.gateways.base import Gone, Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.listtasks import TaskQuery
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import Make
from tests.service.waiting import becomes, run_directories, send

OTHER = "another-key-0123456789"


def array(start: int = 0, stop: int = 3, **more: Any) -> dict[str, Any]:
    return submission(array={"kind": "index", "start": start, "stop": stop, **more})


def task(record: JobRecord, index: int, phase: Phase, **seen: Any) -> Observation:
    native_id = f"{record.native_id}_{index}"
    return Observation(native_id=native_id, index=index, phase=phase, **seen)


async def tells(
    service: BatchService,
    gateway: FakeGateway,
    record: JobRecord,
    phase: Phase,
    *tasks: Observation,
    **seen: Any,
) -> JobRecord:
    """Let the gateway say something of an array, and return it when it was taken in."""
    before = await service.store.get(record.id)
    assert before is not None and record.native_id is not None
    gateway.see(Observation(native_id=record.native_id, phase=phase, tasks=tasks, **seen))
    return await becomes(service, record.id, lambda now: now.revision > before.revision)


def counts(record: JobRecord) -> dict[str, int]:
    row = record.to_row()
    assert row.array is not None and row.array.size == sum(row.array.by_phase.values())
    return row.array.by_phase


async def tasks_of(service: BatchService, record: JobRecord, **query: Any) -> list[Task]:
    return (await service.task_listing.tasks(record.id, TaskQuery(**query))).tasks


def write_task(record: JobRecord, index: int, native_id: str | None = None, **told: Any) -> None:
    """Write what the wrapper of a task does."""
    folder = Path(record.run_directory, "tasks", str(index))
    folder.mkdir(parents=True)
    content = {
        "nonce": record.nonce,
        "native_id": native_id or f"{record.native_id}_{index}",
        "attempt": 1,
        "host": "node1",
        "pid": 1,
        "started_at": datetime.now(timezone.utc).isoformat(),
        "ended_at": None,
        "exit_code": None,
        **told,
    }
    folder.joinpath("wrapper.json").write_text(json.dumps(content))


def over() -> str:
    return datetime.now(timezone.utc).isoformat()


def claim(record: JobRecord) -> None:
    content = {
        "nonce": record.nonce,
        "key": record.key,
        "native_id": record.native_id,
        "restart_count": 0,
    }
    Path(record.run_directory, "claim").write_text(json.dumps(content))


async def test_an_array_that_waits_is_one_row(service: BatchService) -> None:
    record = await send(service, array(0, 999))
    assert counts(record) == {"QUEUED": 1000}
    phases = await service.task_listing.phases(record.id)
    assert [(run.phase, run.count) for run in phases.runs] == [("QUEUED", 1000)]
    last = await tasks_of(service, record, offset=998)
    assert [(one.index, one.phase, one.native_id) for one in last] == [
        (998, "QUEUED", None),
        (999, "QUEUED", None),
    ]


async def test_a_single_job_has_no_tasks(service: BatchService, asked: dict[str, Any]) -> None:
    record = await send(service, asked)
    assert record.to_row().array is None
    assert await tasks_of(service, record) == []
    assert (await service.task_listing.phases(record.id)).size == 0


async def test_an_array_is_followed_to_its_end(service: BatchService, gateway: FakeGateway) -> None:
    record = await send(service, array())
    record = await tells(service, gateway, record, "EXECUTING", task(record, 0, "EXECUTING"))
    assert counts(record) == {"EXECUTING": 1, "QUEUED": 3}
    ends = [task(record, index, "COMPLETED", exit_code=0) for index in range(4)]
    record = await tells(service, gateway, record, "EXECUTING", *ends[:2])
    assert counts(record) == {"COMPLETED": 2, "QUEUED": 2}
    record = await tells(service, gateway, record, "COMPLETED", *ends)
    assert counts(record) == {"COMPLETED": 4}
    assert service.watcher.active == []


async def test_failed_tasks_say_why_each(service: BatchService, gateway: FakeGateway) -> None:
    record = await send(service, array())
    seen = [
        task(record, 0, "COMPLETED", exit_code=0, cpu_seconds=2.0, memory_peak_bytes=2**20),
        task(record, 1, "ERROR", exit_code=3, cpu_seconds=1.0, memory_peak_bytes=2**22),
        task(record, 2, "ERROR", reason="walltime", reason_text="It took more than 60 s."),
        task(record, 3, "COMPLETED", exit_code=0),
    ]
    text = "2 of 4 tasks failed."
    record = await tells(
        service, gateway, record, "ERROR", *seen, reason="tasks_failed", reason_text=text
    )
    assert (record.reason, record.reason_text) == ("tasks_failed", text)
    assert (record.cpu_seconds, record.memory_peak_bytes) == (3.0, 2**22)
    failed = await tasks_of(service, record, phases=frozenset({"ERROR"}))
    assert [(one.index, one.reason, one.exit_code) for one in failed] == [
        (1, "exit_nonzero", 3),
        (2, "walltime", None),
    ]


@pytest.mark.parametrize(
    ("query", "indices"),
    [
        ({"sort": "index"}, [0, 1, 2, 3, 4]),
        ({"sort": "index", "descending": True}, [4, 3, 2, 1, 0]),
        ({"sort": "phase"}, [0, 3, 1, 2, 4]),
        ({"sort": "phase", "descending": True}, [4, 2, 1, 0, 3]),
        ({"sort": "memory"}, [0, 3, 1, 2, 4]),
        ({"sort": "memory", "descending": True}, [1, 0, 3, 2, 4]),
        ({"sort": "elapsed", "descending": True}, [3, 0, 1, 2, 4]),
        ({"sort": "elapsed"}, [0, 3, 1, 2, 4]),
        ({"sort": "memory", "descending": True, "offset": 2, "limit": 2}, [3, 2]),
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


async def test_a_notebook_that_failed_with_exit_0_makes_its_array_fail(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array())
    for index in range(4):
        write_task(record, index, ended_at=over(), exit_code=0)
    told = {
        "nonce": record.nonce,
        "done": 1,
        "total": 2,
        "text": "cell 1 of 2",
        "cell": 2,
        "heartbeat_at": over(),
        "outcome": {"kind": "cell_error", "ename": "ValueError", "evalue": "no data", "cell": 2},
    }
    progress = Path(record.run_directory, "tasks", "2", "progress.json")
    progress.write_text(json.dumps(told))
    ends = [task(record, index, "COMPLETED", exit_code=0) for index in range(4)]
    record = await tells(service, gateway, record, "COMPLETED", *ends)
    assert (record.phase, record.reason) == ("ERROR", "tasks_failed")
    (failed,) = await tasks_of(service, record, phases=frozenset({"ERROR"}))
    assert (failed.index, failed.reason) == (2, "cell_error")
    assert failed.reason_text == "ValueError: no data in cell 2"


async def test_tasks_that_never_ran_are_cancelled_with_their_array(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array())
    failed = task(record, 0, "ERROR", exit_code=1)
    record = await tells(service, gateway, record, "ERROR", failed, reason="tasks_failed")
    assert counts(record) == {"ERROR": 1, "ABORTED": 3}
    (first, *_) = await tasks_of(service, record, phases=frozenset({"ABORTED"}))
    assert (first.index, first.reason) == (1, "cancelled_by_user")


async def test_a_task_that_is_over_stays_so_whatever_comes_late(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array())
    record = await tells(
        service, gateway, record, "EXECUTING", task(record, 1, "COMPLETED", exit_code=0)
    )
    late = task(record, 1, "EXECUTING"), task(record, 2, "EXECUTING")
    record = await tells(service, gateway, record, "EXECUTING", *late)
    assert counts(record) == {"COMPLETED": 1, "EXECUTING": 1, "QUEUED": 2}


async def test_an_array_that_nobody_knows_any_more_is_told_by_its_folders(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 1))
    claim(record)
    write_task(record, 0, ended_at=over(), exit_code=0)
    write_task(record, 1, ended_at=over(), exit_code=2)
    gateway.see(Gone(native_id=record.native_id or ""))
    record = await becomes(service, record.id, lambda now: now.phase == "ERROR")
    assert (record.reason, record.reason_text) == ("tasks_failed", "1 of 2 tasks failed.")
    assert counts(record) == {"COMPLETED": 1, "ERROR": 1}


async def test_an_array_that_is_gone_with_tasks_that_never_ended_is_unknown(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 2))
    claim(record)
    write_task(record, 0, ended_at=over(), exit_code=0)
    write_task(record, 1)
    gateway.see(Gone(native_id=record.native_id or ""))
    record = await becomes(service, record.id, lambda now: now.phase == "UNKNOWN")
    assert record.reason == "lost"
    assert counts(record)["COMPLETED"] == 1


async def test_an_array_that_is_gone_without_a_claim_is_lost(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 2))
    gateway.see(Gone(native_id=record.native_id or ""))
    record = await becomes(service, record.id, lambda now: now.phase == "ERROR")
    assert record.reason == "lost"
    assert counts(record) == {"ERROR": 3}


def lost(record: JobRecord, index: int) -> Observation:
    return task(record, index, "UNKNOWN", reason="lost", reason_text="Nobody knows it.")


async def test_what_became_of_tasks_that_nobody_knows_is_told_by_their_folders(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 4))
    write_task(record, 0, ended_at=over(), exit_code=0)
    write_task(record, 1, ended_at=over(), exit_code=3)
    write_task(record, 2)
    seen = [lost(record, index) for index in range(4)]
    last = task(record, 4, "EXECUTING")
    record = await tells(service, gateway, record, "EXECUTING", *seen, last)
    assert counts(record) == {
        **{"COMPLETED": 1, "ERROR": 1, "UNKNOWN": 1, "ABORTED": 1, "EXECUTING": 1}
    }
    (never,) = await tasks_of(service, record, phases=frozenset({"ABORTED"}))
    assert (never.index, never.reason_text) == (3, "Cancelled before it started.")
    record = await tells(service, gateway, record, "COMPLETED", task(record, 4, "COMPLETED"))
    assert (record.phase, record.reason_text) == ("ERROR", "2 of 5 tasks failed.")
    failed = await tasks_of(service, record, phases=frozenset({"ERROR"}))
    assert [(one.index, one.reason) for one in failed] == [(1, "exit_nonzero"), (2, "lost")]


async def test_an_array_of_which_tasks_were_cancelled_is_not_complete(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 1))
    record = await tells(service, gateway, record, "QUEUED", lost(record, 0))
    record = await tells(service, gateway, record, "COMPLETED", task(record, 1, "COMPLETED"))
    assert (record.phase, record.reason) == ("ABORTED", "cancelled_by_user")
    assert record.reason_text == "Cancelled; 1 of 2 tasks completed."


async def test_what_a_task_used_may_be_told_after_its_end(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 1))
    ends = [task(record, index, "COMPLETED", exit_code=0) for index in (0, 1)]
    record = await tells(service, gateway, record, "COMPLETED", *ends)
    late = task(record, 1, "COMPLETED", cpu_seconds=2.0, memory_peak_bytes=2**20)
    record = await tells(service, gateway, record, "COMPLETED", late)
    assert (record.phase, record.cpu_seconds, record.memory_peak_bytes) == ("COMPLETED", 2.0, 2**20)
    assert [one.usage.cpu_seconds for one in await tasks_of(service, record)] == [None, 2.0]


async def test_a_restart_of_the_machine_ends_what_ran_and_keeps_what_was_over(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 2))
    record = await tells(service, gateway, record, "EXECUTING", task(record, 1, "EXECUTING"))
    write_task(record, 0, ended_at=over(), exit_code=0)
    record = await tells(service, gateway, record, "ERROR", reason="node", reason_text="Restarted.")
    assert counts(record) == {"COMPLETED": 1, "ERROR": 2}
    (running, _) = await tasks_of(service, record, phases=frozenset({"ERROR"}))
    assert (running.index, running.reason, running.reason_text) == (1, "node", "Restarted.")


async def test_a_status_file_of_another_run_says_nothing(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 0))
    write_task(record, 0, native_id="99_0", ended_at=over(), exit_code=7)
    record = await tells(
        service, gateway, record, "COMPLETED", task(record, 0, "COMPLETED", exit_code=0)
    )
    assert (record.phase, counts(record)) == ("COMPLETED", {"COMPLETED": 1})


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


async def test_an_array_comes_back_from_its_run_directory(
    make: Make, gateway: FakeGateway, root: Path
) -> None:
    first = make()
    await first.start()
    record = await send(first, array(0, 3))
    claim(record)
    write_task(record, 0, ended_at=over(), exit_code=0)
    write_task(record, 1, ended_at=over(), exit_code=2)
    write_task(record, 2)
    await first.stop()
    first.store.path.unlink()
    second = make()
    await second.start()
    again = await second.store.get(record.id)
    assert again is not None and len(run_directories(root)) == 1
    assert (again.phase, again.native_id) == ("EXECUTING", record.native_id)
    assert counts(again) == {"COMPLETED": 1, "ERROR": 1, "EXECUTING": 1, "QUEUED": 1}


async def test_a_forgotten_array_leaves_no_tasks(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 0))
    ended = task(record, 0, "COMPLETED", exit_code=0)
    record = await tells(service, gateway, record, "COMPLETED", ended)
    await service.retention.forget(record.id)
    assert await service.store.task_phases(record.id) == {}
