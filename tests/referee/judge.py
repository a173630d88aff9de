"""Compares what the jobs say, what clients were told, and what the server shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.referee.account import Account, is_quiet
from tests.referee.faults import FORGETS, HARMS_JOBS, Victim
from tests.referee.ledger import doubled
from tests.referee.phases import FINAL

_NEVER_RAN: Final[dict[str, set[Victim]]] = {
    # What a row may say of a job that wrote no line, and what must have been done for it to be so.
    "lost": {"wrapper", "disk full", *FORGETS},
    # Told to a store that was lost since, by a Slurm that has forgotten it: nobody can know.
    "answer_lost": FORGETS,
    "launch_failed": {"disk full", *FORGETS},
    "signal": {"wrapper", "job"},
    "exit_nonzero": {"disk full"},
    "node": {"node", *FORGETS},
    "submit_refused": {"disk full"},
}


@dataclass
class Verdict:
    """What the referee says of a round."""

    objections: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    """Objections by kind: lost, doubled, missing, refused, wrong, left behind."""
    apart: Counter[str] = field(default_factory=Counter)
    """What is no objection, but no job that ran to its end either, by why."""

    def object(self, kind: str, account: Account, text: str) -> None:
        self.kinds[kind] += 1
        # A name may be as long as a book.
        self.objections.append(f"{kind}: {account.case.name[-100:]}: {text}")


def judge(accounts: list[Account]) -> Verdict:
    """Say what is wrong, and what had to be counted apart."""
    verdict = Verdict()
    for account in accounts:
        judge_runs(account, verdict, _explains)
        judge_rows(account, verdict)
        judge_answers(account, verdict)
        if account.case.is_forgotten:
            verdict.apart["processes of a job that slurmctld forgot"] += 1
        if account.row is not None:
            _judge_ending(account, account.row, verdict)
        if account.living and (account.row is None or account.row["phase"] in FINAL):
            verdict.object("left behind", account, f"processes {account.living}")
    return verdict


def judge_screen(accounts: list[Account], labels: dict[str, str | None], verdict: Verdict) -> None:
    """Compare the rows that a user sees with what the server says.

    Parameters
    ----------
    labels
        What a screen reader reads for the row of a job, by the job's name; ``None``: no row.
    """
    for account in accounts:
        label = labels.get(account.case.name)
        if account.row is None or account.word is None:
            if label is not None:
                verdict.object("wrong", account, f"no job, and on the screen stands {label!r}")
        elif label is None:
            verdict.object("missing", account, "it is not on the screen")
        elif account.word not in label.split(", "):
            verdict.object("wrong", account, f"{account.row['phase']}, and the screen says {label}")


def judge_runs(
    account: Account, verdict: Verdict, explains: Callable[[dict[str, Any], Account], bool]
) -> None:
    """Object to what ran twice, or never.

    Parameters
    ----------
    explains
        Tells whether a row truly says why it never ran.
    """
    if doubled(account.starts):
        verdict.object("doubled", account, f"{account.starts}")
    if account.starts or not account.is_acknowledged:
        return
    row = account.row
    if row is not None and explains(row, account):
        verdict.apart[f"never ran, {row['phase'].lower()}: {row['reason']}"] += 1
    else:
        verdict.object("lost", account, f"acknowledged, no line in the ledger, row: {row}")


def _explains(row: dict[str, Any], account: Account) -> bool:
    """Tell whether a row truly says why its job never ran."""
    if row["reason"] == "cancelled_by_user":
        return account.case.cancel_asked
    is_known_why = bool(_NEVER_RAN.get(row["reason"], set()) & account.done)
    return is_known_why and (row["phase"] == "ERROR" or row["reason"] in {"lost", "answer_lost"})


def judge_rows(account: Account, verdict: Verdict) -> None:
    """Object to what is not in the list, or stands there twice."""
    shown = {row["id"] for row in account.rows}
    for job_id, _ in account.case.acknowledged:
        if job_id not in shown:
            verdict.object("missing", account, f"job {job_id} was acknowledged and has no row")
    if account.case.says_submitted and not account.rows:
        verdict.object("missing", account, "the form says that it was submitted, and it has no row")
    if account.starts and not any(row["native_id"] for row in account.rows):
        verdict.object("missing", account, f"it ran, and its row is {account.row}")
    with_id = [row["id"] for row in account.rows if row["native_id"] is not None]
    if len(with_id) > 1:
        verdict.object("doubled", account, f"the key has {len(with_id)} jobs: {with_id}")


def judge_answers(account: Account, verdict: Verdict) -> None:
    """Object to refusals for which there is no reason."""
    case = account.case
    if case.odd.is_impossible:
        _judge_refusal(account, verdict)
    elif case.refused and "disk full" not in account.done:
        verdict.object("refused", account, f"{case.refused}")
    elif case.insists and not (case.acknowledged or case.says_submitted):
        last = case.told[-1] if case.told else "nothing was ever sent"
        verdict.object("refused", account, f"sent again and again, and never taken: {last}")


def _judge_refusal(account: Account, verdict: Verdict) -> None:
    """Judge what can only be refused."""
    if account.rows or account.starts or not account.case.refused:
        last = account.case.told[-1] if account.case.told else "nothing was ever sent"
        verdict.object("wrong", account, f"it is impossible, and was not refused: {last}")
    else:
        verdict.apart["refused, as it must be"] += 1


def _judge_ending(account: Account, row: dict[str, Any], verdict: Verdict) -> None:
    phase, reason = row["phase"], row["reason"]
    codes = [end.code for end in account.ends]
    if phase not in FINAL:
        _judge_open(account, row, verdict)
    elif phase == "COMPLETED":
        if set(codes) != {0} or len(codes) > len(account.starts):
            verdict.object("wrong", account, f"COMPLETED, but its last lines say {codes}")
    elif phase == "ABORTED":
        if not account.case.cancel_asked:
            verdict.object("wrong", account, f"ABORTED ({reason}), and nobody cancelled it")
    elif reason == "exit_nonzero" and account.starts:
        if set(codes) - {account.case.code} or account.case.code == 0:
            verdict.object("wrong", account, f"{row['reason_text']} Its last lines say {codes}")
    elif account.starts and not (HARMS_JOBS & account.done):
        text = f"{phase} ({reason}: {row['reason_text']}); its last lines say {codes}"
        verdict.object("wrong", account, f"nothing was done to it, and it is {text}")


def _judge_open(account: Account, row: dict[str, Any], verdict: Verdict) -> None:
    """Judge a job of which the server is not sure that it is over."""
    if row["phase"] == "QUEUED" and account.ends and FORGETS & account.done:
        # It starts it again some minutes later, and the wrapper finds that it has run.
        verdict.apart["ran, and waits in a Slurm that forgot it to be run again"] += 1
    elif FORGETS & account.done and "has not noticed" in (row["reason_text"] or ""):
        # It will, when the time limit is over; until then the row says that it has ended, and how.
        verdict.apart["ran to its end, which Slurm has not noticed"] += 1
    elif not is_quiet(account):
        text = f"still {row['phase']} ({row['reason']}); it ended with"
        verdict.object("wrong", account, f"{text} {[end.code for end in account.ends]}")
