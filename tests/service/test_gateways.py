"""Gateways side by side: none is hidden, delayed or broken by another."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import Gateway, Health
from jupyterlab_batch.domain.problems import GatewayUnreachable, UnknownGateway
from jupyterlab_batch.service import gateways
from jupyterlab_batch.service.gateways import Gateways
from tests.fakes.gateway import FakeGateway
from tests.service.conftest import Make
from tests.service.waiting import send

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


class MuteGateway(FakeGateway):
    """Fails to describe itself, or never answers."""

    async def describe(self, *, fresh: bool = False) -> Gateway:
        if self.greeting == "hang":
            await asyncio.Event().wait()
        raise KeyError("a mistake")


@pytest.mark.parametrize("how", ["fail", "hang"])
async def test_one_that_cannot_say_how_it_is_is_shown_as_broken_and_hides_no_other(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "_DESCRIBE_SECONDS", 0.05)
    mute = MuteGateway(gateway_id="mute", title="Mute", greeting=how)
    both = Gateways([mute, FakeGateway(gateway_id="good")])
    first, second = await both.describe_all()
    assert (first.id, first.title, first.kind) == ("mute", "Mute", "fake")
    assert not first.health.ok and first.health.error
    assert second.health.ok


async def test_a_job_can_be_sent_to_one_that_cannot_describe_itself(
    make: Make, asked: dict[str, Any]
) -> None:
    mute = MuteGateway(gateway_id="fake", title="Mute")
    service = make(mute)
    await service.start()
    assert (await send(service, asked)).phase == "QUEUED"


class LateGateway(FakeGateway):
    """Has not described itself before it is told to."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.may = asyncio.Event()

    async def describe(self, *, fresh: bool = False) -> Gateway:
        await self.may.wait()
        return await super().describe(fresh=fresh)


async def test_what_a_gateway_cannot_do_is_judged_when_it_has_said_what_it_can(
    make: Make, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "_PATIENCE_SECONDS", 0.01)
    late = LateGateway(gateway_id="fake", title="Late")
    service = make(late)
    await service.start()
    asked["spec"]["array"] = {"kind": "index", "start": 0, "stop": 2}
    sending = asyncio.create_task(send(service, asked))
    assert not (await service.gateways.describe("fake")).health.ok
    late.may.set()
    assert (await sending).phase == "QUEUED"


async def test_one_that_never_says_what_it_can_is_not_said_to_lack_anything(
    make: Make, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "_FIRST_PATIENCE_SECONDS", 0.01)
    service = make(LateGateway(gateway_id="fake", title="Late"))
    await service.start()
    asked["spec"]["array"] = {"kind": "index", "start": 0, "stop": 2}
    with pytest.raises(
        GatewayUnreachable, match=r"has not answered for .* Nothing was submitted\."
    ):
        await send(service, asked)


async def test_one_that_is_not_configured() -> None:
    with pytest.raises(UnknownGateway) as caught:
        await Gateways([]).describe("x" * 10_000)
    assert len(caught.value.message) < 300


def health(ok: bool, as_of: datetime | None) -> Health:
    return Health(ok=ok, auth_ok=None, latency_ms=None, error=None, as_of=as_of)


async def test_since_when_a_gateway_is_silent() -> None:
    gateway = FakeGateway(gateway_id="fake")
    known = Gateways([gateway])
    described = await gateway.describe()

    def note(ok: bool, as_of: datetime | None, now: datetime | None = None) -> datetime | None:
        known.note_health(msgspec.structs.replace(described, health=health(ok, as_of)), now)
        return known.stale_since("fake")

    assert note(True, NOW) is None
    assert note(False, NOW) == NOW
    assert note(False, None, NOW + timedelta(hours=1)) == NOW
    assert note(True, NOW + timedelta(hours=2)) is None
    assert note(False, None, NOW) == NOW
    assert note(False, None, NOW + timedelta(hours=1)) == NOW
