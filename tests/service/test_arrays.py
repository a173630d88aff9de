"""Arrays: many tasks, one job; what becomes of both by what a gateway and folders say."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

from jupyterlab_batch.gateways.observation import Gone, Observation
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from tests.fakes.gateway import FakeGateway
from tests.service.arrays import array, counts, over, task, tasks_of, tells, write_task
from tests.service.conftest import Make
from tests.service.evidence import claim
from tests.service.waiting import becomes, run_directories, send


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


async def test_outputs_of_an_array_are_counted_when_it_is_over(
    service: BatchService, gateway: FakeGateway, root: Path
) -> None:
    given = array()
    given["spec"]["files"] = {"outputs": ["maps/*/best.fits", "log.txt", "none.txt"]}
    record = await send(service, given)
    for index in range(3):
        (root / "maps" / str(index)).mkdir(parents=True)
        (root / "maps" / str(index) / "best.fits").touch()
    (root / "log.txt").touch()
    record = await tells(service, gateway, record, "EXECUTING", task(record, 0, "EXECUTING"))
    assert record.outputs_count == 0
    ends = [task(record, index, "COMPLETED", exit_code=0) for index in range(4)]
    record = await tells(service, gateway, record, "COMPLETED", *ends)
    assert (record.outputs_count, record.to_row().outputs_count) == (4, 4)


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


async def test_a_task_that_ended_long_before_it_was_killed_makes_no_array_fail(
    service: BatchService, gateway: FakeGateway
) -> None:
    record = await send(service, array(0, 1))
    ended_at = datetime.now(timezone.utc)
    ends = {"started_at": ended_at, "ended_at": ended_at + timedelta(hours=1)}
    for index in range(2):
        write_task(record, index, ended_at=over(), exit_code=0)
    killed = task(record, 1, "ERROR", reason="walltime", **ends)
    tasks = (task(record, 0, "COMPLETED", exit_code=0), killed)
    record = await tells(service, gateway, record, "ERROR", *tasks, reason="tasks_failed")
    assert (record.phase, record.reason) == ("COMPLETED", None)
    assert counts(record) == {"COMPLETED": 2}


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
    claim(record, str(record.native_id))
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
    claim(record, str(record.native_id))
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
    late = task(
        record, 1, "COMPLETED", cpu_seconds=2.0, memory_peak_bytes=2**20, is_usage_partial=True
    )
    record = await tells(service, gateway, record, "COMPLETED", late)
    assert (record.phase, record.cpu_seconds, record.memory_peak_bytes) == ("COMPLETED", 2.0, 2**20)
    used = [one.usage for one in await tasks_of(service, record)]
    assert [(one.cpu_seconds, one.is_partial) for one in used] == [(None, False), (2.0, True)]
    assert (await service.listing.job(record.id)).usage.is_partial


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


async def test_an_array_comes_back_from_its_run_directory(
    make: Make, gateway: FakeGateway, root: Path
) -> None:
    first = make()
    await first.start()
    record = await send(first, array(0, 3))
    claim(record, str(record.native_id))
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
