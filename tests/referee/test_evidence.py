"""The referee tells a store that is being written from one that was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.referee.cases import Case
from tests.referee.evidence import Crossings, Evidence
from tests.referee.ledger import Ledger


def test_an_answer_is_being_stored_only_while_the_store_is_written(tmp_path: Path) -> None:
    case = Case(
        key="k",
        name="n",
        kind="short",
        gateway_id="cli",
        surface="http",
        clients=1,
        insists=False,
        after_seconds=0.0,
    )
    crossings = Crossings(tmp_path / "crossings")
    crossings.note("n", "answered")
    crossings.hold("n", "answered")
    ledger = Ledger(tmp_path / "ledger")
    evidence = Evidence(tmp_path / "store", tmp_path / "engine", ledger, crossings)
    store = sqlite3.connect(evidence.store, isolation_level=None)
    store.execute("PRAGMA journal_mode = PERSIST")
    store.execute("CREATE TABLE jobs (id, name, phase, native_id)")
    store.execute("INSERT INTO jobs VALUES (1, 'n', 'PENDING', NULL)")
    assert (tmp_path / "store-journal").exists()
    assert evidence.place(case, is_out=True) == "in answering"
    store.execute("BEGIN IMMEDIATE")
    store.execute("UPDATE jobs SET native_id = '7'")
    assert evidence.place(case, is_out=True) == "in storing the answer"
    store.execute("COMMIT")
    assert evidence.place(case, is_out=True) == "in storing the answer"
    store.close()
