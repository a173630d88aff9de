"""What a gateway says of many jobs is stored together, and each job stays one for itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

import pytest

from jupyterlab_batch.domain.generated import Phase
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.service import watch
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.gateway import FakeGateway
from tests.fakes.records import job_record
from tests.service.conftest import Make
from tests.service.waiting import becomes, eventually

WRITES = ("INSERT", "UPDATE", "DELETE")


async def waiting_jobs(service: BatchService, count: int) -> list[JobRecord]:
    """Put jobs that wait into the store of a service that has not started."""
    records = [job_record(phase="QUEUED", native_id=str(number)) for number in range(count)]
    store = Store(service.store.path)
    await asyncio.gather(*(store.begin(record, "digest") for record in records))
    await store.close()
    return records


def look(gateway: FakeGateway, records: Sequence[JobRecord], phase: Phase) -> None:
    """Let a gateway see all these jobs at once."""
    for record in records:
        assert record.native_id is not None
        gateway.see(Observation(native_id=record.native_id, phase=phase))


async def phases_of(service: BatchService, records: Sequence[JobRecord]) -> set[Phase]:
    return set((await service.store.phases([record.id for record in records])).values())


async def all_become(service: BatchService, records: Sequence[JobRecord], phase: Phase) -> None:
    for record in records:
        await becomes(service, record.id, lambda now: now.phase == phase)


async def test_a_thousand_changes_are_few_commits(
    make: Make, gateway: FakeGateway, statements: list[str]
) -> None:
    service = make()
    records = await waiting_jobs(service, 1000)
    await service.start()
    statements.clear()
    look(gateway, records, "COMPLETED")
    await eventually(lambda: not service.watcher.active)
    assert await phases_of(service, records) == {"COMPLETED"}
    assert statements.count("BEGIN IMMEDIATE") < 100


async def test_a_look_that_tells_nothing_new_writes_nothing(
    make: Make, gateway: FakeGateway, statements: list[str]
) -> None:
    service = make()
    *records, last = await waiting_jobs(service, 300)
    await service.start()
    statements.clear()
    look(gateway, records, "QUEUED")
    look(gateway, [last], "COMPLETED")
    await becomes(service, last.id, lambda now: now.phase == "COMPLETED")
    wrote = [one for one in statements if one.startswith("UPDATE jobs")]
    assert len(wrote) == 1
    assert statements.count("BEGIN IMMEDIATE") < 60


async def test_each_job_goes_its_way_in_order(make: Make, gateway: FakeGateway) -> None:
    service = make()
    records = await waiting_jobs(service, 30)
    await service.start()
    way: list[Phase] = ["HELD", "QUEUED", "EXECUTING", "SUSPENDED", "EXECUTING", "COMPLETED"]
    for phase in way:
        look(gateway, records, phase)
    await all_become(service, records, "COMPLETED")
    for record in records:
        happened = [event.phase for event in await service.store.events(record.id)]
        assert happened[-len(way) :] == way


async def test_a_mistake_in_what_is_said_of_one_job_loses_nothing_of_others(
    make: Make, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    service = make()
    first, wrong, last = await waiting_jobs(service, 3)
    await service.start()
    look(gateway, [first], "COMPLETED")
    gateway.see(Observation(native_id="1", phase="COMPLETED", attempt="two"))  # type: ignore[arg-type]  # an adapter may be a stranger's
    look(gateway, [last], "COMPLETED")
    await all_become(service, [first, last], "COMPLETED")
    await eventually(lambda: "attempt='two'" in caplog.text)
    assert await phases_of(service, [wrong]) == {"QUEUED"}
    look(gateway, [wrong], "COMPLETED")
    await all_become(service, [wrong], "COMPLETED")


async def test_what_the_store_cannot_take_waits_and_is_said_once(
    make: Make,
    gateway: FakeGateway,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(watch, "_FIRST_PAUSE_SECONDS", 0.01)
    service = make()
    records = await waiting_jobs(service, 60)
    bad, good = records[20:40], records[:20] + records[40:]
    await service.start()
    names = ", ".join(f"'{record.id}'" for record in bad)
    with sqlite3.connect(service.store.path) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON jobs"
            f" WHEN NEW.id IN ({names}) BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
    look(gateway, records, "EXECUTING")
    look(gateway, records, "COMPLETED")
    await all_become(service, good, "COMPLETED")
    await eventually(lambda: "not now" in caplog.text)
    assert await phases_of(service, bad) == {"QUEUED"}
    with sqlite3.connect(service.store.path) as connection:
        connection.execute("DROP TRIGGER refuse")
    await all_become(service, bad, "COMPLETED")
    assert caplog.text.count("not now") < len(bad)
    happened = [event.phase for event in await service.store.events(bad[0].id)]
    assert happened[-2:] == ["EXECUTING", "COMPLETED"]


async def test_a_server_that_stops_amid_a_look_leaves_the_rest_to_the_next(
    make: Make, gateway: FakeGateway
) -> None:
    first = make()
    records = await waiting_jobs(first, 500)
    await first.start()
    look(gateway, records, "COMPLETED")
    await becomes(first, records[0].id, lambda now: now.phase == "COMPLETED")
    await first.stop()
    second_gateway = FakeGateway(gateway_id="fake")
    second = make(second_gateway)
    await second.start()
    look(second_gateway, records, "COMPLETED")
    await eventually(lambda: not second.watcher.active)
    assert await phases_of(second, records) == {"COMPLETED"}
