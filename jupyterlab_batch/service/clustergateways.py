"""Where Dask clusters can be started on this server, and how each of these places is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator

from jupyterlab_batch.domain.generated import (
    ClusterOffer,
)
from jupyterlab_batch.domain.problems import UnknownGateway
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.service.asking import QUESTION_SECONDS, TooLate, within
from jupyterlab_batch.service.unavailableclusters import nothing_offered

_log = logging.getLogger(__name__)


class ClusterGateways:
    """All of them, in the order of the configuration.

    Parameters
    ----------
    gateways
        Those of clusters, and those of jobs that have clusters as well.
    """

    def __init__(self, gateways: Iterable[JobGateway | ClusterGateway]) -> None:
        found = map(_clusters_of, gateways)
        self._gateways = {one.gateway_id: one for one in found if one is not None}

    def __iter__(self) -> Iterator[ClusterGateway]:
        return iter(self._gateways.values())

    def find(self, gateway_id: str) -> ClusterGateway | None:
        """Return a gateway, if it is configured (still)."""
        return self._gateways.get(gateway_id)

    def get(self, gateway_id: str) -> ClusterGateway:
        """Return a gateway.

        Raises
        ------
        UnknownGateway
        """
        gateway = self.find(gateway_id)
        if gateway is None:
            shown = gateway_id[:100]
            message = f'No Dask cluster can be started on a gateway "{shown}". Nothing was done.'
            raise UnknownGateway(message, gateway_id=shown)
        return gateway

    async def offers(self) -> list[ClusterOffer]:
        """Return what all of them offer, asked at once."""
        return list(await asyncio.gather(*map(self.offer, self)))

    async def offer(self, gateway: ClusterGateway) -> ClusterOffer:
        """Return what one of them offers; one that cannot say it offers nothing."""
        try:
            return await within(QUESTION_SECONDS, gateway.describe())
        except TooLate as late:
            return _nothing(gateway, f"{gateway.title} does not answer: {late}.")
        except Exception:
            # An adapter may be a stranger's: it is shown as broken rather than left out.
            _log.exception("Gateway %s cannot describe its clusters", gateway.gateway_id)
            why = (
                f"{gateway.title} does not say what it offers; the log of the server may tell why."
            )
            return _nothing(gateway, why)


def _clusters_of(gateway: JobGateway | ClusterGateway) -> ClusterGateway | None:
    if isinstance(gateway, ClusterGateway):
        return gateway
    try:
        return gateway.clusters()
    except Exception:
        _log.exception("Gateway %s cannot start Dask clusters", gateway.gateway_id)
        return None


def _nothing(gateway: ClusterGateway, why: str) -> ClusterOffer:
    return nothing_offered(gateway.gateway_id, gateway.kind, gateway.title, why)
