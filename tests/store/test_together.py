"""What waits together is written together, and each stays one for itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.store.database import Database


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture
async def database(path: Path, statements: list[str]) -> AsyncIterator[Database]:
    database = Database(path, trace=statements.append)
    await database.write(_make)
    statements.clear()
    yield database
    await asyncio.to_thread(database.close)


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE word (word TEXT UNIQUE)")


async def add(database: Database, word: str) -> str:
    def work(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO word VALUES (?)", (word,))
        if word == "bad":
            raise ValueError(word)
        return word.upper()

    return await database.write(work)


async def words(database: Database) -> set[str]:
    return await database.read(lambda c: {row[0] for row in c.execute("SELECT word FROM word")})


async def test_a_commit_is_on_the_disk_when_it_is_answered(database: Database) -> None:
    def look(connection: sqlite3.Connection) -> list[object]:
        names = ("synchronous", "journal_mode")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full = 2
    assert await database.read(look) == [full, "persist"]


async def test_what_waits_shares_a_commit(database: Database, statements: list[str]) -> None:
    names = [f"w{number}" for number in range(40)]
    assert await asyncio.gather(*(add(database, name) for name in names)) == [
        name.upper() for name in names
    ]
    assert await words(database) == set(names)
    assert statements.count("COMMIT") < len(names) / 2


async def test_one_alone_is_a_transaction_of_its_own(
    database: Database, statements: list[str]
) -> None:
    await add(database, "alone")
    assert not any("SAVEPOINT" in statement for statement in statements)


async def test_what_raises_undoes_itself_alone(database: Database) -> None:
    names = ["a", "bad", "b", "c"]
    outcomes = await asyncio.gather(
        *(add(database, name) for name in names), return_exceptions=True
    )
    assert isinstance(outcomes[1], ValueError)
    assert [one for one in outcomes if one != outcomes[1]] == ["A", "B", "C"]
    assert await words(database) == {"a", "b", "c"}


async def test_what_the_file_refuses_harms_no_other(database: Database) -> None:
    await add(database, "a")
    names = ["b", "a", "c"]
    outcomes = await asyncio.gather(
        *(add(database, name) for name in names), return_exceptions=True
    )
    assert isinstance(outcomes[1], StoreUnavailable)
    assert (outcomes[0], outcomes[2]) == ("B", "C")
    assert await words(database) == {"a", "b", "c"}


async def test_what_is_given_up_while_it_waits_is_not_written(database: Database) -> None:
    first = [asyncio.create_task(add(database, f"w{number}")) for number in range(200)]
    late = asyncio.create_task(add(database, "late"))
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.gather(*first)
    assert await words(database) == {f"w{number}" for number in range(200)}


async def test_of_many_that_wait_for_a_lock_the_last_is_told_as_soon_as_the_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {"_BUSY": 0.5, "_READ": 0.5, "_WRITE": 1.0}.items():
        monkeypatch.setattr(f"jupyterlab_batch.store.database.{name}_SECONDS", seconds)
    many = 200  # one after another they would wait for minutes

    async def ask(number: int) -> None:
        with pytest.raises(StoreUnavailable):
            await (add(database, f"w{number}") if number % 2 else words(database))

    holder = sqlite3.connect(database.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    await asyncio.wait_for(asyncio.gather(*map(ask, range(many))), 30)
    holder.close()
    assert await add(database, "then") == "THEN"
    assert await words(database) == {"then"}
