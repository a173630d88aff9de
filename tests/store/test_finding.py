"""Which jobs a list shows, in which order, and that it looks at no more than it must."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from jupyterlab_batch.domain.asked import tags_of
from jupyterlab_batch.domain.generated import JobSort
from jupyterlab_batch.store import jobs
from jupyterlab_batch.store.finding import ORDERS, JobFilter, Order, counting, finding
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store
from tests.fakes.records import START, job_record

PHASES = ("QUEUED", "EXECUTING", "COMPLETED", "ERROR")
FILTERS = (
    JobFilter(),
    JobFilter(q="lens B"),
    JobFilter(phases=("ERROR",)),
    JobFilter(tags=("band=r",), q="lens"),
    JobFilter(phases=("ERROR", "QUEUED"), gateway_ids=("slurm", "fake"), q="night"),
    JobFilter(group="finished"),
    JobFilter(group="running", gateway_ids=("slurm",)),
)
EVERY_ORDER = [
    Order(sort=sort, descending=descending) for sort in ORDERS for descending in (True, False)
]


def a_job(number: int) -> JobRecord:
    """Return one job of many that differ in all by which they are found."""
    record = job_record(
        name=("Lens A", "lens b", "night")[number % 3],
        gateway_id=("fake", "slurm", "other")[number % 5 % 3],
        phase=PHASES[number % 4],
        seen=number % 8 == 3,
        queue=(None, "long", "short")[number % 7 % 3],
        ended_at=START if number % 4 > 1 else None,
        cores=1 + number % 6,
        memory_bytes=2**20 * (1 + number % 9),
    )
    tagged = msgspec.structs.replace(record.spec, tags={"band": "gri"[number % 3]})
    return replace(record, spec=tagged)


@pytest.fixture
async def records(store: Store) -> list[JobRecord]:
    """Jobs of all kinds."""
    return await asyncio.gather(*(add(store, a_job(number)) for number in range(60)))


async def add(store: Store, record: JobRecord) -> JobRecord:
    taken = (await store.begin(record, "digest")).record
    assert taken is not None
    return taken


def fits(record: JobRecord, chosen: JobFilter) -> bool:
    words = (chosen.q or "").casefold().split()
    return (
        (chosen.group is None or record.group == chosen.group)
        and (not chosen.gateway_ids or record.gateway_id in chosen.gateway_ids)
        and (not chosen.tags or tags_of(record.spec).get("band") == "r")
        and all(word in record.name.casefold() for word in words)
    )


def key_of(record: JobRecord, order: Order) -> tuple[Any, ...]:
    value = {
        "created": record.id,
        "name": record.name.casefold(),
        "phase": record.phase,
        "gateway": record.gateway_id,
        "queue": record.queue,
        "started": record.started_at,
        "ended": record.ended_at,
        "cores": record.cores,
        "memory": record.memory_bytes,
    }[order.sort]
    return (value is not None, value, record.id)


def test_each_order_of_the_contract_has_its_column() -> None:
    assert set(ORDERS) == set(get_args(get_args(JobSort)[0]))


async def test_a_window_is_what_a_filter_and_an_order_say(
    store: Store, records: list[JobRecord]
) -> None:
    for chosen, order in itertools.product(FILTERS, EVERY_ORDER):
        await check_window(store, records, chosen, order)


async def check_window(
    store: Store, records: list[JobRecord], chosen: JobFilter, order: Order
) -> None:
    fitting = [record for record in records if fits(record, chosen)]
    shown = [record for record in fitting if record.phase in (chosen.phases or PHASES)]
    shown.sort(key=lambda record: key_of(record, order), reverse=order.descending)
    window = await store.window(chosen, order, limit=500)
    assert [record.id for record in window.records] == [record.id for record in shown]
    assert (window.total, window.more) == (len(shown), False)
    by_phase = {phase: sum(r.phase == phase for r in fitting) for phase in PHASES}
    assert window.phases == {phase: count for phase, count in by_phase.items() if count}


async def test_any_part_of_a_list_can_be_had(store: Store, records: list[JobRecord]) -> None:
    for order in EVERY_ORDER:
        await check_parts(store, records, order)


async def check_parts(store: Store, records: list[JobRecord], order: Order) -> None:
    whole = [record.id for record in (await store.window(JobFilter(), order, limit=500)).records]
    seen: list[str] = []
    for offset in range(0, len(records), 17):
        part = Order(sort=order.sort, descending=order.descending, offset=offset)
        window = await store.window(JobFilter(), part, limit=17)
        seen += [record.id for record in window.records]
        assert (window.total, window.more) == (len(records), offset + 17 < len(records))
    assert seen == whole


async def test_nothing_is_beyond_the_end(store: Store, records: list[JobRecord]) -> None:
    window = await store.window(JobFilter(), Order(offset=2**53 - 1), limit=50)
    assert (window.records, window.more, window.total) == ([], False, len(records))


async def test_what_is_passed_over_costs_no_look_into_the_table(store: Store, path: Path) -> None:
    await store.store_id()
    for chosen, order in itertools.product(FILTERS, EVERY_ORDER):
        plan = explain(path, *finding(chosen, order), 50, 90_000)
        assert "COVERING INDEX" in plan and "TEMP B-TREE" not in plan, (chosen, order)


async def test_counting_looks_at_one_index(store: Store, path: Path) -> None:
    await store.store_id()
    for chosen in FILTERS:
        plan = explain(path, *counting(chosen))
        assert plan == "SCAN jobs USING COVERING INDEX jobs_by_phase", chosen


async def test_the_counts_of_the_groups_look_at_one_index(store: Store, path: Path) -> None:
    await store.store_id()
    plan = explain(path, jobs.COUNT_GROUPS, [])
    assert "COVERING INDEX" in plan and "TEMP B-TREE" not in plan
    plan = explain(path, jobs.FINISHED_SINCE, ["2026-11-22"])
    assert plan == "SEARCH jobs USING COVERING INDEX jobs_by_ended (ended_at>?)"


def explain(path: Path, query: str, values: list[object], *more: object) -> str:
    with sqlite3.connect(path) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {query}", (*values, *more)).fetchall()
    return "; ".join(row[3] for row in rows)
