"""The judgement of clusters: what must be objected to, and what not. No product takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.referee.account import Account
from tests.referee.clustercases import ClusterCase
from tests.referee.clusterjudge import judge_clusters
from tests.referee.faults import Victim
from tests.referee.ledger import Start

KEY = "key-of-the-cluster-0"


def row(phase: str = "COMPLETED", reason: str | None = "idle", **fields: Any) -> dict[str, Any]:
    given = {"id": "c1", "native_id": "1", "phase": phase, "reason": reason, "reason_text": "So."}
    return {**given, **fields}


def account(*done: Victim, kind: Any = "short", stopped: bool = False, **fields: Any) -> Account:
    """A cluster that came up once and stopped without work, but for what is given."""
    case = ClusterCase(KEY, "cluster", kind, "local", "http", 1, True, 0)
    case.acknowledged.append(("c1", "1"))
    case.cancel_asked = stopped
    given = {"starts": [Start(KEY, "c1", 1, 100)], "ends": [], "rows": [row()], "living": []}
    return Account(case=case, done=set(done), **{**given, **fields})


def unknown(**fields: Any) -> Account:
    """One of which nobody was told that it is there, and which never was."""
    never = row("ERROR", "lost", native_id=None)
    one = account(**{"starts": [], "rows": [never], **fields})
    one.case.acknowledged.clear()
    one.case.insists = False
    return one


STOPPED = row("ABORTED", "stopped_by_user")
KILLED = row("ERROR", "killed")


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (account, set()),
        (lambda: account(stopped=True, kind="cancelled", rows=[STOPPED]), set()),
        (lambda: account(rows=[STOPPED]), {"wrong"}),
        (lambda: account(stopped=True, kind="cancelled", rows=[STOPPED], starts=[]), set()),
        (lambda: account(kind="cancelled"), {"wrong"}),
        (lambda: account(rows=[row(reason="closed")]), {"wrong"}),
        (lambda: account(rows=[row(reason_text=None)]), {"wrong"}),
        (lambda: account(rows=[row("EXECUTING", None)]), {"wrong"}),
        (lambda: account(rows=[KILLED]), {"wrong"}),
        (lambda: account("worker", rows=[KILLED]), {"wrong"}),
        (lambda: account("owner", rows=[KILLED]), set()),
        (lambda: account("owner", rows=[row("ERROR", "node")]), {"wrong"}),
        (lambda: account(rows=[]), {"missing"}),
        (lambda: account(starts=[]), {"lost"}),
        (lambda: account(starts=[Start(KEY, id_, 1, 100) for id_ in ("c1", "c2")]), {"doubled"}),
        (lambda: account(rows=[row(), row(id="c2")]), {"doubled"}),
        (lambda: account(living=[100]), {"left behind"}),
        (unknown, set()),
        (lambda: unknown(rows=[]), set()),
        (lambda: unknown(starts=[Start(KEY, "c1", 1, 100)]), {"missing", "wrong"}),
    ],
)
def test_what_is_objected_to(make: Callable[[], Account], kinds: set[str]) -> None:
    verdict = judge_clusters([make()])
    assert set(verdict.kinds) == kinds, verdict.objections
