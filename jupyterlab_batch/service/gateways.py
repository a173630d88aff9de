"""The gateways of this server by their id, and how each of them is."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from math import inf
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Gateway
from jupyterlab_batch.domain.problems import UnknownGateway
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.service.asking import TooLate, within
from jupyterlab_batch.service.unavailable import undescribed

_log = logging.getLogger(__name__)
_PATIENCE_SECONDS: Final = 2.0
"""So long a list of gateways waits for one of them; then it is shown as it was last known."""
_FRESH_PATIENCE_SECONDS: Final = 15.0
_FIRST_PATIENCE_SECONDS: Final = 8.0
"""So long one waits to hear for the first time what a gateway can; a page waits for 30 s in all."""
_RECENT_SECONDS: Final = 1.0
_DESCRIBE_SECONDS: Final = 60.0
"""So long nobody asks a gateway again that has not answered."""


def not_configured(gateway_id: str) -> str:
    """Say that this server has no such gateway: it never had, or it was switched off."""
    return f'No gateway "{gateway_id[:100]}" is configured on this Jupyter server.'


class Gateways:
    """All configured gateways, in the order of the configuration.

    Parameters
    ----------
    on_late_answer
        Called when a gateway described itself after others had been told that it is silent.
    """

    def __init__(
        self,
        gateways: Iterable[JobGateway],
        on_late_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._gateways = {gateway.gateway_id: gateway for gateway in gateways}
        self._on_late_answer = on_late_answer
        self._stale_since: dict[str, datetime] = {}
        self._known: dict[str, Gateway] = {}
        self._known_at: dict[str, float] = {}
        self._asking: dict[tuple[str, bool], asyncio.Task[Gateway]] = {}
        self._awaited: set[str] = set()
        """Those that were shown as silent because their answer is late."""

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
            message = f"{not_configured(gateway_id)} Nothing was done."
            raise UnknownGateway(message, gateway_id=gateway_id[:100])
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

    async def described(self, gateway_id: str) -> Gateway:
        """Return what `describe` returned a moment ago, or would now: many ask one after another.

        Raises
        ------
        UnknownGateway
        """
        known = self._known.get(gateway_id)
        is_recent = time.monotonic() - self._known_at.get(gateway_id, -inf) < _RECENT_SECONDS
        if known is not None and is_recent:
            return known
        patience = _PATIENCE_SECONDS if known is not None else _FIRST_PATIENCE_SECONDS
        return await self.describe(gateway_id, patience=patience)

    def is_known(self, gateway_id: str) -> bool:
        """Tell whether a gateway has ever said what it can."""
        return gateway_id in self._known

    async def describe(
        self, gateway_id: str, *, fresh: bool = False, patience: float | None = None
    ) -> Gateway:
        """Return what one gateway is and how it is; one that cannot say it is not well.

        However many ask at once, the gateway is asked once. One that is late, by so many seconds
        of `patience`, is returned as it was last known.

        Raises
        ------
        UnknownGateway
        """
        gateway = self.get(gateway_id)
        asking = self._asking.get((gateway_id, fresh))
        if asking is None:
            asking = asyncio.create_task(
                self._ask(gateway, fresh=fresh), name=f"describe {gateway_id}"
            )
            self._asking[gateway_id, fresh] = asking
            asking.add_done_callback(lambda _: self._asking.pop((gateway_id, fresh), None))
        patience = patience or (_FRESH_PATIENCE_SECONDS if fresh else _PATIENCE_SECONDS)
        await asyncio.wait({asking}, timeout=patience)
        if asking.done() and not asking.cancelled():
            return asking.result()
        self._awaited.add(gateway_id)
        why = f"The gateway has not answered for {patience:g} s. It is still waited for."
        return self._silent(gateway, why)

    async def _ask(self, gateway: JobGateway, *, fresh: bool) -> Gateway:
        gateway_id = gateway.gateway_id
        try:
            description = await within(_DESCRIBE_SECONDS, gateway.describe(fresh=fresh))
        except TooLate as late:
            description = self._silent(gateway, f"The gateway does not answer: {late}.")
        except Exception:
            # An adapter may be a stranger's: it is shown as broken rather than left out.
            _log.exception("Gateway %s cannot describe itself", gateway_id)
            why = "The gateway does not say how it is; the log of the server may tell why."
            description = undescribed(gateway_id, gateway.kind, gateway.title, why)
        else:
            self._known[gateway_id] = description
            self._known_at[gateway_id] = time.monotonic()
            self.note_health(description)
            if gateway_id in self._awaited:
                self._awaited.discard(gateway_id)
                self._on_late_answer()
        return description

    def _silent(self, gateway: JobGateway, why: str) -> Gateway:
        known = self._known.get(gateway.gateway_id)
        if known is None:
            return undescribed(gateway.gateway_id, gateway.kind, gateway.title, why)
        health = msgspec.structs.replace(known.health, ok=False, error=why)
        description = msgspec.structs.replace(known, health=health)
        self.note_health(description)
        return description

    async def describe_all(self) -> list[Gateway]:
        """Return what all gateways are, asked at once: one that is slow delays no other."""
        return list(await asyncio.gather(*map(self.describe, self._gateways)))

    async def stop(self) -> None:
        """Wait for nobody any more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

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
