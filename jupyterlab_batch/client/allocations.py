"""What the user may use of a batch system, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.generated import Allocation, AllocationList
from jupyterlab_batch.client.listing import Listing
from jupyterlab_batch.client.quantities import format_memory

if TYPE_CHECKING:
    from jupyterlab_batch.client.transport import Transport


def list_allocations(transport: Transport, gateway_id: str, *, fresh: bool) -> Listing[Allocation]:
    """Return the user's limits and what is used of them."""
    path = f"gateways/{quote(gateway_id, safe='')}/allocations"
    answer = transport.request("GET", path, query={"fresh": fresh}).decode(AllocationList)
    age = "" if answer.as_of is None else f"As of {answer.as_of.astimezone():%Y-%m-%d %H:%M}. "
    return Listing(
        answer.allocations,
        columns=("Of", "Limit", "Granted", "Used", "Reserved", "Left"),
        cells=_cells,
        empty=plain(answer.missing or "Nothing is limited."),
        note=f"{age}{plain(answer.missing or '')}".strip(),
    )


def _cells(one: Allocation) -> tuple[str, ...]:
    parts = (one.account, one.user, one.qos and f"QOS {one.qos}", one.queue, *one.queues)
    of = [name for name in parts if name]
    left = None
    if one.granted is not None and one.used is not None:
        left = one.granted - one.used - (one.reserved or 0)
    return (
        plain(", ".join(of)),
        plain(f"{one.limit} {one.resource}"),
        "no limit" if one.granted is None else _amount(one, one.granted),
        _amount(one, one.used),
        _amount(one, one.reserved),
        _amount(one, left),
    )


def _amount(one: Allocation, amount: float | None) -> str:
    if amount is None:
        return ""
    if one.unit == "bytes":
        return format_memory(int(amount))
    return f"{amount:,.1f}".removesuffix(".0") + f" {one.unit.replace('_', ' ')}"
