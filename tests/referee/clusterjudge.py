"""Compares what clusters are said to be with what was seen of their schedulers."""

from __future__ import annotations

from typing import Any, Final

from tests.referee.account import Account
from tests.referee.faults import ENDS_CLUSTER
from tests.referee.judge import Verdict, judge_answers, judge_rows, judge_runs
from tests.referee.phases import FINAL

_BY_ITSELF: Final = {"local": "idle", "dask": "other"}
"""What is said of one without work; a Dask Gateway does not tell why it ended one."""
_OF_KILLED: Final = {"killed", "failed", "launch_failed", "lost"}
"""What a row may say of a cluster of which the scheduler, or who started that, was killed."""
_OF_GATEWAY: Final = {"failed", "launch_failed"}
"""What it may say when a Dask Gateway was killed, which then fails what it was just starting."""


def judge_clusters(accounts: list[Account]) -> Verdict:
    """Say what is wrong, and what had to be counted apart."""
    verdict = Verdict()
    for account in accounts:
        judge_runs(account, verdict, _explains)
        judge_rows(account, verdict)
        judge_answers(account, verdict)
        if account.case.is_forgotten:
            verdict.apart["scheduler of a cluster that its gateway forgot"] += 1
        if account.row is not None:
            _judge_ending(account, account.row, verdict)
        if account.living and (account.row is None or account.row["phase"] in FINAL):
            verdict.object("left behind", account, f"processes {account.living}")
    return verdict


def _explains(row: dict[str, Any], account: Account) -> bool:
    """Tell whether a row truly says why its cluster was never started."""
    is_stopped = row["reason"] == "stopped_by_user" and account.case.cancel_asked
    # A Dask Gateway that is killed while it starts one cannot start it when it is back.
    is_failed = row["reason"] == "launch_failed" and "dask gateway" in account.done
    return is_stopped or is_failed


def _judge_ending(account: Account, row: dict[str, Any], verdict: Verdict) -> None:
    """Judge how it ended: whatever was done to it, in the end it is over and a reason is told."""
    if row["phase"] not in FINAL:
        verdict.object("wrong", account, f"still {row['phase']} ({row['reason']})")
    elif not row["reason"] or not row["reason_text"]:
        verdict.object("wrong", account, f"{row['phase']}, and nothing is said of why")
    elif not _is_true(account, row):
        verdict.object("wrong", account, f"{row['phase']} ({row['reason']}: {row['reason_text']})")


def _is_true(account: Account, row: dict[str, Any]) -> bool:
    phase, reason = row["phase"], row["reason"]
    if phase == "ABORTED":
        return reason == "stopped_by_user" and account.case.cancel_asked
    if phase == "COMPLETED":
        return reason == _BY_ITSELF[account.case.gateway_id] and account.case.kind != "cancelled"
    if row["native_id"] is None and not account.starts:
        return bool(reason == "lost")  # nobody was told that there is one, and there is none
    if "dask gateway" in account.done and reason in _OF_GATEWAY:
        return True
    return reason in _OF_KILLED and bool(ENDS_CLUSTER & account.done)
