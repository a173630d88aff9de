"""From configuration to gateways: each mistake shows at its gateway, and hides no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from traitlets.config import Config, LoggingConfigurable

from jupyterlab_batch.domain.generated import ClusterSpec, FixedWorkers
from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.local import LocalGateway
from jupyterlab_batch.service.loading import AnyGateway, load_gateways
from jupyterlab_batch.service.unavailable import UnavailableGateway
from jupyterlab_batch.service.unavailableclusters import UnavailableClusters
from tests.fakes.clusters import FakeClusters
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission
from tests.service.conftest import Make
from tests.service.waiting import run_directories, send

FAKE = "tests.fakes.gateway:FakeGateway"


class NotAGateway:
    """Something else."""


class ExplodingGateway(FakeGateway):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        raise OSError("no such socket")


def load(*entries: dict[str, Any], parent: LoggingConfigurable | None = None) -> list[AnyGateway]:
    return load_gateways(entries, parent=parent or LoggingConfigurable())


def test_a_gateway_gets_its_id_title_and_options() -> None:
    (gateway,) = load({"kind": FAKE, "id": "one", "title": "One", "greeting": "ciao"})
    assert isinstance(gateway, FakeGateway)
    assert (gateway.gateway_id, gateway.title, gateway.greeting) == ("one", "One", "ciao")


def test_without_id_and_title_the_kind_names_it() -> None:
    (gateway,) = load({"kind": FAKE})
    assert (gateway.gateway_id, gateway.title) == ("FakeGateway", "FakeGateway")


def test_an_installed_kind_is_found_by_its_name() -> None:
    (gateway,) = load({"kind": "local"})
    assert isinstance(gateway, LocalGateway)
    assert gateway.gateway_id == "local" and gateway.title


def test_several_of_one_kind_in_the_order_of_the_configuration() -> None:
    gateways = load({"kind": FAKE, "id": "b"}, {"kind": FAKE, "id": "a"})
    assert [gateway.gateway_id for gateway in gateways] == ["b", "a"]


def test_one_that_is_switched_off_is_not_there() -> None:
    assert load({"kind": FAKE, "enabled": False}) == []


def test_traits_of_the_class_are_configured_as_everywhere() -> None:
    parent = LoggingConfigurable(config=Config({"FakeGateway": {"greeting": "salut"}}))
    (gateway,) = load({"kind": FAKE}, parent=parent)
    assert isinstance(gateway, FakeGateway) and gateway.greeting == "salut"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({}, 'no gateway of kind "" is installed'),
        ({"kind": "abacus"}, 'no gateway of kind "abacus" is installed'),
        ({"kind": "no.such.module:Class"}, "ModuleNotFoundError"),
        ({"kind": "tests.fakes.gateway:Nothing"}, "AttributeError"),
        ({"kind": "tests.service.test_loading:NotAGateway"}, "is no gateway"),
        ({"kind": "tests.service.test_loading:FAKE"}, "is no gateway"),
        ({"kind": ":"}, "ValueError"),
        ({"kind": 7}, 'no gateway of kind "7" is installed'),
        ({"kind": FAKE, "gretting": "hello"}, "there is no option gretting"),
        ({"kind": FAKE, "greeting": 7}, "greeting"),
        ({"kind": FAKE, "gateway_id": "x", "id": "y"}, "TypeError"),
        ({"kind": "tests.service.test_loading:ExplodingGateway"}, "no such socket"),
        ({"kind": "jupyterlab_batch.gateways.base:JobGateway"}, "abstract"),
    ],
    ids=str,
)
async def test_a_mistake_shows_at_its_gateway_and_hides_no_other(
    entry: dict[str, Any], why: str
) -> None:
    first, bad, last = load({"kind": FAKE, "id": "first"}, entry, {"kind": FAKE, "id": "last"})
    assert isinstance(first, FakeGateway) and isinstance(last, FakeGateway)
    assert isinstance(bad, UnavailableGateway)
    described = await bad.describe()
    assert not described.health.ok
    assert described.health.error is not None and why in described.health.error
    assert described.id and described.title
    assert described.kind == str(entry.get("kind", ""))


async def test_a_value_of_the_wrong_kind_is_not_shown() -> None:
    (bad,) = load({"kind": FAKE, "greeting": ["canary"]})
    told = msgspec.json.encode(await bad.describe()).decode()
    assert "greeting" in told and "canary" not in told


async def test_a_gateway_can_be_of_clusters_alone(make: Make) -> None:
    fake = "tests.fakes.clusters:FakeClusters"
    jobs, dask, bad = load(
        {"kind": FAKE, "id": "jobs"},
        {"kind": fake, "id": "dask", "title": "Dask"},
        {"kind": "dask-gateway", "id": "bad", "title": "Bad", "url": "ftp://x", "auth": "basic"},
    )
    assert isinstance(jobs, FakeGateway) and isinstance(dask, FakeClusters)
    assert isinstance(bad, UnavailableClusters)
    service = make(jobs, dask, bad)
    assert [one.gateway_id for one in service.gateways] == ["jobs"]
    offers = (await service.clusters.offers()).gateways
    assert [(one.id, one.unavailable is None) for one in offers] == [
        ("jobs", True),
        ("dask", True),
        ("bad", False),
    ]
    why = "Bad cannot be used: url and public_url begin with http:// or https:// and name a host"
    assert (offers[2].unavailable, offers[2].kind) == (why, "dask-gateway")
    with pytest.raises(GatewayUnreachable, match="Bad cannot be used"):
        await bad.check(ClusterSpec(workers=FixedWorkers(count=1)))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "url is missing"),
        ({"url": "https://user:canary@example.org"}, "hold no user, password"),
        ({"url": "https://example.org", "auth": "kerberos"}, "auth"),
        ({"url": "https://example.org", "ca_file": "/no/such"}, "FileNotFoundError"),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_dask_gateway(options: dict[str, Any], why: str) -> None:
    (bad,) = load({"kind": "dask-gateway", **options})
    assert isinstance(bad, UnavailableClusters)
    told = (await bad.describe()).unavailable or ""
    assert why in told and "canary" not in told


def test_ids_are_never_shared() -> None:
    gateways = load(
        {"kind": FAKE, "id": "a"},
        {"kind": FAKE, "id": "a-3"},
        {"kind": FAKE, "id": "a"},
        {"kind": FAKE, "id": "b"},
    )
    ids = [gateway.gateway_id for gateway in gateways]
    assert len(set(ids)) == 4
    assert [type(gateway) for gateway in gateways] == [
        FakeGateway,
        FakeGateway,
        UnavailableGateway,
        FakeGateway,
    ]


async def test_an_unusable_gateway_refuses_every_job_in_plain_words(make: Make, root: Path) -> None:
    (bad,) = load({"kind": "abacus", "id": "fake", "title": "Abacus"})
    service = make(bad)
    await service.start()
    with pytest.raises(GatewayUnreachable, match="Abacus cannot be used: no gateway of kind"):
        await send(service, submission())
    assert run_directories(root) == []
    assert await service.store.active() == []
