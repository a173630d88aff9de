"""What whoever starts a cluster can rely on, wherever it is: on real Dask."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from distributed import Client, versions
from jsonschema import Draft202012Validator

from jupyterlab_batch.client import generated
from jupyterlab_batch.client.connecting import VersionsDiffer, connect
from jupyterlab_batch.client.decode import decode
from jupyterlab_batch.domain.generated import ClusterClient, ClusterSpec, FixedWorkers
from jupyterlab_batch.domain.problems import GatewayRefused
from jupyterlab_batch.gateways.clusters import Created, Wanted
from tests.gateways.clusters.rig import ClusterRig, Followed
from tests.gateways.conformance.capabilities import proves

_OTHER = r"numpy is 0\.0\.1 in this notebook and [\d.]+ on the cluster"


def connected(told: ClusterClient) -> Client:
    """Return the client that the cell makes."""
    names: dict[str, Any] = {}
    exec(told.code, names)  # noqa: S102 -- as a notebook does
    client: Client = names["client"]
    return client


@contextmanager
def another_numpy() -> Iterator[None]:
    """Let clients that are made meanwhile say that they have a numpy of long ago."""
    own: dict[str, Any] = versions.get_versions()
    packages = {**own["packages"], "numpy": "0.0.1"}
    with patch("distributed.client.version_module.get_versions") as other:
        other.return_value = {**own, "packages": packages}
        yield


def connect_with_another(told: ClusterClient) -> None:
    """Connect as a cell does, and as `Cluster.client` does, where versions differ."""
    with another_numpy():
        connected(told).close()
        same = decode(generated.ClusterClient, msgspec.to_builtins(told))
        with pytest.warns(VersionsDiffer, match=f"(?s){_OTHER}.*kernel"):
            connect(same).close()


def compute(told: ClusterClient) -> tuple[int, str]:
    """Return a sum that a worker made, and where the scheduler is."""
    with connected(told) as client:
        return client.submit(lambda one, other: one + other, 40, 2, pure=False).result(
            timeout=120
        ), client.scheduler.address


@proves("What it offers can be had; all that is wrong is said at once, at the fields")
async def test_what_is_offered_can_be_had(rig: ClusterRig) -> None:
    gateway = rig.gateway()
    offer = await gateway.describe()
    assert offer.unavailable is None and offer.version is not None
    Draft202012Validator.check_schema(offer.options)
    assert await gateway.check(offer.default_spec) == []
    usual = {name: one["default"] for name, one in offer.options["properties"].items()}
    Draft202012Validator(offer.options).validate(usual)
    assert await gateway.check(ClusterSpec(workers=FixedWorkers(count=1), options=usual)) == []
    many = ClusterSpec(workers=FixedWorkers(count=10**9))
    assert all(issue.severity == "warning" for issue in await gateway.check(many))
    odd = {"nope": 1, **{name: [] for name in usual}}
    issues = await gateway.check(ClusterSpec(workers=FixedWorkers(count=1), options=odd))
    assert {issue.field_ for issue in issues} == {f"spec.options.{name}" for name in odd}


@proves("A cluster is used by a notebook, grows as far as there is room, adapts, shrinks, stops")
async def test_from_its_start_to_its_stop(
    rig: ClusterRig, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is used, grows as far as there is room, follows the work, shrinks and ends."""
    followed = await Followed.start(rig, rig.launch())
    up = await followed.ready(1)
    assert up.cores == 1 and up.memory_used_bytes is not None and up.started_at
    told = followed.gateway.client(followed.launch)
    answer, address = await asyncio.to_thread(compute, told)
    assert answer == 42 and address.startswith(("tls://", "gateway://"))
    assert "Versions differ" not in capsys.readouterr().out
    await asyncio.to_thread(connect_with_another, told)
    assert re.search(f"(?s)Versions differ.*{_OTHER}.*kernel", capsys.readouterr().out)
    idle = await followed.until(lambda seen: seen.idle_since is not None)
    assert idle.tasks is not None and idle.tasks.processing == 0
    note = await followed.scale(10**9)
    assert note is not None and str(rig.most_workers) in note
    await followed.ready(rig.most_workers)
    wanted = Wanted(minimum=1, maximum=2, adaptive=True)
    assert (await followed.gateway.scale(followed.native_id, wanted)).note is None
    await followed.ready(1)
    assert await followed.scale(2) is None
    seen = await followed.ready(2)
    assert seen.wanted in {2, None}
    assert await followed.scale(0) is None
    await followed.ready(0)
    await followed.gateway.close(followed.native_id)
    await followed.gateway.close(followed.native_id)
    with pytest.raises(GatewayRefused, match=r"being stopped|is over"):
        await followed.scale(1)
    over = await followed.end()
    assert (over.phase, over.reason, over.ready) == ("ABORTED", "stopped_by_user", 0)
    await followed.gateway.close(followed.native_id)
    with pytest.raises(GatewayRefused, match="is over"):
        await followed.scale(1)
    await followed.forget()


@proves("What connects a notebook names places, never keys")
async def test_no_key_is_in_what_is_told(rig: ClusterRig) -> None:
    told = msgspec.json.encode(rig.gateway().client(rig.launch())).decode()
    assert "PRIVATE" not in told and "BEGIN" not in told
    code: Any = compile(rig.gateway().client(rig.launch()).code, "cell", "exec")
    assert code is not None


@proves("One that is stopped before it is up ends, and is looked up, not started twice")
async def test_stopped_before_it_is_up_and_asked_for_twice(rig: ClusterRig) -> None:
    """The same tag is the same cluster, whoever asks; it is found by it too."""
    launch = rig.launch()
    followed = await Followed.start(rig, launch)
    found = await rig.gateway().look_up(launch)
    assert found is not None
    perhaps = [found] if isinstance(found, Created) else found
    assert followed.native_id in {one.native_id for one in perhaps}
    await followed.gateway.close(followed.native_id)
    over = await followed.end()
    assert (over.phase, over.reason) == ("ABORTED", "stopped_by_user")
    assert not await rig.gateway().look_up(rig.launch(options=rig.unlike))
    await followed.forget()


@proves("Without work it stops after as long as was asked for, and says so")
async def test_without_work_it_stops_by_itself_and_says_so(rig: ClusterRig) -> None:
    if not (await rig.gateway().describe()).capabilities.idle_stop:
        pytest.skip("the gateway alone decides when a cluster without work stops")
    followed = await Followed.start(rig, rig.launch(0, idle_stop_seconds=3))
    over = await followed.end()
    assert (over.phase, over.reason) == ("COMPLETED", "idle")
    assert over.reason_text is not None and "3 s without work" in over.reason_text
    await followed.forget()
