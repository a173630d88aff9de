"""The gateways of this server by their id, and how each of them is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from jupyterlab_batch.domain.generated import Gateway
from jupyterlab_batch.domain.problems import UnknownGateway
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.service.unavailable import undescribed

_log = logging.getLogger(__name__)
_DESCRIBE_SECONDS: Final = 10.0


class Gateways:
    """All configured gateways, in the order of the configuration."""

    def __init__(self, gateways: Iterable[JobGateway]) -> None:
        self._gateways = {gateway.gateway_id: gateway for gateway in gateways}
        self._stale_since: dict[str, datetime] = {}

    def __iter__(self) -> Iterator[JobGateway]:
        return iter(self._gateways.values())

    def find(self, gateway_id: str) -> JobGateway | None:
        """Return a gateway, if it is configured (still)."""
        return self._gateways.get(gateway_id)

    def get(self, gateway_id: str) -> JobGateway:
        """Return a gateway.

        Raises
        ------
        UnknownGateway
        """
        gateway = self.find(gateway_id)
        if gateway is None:
            raise UnknownGateway(
                f'No gateway "{gateway_id[:100]}" is configured.', gateway_id=gateway_id[:100]
            )
        return gateway

    def tell(self, gateway_id: str, what: Callable[[JobGateway], None]) -> None:
        """Tell a gateway something, if it is configured (still); its mistake is its own alone."""
        gateway = self.find(gateway_id)
        if gateway is None:
            return
        try:
            what(gateway)
        except Exception:
            # An adapter may be a stranger's.
            _log.exception("Gateway %s cannot be told something", gateway_id)

    async def describe(self, gateway_id: str, *, fresh: bool = False) -> Gateway:
        """Return what one gateway is and how it is; one that cannot say it is not well.

        Raises
        ------
        UnknownGateway
        """
        gateway = self.get(gateway_id)
        try:
            description = await asyncio.wait_for(gateway.describe(fresh=fresh), _DESCRIBE_SECONDS)
        except Exception:
            # An adapter may be a stranger's: it is shown as broken rather than left out.
            _log.exception("Gateway %s cannot describe itself", gateway_id)
            why = "The gateway does not say how it is; the log of the server may tell why."
            description = undescribed(gateway_id, gateway.kind, gateway.title, why)
        self.note_health(description)
        return description

    async def describe_all(self) -> list[Gateway]:
        """Return what all gateways are, asked at once: one that is slow delays no other."""
        return list(await asyncio.gather(*map(self.describe, self._gateways)))

    def note_health(self, description: Gateway, now: datetime | None = None) -> None:
        """Remember since when a gateway is silent."""
        health = description.health
        if health.ok:
            self._stale_since.pop(description.id, None)
        elif health.as_of is not None:
            self._stale_since[description.id] = health.as_of
        elif now is not None:
            self._stale_since.setdefault(description.id, now)

    def stale_since(self, gateway_id: str) -> datetime | None:
        """Return since when a gateway is silent; ``None`` while it answers."""
        return self._stale_since.get(gateway_id)
