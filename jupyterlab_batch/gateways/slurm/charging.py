"""Balances of a Slurm gateway: read now and then, told to whoever asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from math import inf
from typing import Final

from msgspec.structs import replace

from jupyterlab_batch.domain.generated import AllocationList
from jupyterlab_batch.domain.problems import GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.observation import Observation
from jupyterlab_batch.gateways.slurm.acting import ActingGateway
from jupyterlab_batch.gateways.slurm.balances import Balances
from jupyterlab_batch.gateways.slurm.reached import figures, is_limit, share

FRESH_SECONDS: Final = 60.0
"""A reading older than this is renewed, while those who ask go on with it."""
OLD_SECONDS: Final = 600.0
"""A reading older than this says nothing any more: who asks waits for another one."""
SILENT: Final = "Slurm does not tell the limits and what is used now."


class ChargingGateway(ActingGateway):
    """The part of the gateway that knows what the user may use."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self._balances = Balances()
        self._balances_tried_at = -inf
        self._reading_balances: asyncio.Task[Balances] | None = None

    async def stop_charging(self) -> None:
        """Ask no more."""
        if self._reading_balances is not None:
            self._reading_balances.cancel()
            await asyncio.gather(self._reading_balances, return_exceptions=True)

    async def allocations(self, *, fresh: bool = False) -> AllocationList:
        """Return the user's limits and what is used of them, at most some minutes old."""
        balances = await self.balances(fresh=fresh)
        return AllocationList(
            allocations=balances.rows, as_of=balances.as_of, missing=balances.missing
        )

    async def balances(self, *, fresh: bool = False) -> Balances:
        """Return what was read last; what fails leaves that as it was, with its age."""
        age = time.monotonic() - self._balances_tried_at
        if fresh or age > FRESH_SECONDS:
            self._read_soon()
        must_wait = fresh or age > OLD_SECONDS or self._balances.as_of is None
        if self._reading_balances is not None and must_wait:
            await asyncio.wait({self._reading_balances})
        return self._balances

    def _read_soon(self) -> None:
        """Ask Slurm, once at a time, and not while it is left alone after failures."""
        if self._reading_balances is None or self._reading_balances.done():
            self._balances_tried_at = time.monotonic()
            self._reading_balances = asyncio.create_task(self._read_balances())

    async def _read_balances(self) -> Balances:
        try:
            if self.is_resting:
                raise GatewayUnreachable("Slurm is left alone for a while.")
            self._balances = await self._understood(self._transport.balances(self.gateway_id))
        except (GatewayUnreachable, NotSignedIn):
            self._balances = replace(self._balances, missing=SILENT)
        return self._balances

    async def with_figures(self, seen: Sequence[Observation]) -> list[Observation]:
        """Add to why jobs wait how much is used of the limit that keeps them back.

        For the fair share alone Slurm is not asked: it is told where a reading is there.
        """
        is_limited = any(is_limit(one.native_state) for one in seen)
        balances = await self.balances() if is_limited else self._balances
        told = []
        for one in seen:
            more = figures(one.native_state, one.account, balances, partition=one.queue)
            more = more or share(one.native_state, one.account, balances)
            text = one.reason_text if more is None else f"{one.reason_text or ''} {more}".strip()
            told.append(replace(one, reason_text=text))
        return told
