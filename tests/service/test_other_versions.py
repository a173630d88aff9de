"""Stores of other versions: a newer one is left as it is, an older one brings back nothing."""

from __future__ import annotations

import sqlite3
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import StoreOfNewerVersion
from jupyterlab_batch.store.schema import MIGRATIONS
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import KEY, START, Make
from tests.service.waiting import sees, send

OTHER = "key-of-another-job"


async def test_a_newer_store_is_neither_changed_nor_put_aside(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], root: Path
) -> None:
    first = make()
    await first.start()
    record = await send(first, asked)
    await first.stop()
    with sqlite3.connect(first.store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    content = first.store.path.read_bytes()
    second = make()
    await second.start()
    with pytest.raises(StoreOfNewerVersion, match="newer version"):
        await send(second, asked, OTHER)
    assert first.store.path.read_bytes() == content and await second.store.put_aside() == []
    with sqlite3.connect(first.store.path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    assert (await send(second, asked)).id == record.id
    assert len(gateway.launches) == 1


def make_older(path: Path, version: int) -> None:
    """Give a store the schema that it had once, with what of its rows fits in."""
    newer = path.rename(path.with_name("newer.db"))
    with sqlite3.connect(path) as connection:
        for statement in chain.from_iterable(MIGRATIONS[:version]):
            connection.execute(statement)
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        there = [name for (name,) in tables.fetchall() if not name.startswith("sqlite_")]
        connection.commit()
        connection.execute("ATTACH ? AS newer", (str(newer),))
        for table in there:
            info = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
            names = ", ".join(name for (name,) in info)
            connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 -- our own names
            fill = f"INSERT INTO main.{table} ({names}) SELECT {names} FROM newer.{table}"  # noqa: S608 -- likewise
            connection.execute(fill)
        connection.execute(f"PRAGMA user_version = {version}")


async def test_an_older_store_brings_back_nothing_that_was_forgotten(
    make: Make, gateway: FakeGateway, asked: dict[str, Any]
) -> None:
    first = make()
    await first.start()
    kept = await send(first, asked)
    gone = await sees(
        first, gateway, await send(first, asked, OTHER), phase="COMPLETED", exit_code=0
    )
    await first.retention.forget(gone.id)
    await first.stop()
    with sqlite3.connect(first.store.path) as connection:
        connection.execute("DELETE FROM meta WHERE name LIKE 'taken_up%'")
        connection.execute("DELETE FROM intents WHERE job_id = ?", (gone.id,))
    make_older(first.store.path, version=2)
    second = make()
    await second.start()
    assert await second.store.get(gone.id) is None
    assert (await send(second, asked)).id == kept.id


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_each_older_store_is_brought_forward_with_all_that_it_has(
    make: Make, gateway: FakeGateway, asked: dict[str, Any], version: int
) -> None:
    first = make()
    await first.start()
    over = await sees(
        first, gateway, await send(first, asked), phase="ERROR", reason="exit_nonzero", exit_code=3
    )
    waits = await send(first, asked, OTHER)
    await first.store.put_draft("key-of-a-form-000", title="Form", content="{}", now=START)
    await first.stop()
    make_older(first.store.path, version)
    second = make()
    await second.start()
    assert len(gateway.launches) == 2
    for key, was in ((KEY, over), (OTHER, waits)):
        again = await send(second, asked, key)
        assert (again.id, again.phase, again.spec) == (was.id, was.phase, was.spec)
        assert (again.native_id, again.exit_code) == (was.native_id, was.exit_code)
    assert [draft.title for draft in await second.store.drafts()] == ["Form"]
    await sees(second, gateway, waits, phase="COMPLETED", exit_code=0)
    assert (await send(second, asked, "key-of-a-third-job")).phase == "QUEUED"
    with sqlite3.connect(second.store.path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
