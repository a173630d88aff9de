"""A gateway that is closed while an answer arrives does close, at whatever moment."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

import httpx
import pytest

from jupyterlab_batch.gateways.running import run_to_end
from jupyterlab_batch.gateways.slurm.http import RestClient
from tests.gateways.slurm.test_credential import credential

TURNS = range(12)
"""Turns of the event loop between the answer and the end; the call is over after half of them."""


async def cancel_after(turns: int, is_answered: asyncio.Event, call: Awaitable[object]) -> None:
    """Cancel a call some turns after its answer, and see that it does not go on regardless."""
    task = asyncio.ensure_future(call)
    await is_answered.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    if task.cancel():
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("turns", TURNS)
async def test_a_call_of_slurmrestd(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")
    is_answered = asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        is_answered.set()
        return httpx.Response(200, json={"errors": []})

    client = RestClient(
        url="http://127.0.0.1:1",
        credential=credential(),
        user_name="",
        api_version="auto",
        deadline_seconds=60.0,
    )
    client._http = httpx.AsyncClient(base_url=client.url, transport=httpx.MockTransport(answer))
    try:
        await cancel_after(turns, is_answered, client.call("GET", "/openapi/v3"))
    finally:
        await client.close()


@pytest.mark.parametrize("turns", TURNS)
async def test_a_program_of_slurms(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = asyncio.Event()
    lost = "jupyterlab_batch.gateways.running._Printed.connection_lost"
    end: Callable[..., None] = sys.modules[run_to_end.__module__]._Printed.connection_lost

    def tell(*arguments: object) -> None:
        end(*arguments)
        is_over.set()

    monkeypatch.setattr(lost, tell)
    call = run_to_end([sys.executable, "-c", ""], deadline_seconds=60.0)
    await cancel_after(turns, is_over, call)
