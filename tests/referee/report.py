"""A round as a person can understand it."""

from __future__ import annotations

from tests.referee.account import Account
from tests.referee.rounds import Round


def describe(round_: Round) -> str:
    """Say what was done, what was answered, what the ledger has and what the rows show."""
    lines = [f"Round {round_.number} of seed {round_.seed}", "", "Objections:"]
    lines += [f"  {objection}" for objection in round_.verdict.objections] or ["  none"]
    lines += ["", "What was broken, seconds after the start:"]
    lines += [f"  {line}" for fault in round_.faults for line in fault.record]
    for account in round_.accounts:
        lines += ["", *_describe(account)]
    return "\n".join(lines)


def _describe(account: Account) -> list[str]:
    case = account.case
    how = f"{case.kind} on {case.gateway_id} by {case.surface}, {case.clients} at once"
    lines = [
        f"{case.name[-100:]}: {how}, {'insists' if case.insists else 'gives up'}",
        f"  {case.key}",
    ]
    lines += [f"  told: {text}" for text in _without_repetition(case.told)]
    lines += [f"  ledger: {start}" for start in account.starts]
    lines += [f"  ledger: {end}" for end in account.ends]
    for row in account.rows:
        words = [f"{name} {row[name]}" for name in ("id", "native_id", "phase", "reason")]
        lines.append(f"  row: {', '.join(words)}, {row['reason_text']}")
    if account.living:
        lines.append(f"  alive: {account.living}")
    return lines


def _without_repetition(told: list[str]) -> list[str]:
    return [text for index, text in enumerate(told) if index == 0 or told[index - 1] != text]
