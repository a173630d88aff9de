"""What only some batch systems can honour, and what makes no sense on any."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import OptionalField
from jupyterlab_batch.gateways.base import ENVIRONMENTS, NO_SITE
from jupyterlab_batch.service.batch import BatchService
from tests.fakes import gateway as fakes
from tests.fakes.submissions import resources, submission
from tests.service.waiting import send

ALL: list[OptionalField] = [
    *ENVIRONMENTS,
    "environment.image",
    "placement.qos",
    "placement.reservation",
    "placement.begin_at",
    "placement.features",
    "resources.nodes",
    "resources.processes",
    "resources.scratch_bytes",
]


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fake be one that can do all that is optional."""
    site = msgspec.structs.replace(NO_SITE, accepts=ALL, native=["nice"])
    monkeypatch.setattr(fakes, "NO_SITE", site)
    monkeypatch.setattr(fakes.FakeGateway, "image_words", ["apptainer", "exec"])


async def issues(service: BatchService, **spec: Any) -> list[tuple[str, str, str]]:
    check = await service.checker.check(submission(**spec))
    return [(one.field_, one.code, one.severity) for one in check.issues]


FILLED: dict[str, dict[str, Any]] = {
    "placement.qos": {"placement": {"qos": "high"}},
    "placement.reservation": {"placement": {"reservation": "night"}},
    "placement.begin_at": {"placement": {"begin_at": "2031-01-31T18:00:00Z"}},
    "placement.features": {"placement": {"features": ["fast"]}},
    "resources.nodes": {"resources": resources(nodes=2, processes=2)},
    "resources.scratch_bytes": {"resources": resources(scratch_bytes=1)},
    "native.nice": {"native": {"nice": "10"}},
}
ASKED_ENVIRONMENTS: list[dict[str, Any]] = [
    {"kind": "python", "path": "/opt/venv"},
    {"kind": "conda", "name": "stars"},
    {"kind": "modules", "names": ["gcc"]},
    {"kind": "image", "name": "docker://python:3.12"},
]


@pytest.mark.parametrize("field", FILLED)
async def test_what_it_cannot_honour_is_refused_at_its_field(
    service: BatchService, field: str
) -> None:
    assert (f"spec.{field}", "not_supported", "error") in await issues(service, **FILLED[field])


@pytest.mark.usefixtures("able")
async def test_environments_that_it_sets_up_are_no_issue(service: BatchService) -> None:
    for environment in ASKED_ENVIRONMENTS:
        assert await issues(service, environment=environment) == []


@pytest.mark.parametrize("environment", ASKED_ENVIRONMENTS, ids=lambda one: one["kind"])
async def test_environments_that_it_does_not_are_refused(
    service: BatchService, environment: dict[str, Any]
) -> None:
    found = await issues(service, environment=environment)
    assert found == [("spec.environment.kind", "not_supported", "error")]


@pytest.mark.usefixtures("able")
async def test_what_it_can_honour_is_no_issue(service: BatchService) -> None:
    srun = {"kind": "command", "argv": ["/usr/bin/srun", "./ranks"]}
    for spec in FILLED.values():
        assert await issues(service, task=srun, **spec) == []


@pytest.mark.usefixtures("able")
async def test_processes_that_nobody_would_start_are_doubtful(service: BatchService) -> None:
    told = ("spec.resources.processes", "out_of_range", "warning")
    assert await issues(service, resources=resources(processes=4)) == [told]


@pytest.mark.usefixtures("able")
async def test_numbers_that_make_no_sense_are_errors(service: BatchService) -> None:
    for name, value in (("nodes", 0), ("processes", -1), ("scratch_bytes", -1)):
        found = await issues(service, resources=resources(**{name: value}))
        assert (f"spec.resources.{name}", "out_of_range", "error") in found
    found = await issues(service, resources=resources(nodes=3, processes=2))
    assert ("spec.resources.nodes", "out_of_range", "error") in found
    found = await issues(service, placement={"features": ["a b"]})
    assert ("spec.placement.features", "unknown_feature", "error") in found


@pytest.mark.usefixtures("able")
@pytest.mark.parametrize("begin_at", ["tomorrow", "2031-01-31T18:00:00", 5, ["x"], "\ud83d"])
async def test_a_time_has_a_zone(service: BatchService, begin_at: Any) -> None:
    found = await issues(service, placement={"begin_at": begin_at})
    assert found == [("spec.placement.begin_at", "wrong_type", "error")]


@pytest.mark.usefixtures("able")
async def test_a_row_shows_all_cores_and_all_memory(service: BatchService) -> None:
    asked = submission(
        task={"kind": "command", "argv": ["srun", "true"]},
        resources=resources(nodes=2, processes=4, cores=3),
    )
    record = await send(service, asked)
    assert (record.cores, record.memory_bytes) == (12, 2 * 2**20)
