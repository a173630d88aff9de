"""The judgement of clusters on a Dask Gateway: what must be objected to. No product takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.referee.account import Account
from tests.referee.faults import Victim
from tests.referee.gatewaycases import GatewayCase, judge_on_gateway
from tests.referee.ledger import Start

KEY = "key-of-the-cluster-f"


def row(phase: str = "COMPLETED", reason: str | None = "other", **fields: Any) -> dict[str, Any]:
    given = {"id": "c1", "native_id": "n1", "phase": phase, "reason": reason, "reason_text": "So."}
    return {**given, **fields}


def starts(*native_ids: str) -> list[Start]:
    return [Start(KEY, native_id, 1, 100) for native_id in native_ids]


def account(*done: Victim, stopped: bool = False, **fields: Any) -> Account:
    """A cluster that came up once and was ended by its gateway, but for what is given."""
    case = GatewayCase(KEY, "cluster", "short", "dask", "http", 1, True, 0)
    case.acknowledged.append(("c1", "n1"))
    case.cancel_asked = stopped
    given = {"starts": starts("n1"), "ends": [], "rows": [row()], "living": []}
    return Account(case=case, done=set(done), **{**given, **fields})


def unknown(*, disowned: bool = False, misled: bool = False, **fields: Any) -> Account:
    """One whose answer was lost."""
    one = account(**{"rows": [row("UNKNOWN", "answer_lost", native_id=None)], **fields})
    one.case.acknowledged[:] = [("c1", None)]
    assert isinstance(one.case, GatewayCase)
    one.case.disowned, one.case.is_misled = disowned, misled
    return one


DISOWNED = row("ERROR", "lost", native_id=None)
FOUND = row(id="c2", is_found=True)


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (account, set()),
        (lambda: account(rows=[row(reason="idle")]), {"wrong"}),
        (lambda: account(rows=[row("ABORTED", "stopped_by_user")]), {"wrong"}),
        (lambda: account(rows=[row("ABORTED", "stopped_by_user")], stopped=True), set()),
        (lambda: account(rows=[row("ERROR", "failed")]), {"wrong"}),
        (lambda: account("owner", rows=[row("ERROR", "failed")]), set()),
        (lambda: account("dask gateway", rows=[row("ERROR", "launch_failed")]), set()),
        (lambda: account("dask gateway", rows=[row("ERROR", "lost")]), {"wrong"}),
        (lambda: account("dask gateway", rows=[row("ERROR", "launch_failed")], starts=[]), set()),
        (lambda: account("owner", rows=[row("ERROR", "launch_failed")], starts=[]), {"lost"}),
        (lambda: account(starts=starts("n1", "n2")), {"doubled"}),
        (lambda: account(living=[100]), {"left behind"}),
        (lambda: account("dask gateway", living=[100]), {"left behind"}),
        (lambda: unknown(starts=[]), set()),
        (lambda: unknown(starts=[], misled=True), {"wrong"}),
        (unknown, {"missing", "wrong"}),
        (lambda: unknown(rows=[DISOWNED]), {"missing", "wrong"}),
        (lambda: unknown(rows=[DISOWNED], disowned=True), set()),
        (lambda: unknown(rows=[DISOWNED], disowned=True, starts=starts("n1", "n2")), None),
        (lambda: unknown(rows=[DISOWNED], disowned=True, living=[100]), None),
        (lambda: unknown(rows=[DISOWNED, FOUND], disowned=True), set()),
    ],
)
def test_what_is_objected_to(make: Callable[[], Account], kinds: set[str] | None) -> None:
    """``None``: to something."""
    verdict = judge_on_gateway([make()])
    if kinds is None:
        assert verdict.objections
    else:
        assert set(verdict.kinds) == kinds, verdict.objections
