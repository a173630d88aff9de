"""Orders to jobs by slurmrestd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jupyterlab_batch.domain.problems import AnswerLost, GatewayRefused, GatewayUnreachable
from jupyterlab_batch.gateways.order import Change, Hold, Order, SendSignal
from jupyterlab_batch.gateways.slurm import answers
from jupyterlab_batch.gateways.slurm.http import Reply, RestClient
from jupyterlab_batch.gateways.slurm.orders import json_of, not_by_rest, why_not
from jupyterlab_batch.gateways.slurm.refusals import (
    ACCESS_DENIED,
    ALREADY_OVER,
    ARRAY_OVER,
    NOT_OWNED,
    UNKNOWN_JOB,
)

_NAMED: Final = {
    ACCESS_DENIED: "permission denied",
    NOT_OWNED: "Invalid user id",
    UNKNOWN_JOB: "invalid job id",
    ALREADY_OVER: "already finished",
    ARRAY_OVER: "already finished",
}
"""What Slurm's tools say of these."""


async def give(client: RestClient, target: str, order: Order) -> Reply | None:
    """Give one order, and return an answer that is neither a yes nor a no; ``None`` for a yes.

    Raises
    ------
    GatewayRefused, GatewayUnreachable, NotSignedIn

    Notes
    -----
    v0.0.38 answers with an error that has no number when an update of tasks has worked, and says
    of one that was refused only from where it came: its number tells why.
    """
    try:
        reply = await _send(client, target, order)
    except AnswerLost as lost:
        raise GatewayUnreachable(
            "Slurm's answer was lost; it may have taken the order or not. Try again."
        ) from lost
    refused = [_NAMED.get(number, words) for number, words in reply.errors if 2000 <= number < 3000]
    refused += _refusals(reply.body)
    if refused:
        raise GatewayRefused(why_not(order, "; ".join(dict.fromkeys(refused))))
    has_worked = reply.is_ok or (reply.has_only_unnumbered_errors and "_" in target)
    return None if has_worked else reply


async def _send(client: RestClient, target: str, order: Order) -> Reply:
    path = f"job/{target.replace('[', '%5B').replace(']', '%5D')}"
    if isinstance(order, SendSignal):
        return await client.slurm("DELETE", path, params={"signal": order.name})
    if isinstance(order, Hold | Change):
        return await client.slurm("POST", path, body=json_of(order))
    raise GatewayRefused(not_by_rest(order, target))


def _refusals(body: Mapping[str, Any]) -> list[str]:
    """Return in Slurm's words what it refused below HTTP 200, as it does from v0.0.40 on."""
    errors = [status.get("error") or {} for status in body.get("status") or []]
    told = [(answers.number(error.get("code")), error) for error in errors]
    return [
        _NAMED.get(code) or answers.text(error.get("string")) or "no reason given"
        for code, error in told
        if code
    ]
