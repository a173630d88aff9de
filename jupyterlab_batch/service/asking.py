"""Asking an adapter, which may be a stranger's: no call lasts for ever, whatever it does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from jupyterlab_batch.domain.problems import AnswerLost, GatewayUnreachable
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.gateways.launch import Launch, Submitted

QUESTION_SECONDS: Final = 20.0
ORDER_SECONDS: Final = 60.0
SUBMIT_SECONDS: Final = 90.0
LOOK_UP_SECONDS: Final = 300.0
"""Each is longer than what our own adapters allow themselves: their words say more."""
Answer = TypeVar("Answer")


class TooLate(Exception):
    """There was no answer in time."""


async def within(seconds: float, call: Coroutine[Any, Any, Answer]) -> Answer:
    """Wait so long and no longer, even if the call does not let itself be cancelled.

    Raises
    ------
    TooLate
    """
    asked = asyncio.ensure_future(call)
    try:
        await asyncio.wait({asked}, timeout=seconds)
        if not asked.done():
            raise TooLate(f"no answer within {seconds:g} s")
        return asked.result()
    finally:
        if not asked.done():
            asked.add_done_callback(_forget)
            asked.cancel()


async def question(
    gateway: JobGateway | ClusterGateway,
    call: Coroutine[Any, Any, Answer],
    seconds: float | None = None,
) -> Answer:
    """Wait for the answer to what changes nothing.

    Raises
    ------
    GatewayUnreachable
        There was none in time.
    """
    seconds = seconds or QUESTION_SECONDS
    try:
        return await within(seconds, call)
    except TooLate as late:
        message = f"{gateway.title} did not answer within {seconds:g} s. Try again."
        raise GatewayUnreachable(message, gateway_id=gateway.gateway_id) from late


async def order(gateway: JobGateway | ClusterGateway, call: Coroutine[Any, Any, Answer]) -> Answer:
    """Wait until an order was taken; return what it was taken as.

    Raises
    ------
    GatewayUnreachable
        Nobody said so in time.
    """
    try:
        return await within(ORDER_SECONDS, call)
    except TooLate as late:
        message = (
            f"{gateway.title} did not answer within {ORDER_SECONDS:g} s; it may have taken the "
            "order or not. Try again."
        )
        raise GatewayUnreachable(message, gateway_id=gateway.gateway_id) from late


async def send(gateway: JobGateway, launch: Launch) -> Submitted:
    """Submit.

    Raises
    ------
    AnswerLost
        There was no answer in time: the job may exist.
    """
    try:
        return await within(SUBMIT_SECONDS, gateway.submit(launch))
    except TooLate as late:
        raise AnswerLost(str(late)) from late


def _forget(asked: asyncio.Future[Any]) -> None:
    """Take note of how a call ended that nobody waits for, or the loop would complain."""
    if not asked.cancelled():
        asked.exception()
