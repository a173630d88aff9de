"""What a user may use, over HTTP."""

from __future__ import annotations

import pytest

from jupyterlab_batch.domain.problems import GatewayUnreachable
from tests.fakes.allocations import core_hours
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import Call
from tests.handlers.contract import answered, problem


async def test_what_may_be_used_is_told_and_asked_again_where_that_is_wanted(
    call: Call, gateway: FakeGateway
) -> None:
    gateway.may_use = [core_hours()]
    told = answered(await call("GET", "gateways", "fake", "allocations"), "AllocationList")
    assert [one["granted"] for one in told["allocations"]] == [100.0]
    assert told["missing"] is None
    again = await call("GET", "gateways", "fake", "allocations", params={"fresh": "true"})
    assert answered(again, "AllocationList")["missing"] == "asked again"


async def test_a_gateway_that_limits_nobody_says_so(call: Call) -> None:
    told = answered(await call("GET", "gateways", "fake", "allocations"), "AllocationList")
    assert (told["allocations"], told["as_of"]) == ([], None)
    assert told["missing"] == "Fake limits nobody and charges nobody."


@pytest.mark.parametrize("error", [GatewayUnreachable("Fake is down."), ValueError("a mistake")])
async def test_one_that_cannot_tell_is_no_failure(
    call: Call, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(gateway, "allocations", fail)
    told = answered(await call("GET", "gateways", "fake", "allocations"), "AllocationList")
    assert told["allocations"] == []
    assert "Fake" in told["missing"]


async def test_bad_input(call: Call) -> None:
    problem(await call("GET", "gateways", "nowhere", "allocations"), 404, "unknown_gateway")
    bad = await call("GET", "gateways", "fake", "allocations", params={"fresh": "perhaps"})
    problem(bad, 400, "bad_request", "fresh")
