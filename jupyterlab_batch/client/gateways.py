"""The batch systems that a server knows, as a table, and which of them is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_batch.client.card import plain
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Gateway, GatewayList
from jupyterlab_batch.client.listing import Listing

if TYPE_CHECKING:
    from jupyterlab_batch.client.transport import Transport


def list_gateways(transport: Transport) -> Listing[Gateway]:
    """Return the batch systems; the first is the default."""
    answer = transport.request("GET", "gateways").decode(GatewayList)
    return Listing(
        answer.gateways,
        columns=("Gateway", "Kind", "Title", "State", "Queues"),
        cells=_cells,
        empty="No gateway is configured in this Jupyter server.",
    )


def default_gateway(transport: Transport) -> str:
    """Return the id of the first; there has to be one."""
    gateways = list_gateways(transport)
    if not gateways:
        message = "No gateway is configured in this Jupyter server. Nothing was submitted."
        raise BatchError(message, code="unknown_gateway", field="gateway_id")
    return gateways[0].id


def _cells(gateway: Gateway) -> tuple[str, ...]:
    state = "ready" if gateway.health.ok else plain(gateway.health.error or "does not answer")
    queues = ", ".join(
        plain(queue.name) + (" (default)" if queue.default else "") for queue in gateway.queues
    )
    return plain(gateway.id), plain(gateway.kind), plain(gateway.title), state, queues
