"""From the administrator's configuration to what users see."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call
from tests.handlers.contract import answered

FAKE = "tests.fakes.gateway:FakeGateway"


class TestGateways:
    @pytest.fixture
    def gateways(self) -> list[dict[str, Any]]:
        return [
            {"kind": "abacus", "title": "Abacus"},
            {"kind": FAKE, "id": "fake", "title": "Fake", "greeting": "ciao"},
            {"kind": FAKE, "id": "off", "enabled": False},
            {"kind": FAKE, "id": "fake"},
        ]

    async def test_a_mistake_shows_where_users_look_for_the_gateway(
        self, call: Call, gateway: FakeGateway, submission: dict[str, Any]
    ) -> None:
        listed = answered(await call("GET", "gateways"), "GatewayList")["gateways"]
        assert [(one["id"], one["title"], one["health"]["ok"]) for one in listed] == [
            ("abacus", "Abacus", False),
            ("fake", "Fake", True),
            ("fake-4", "fake", False),
        ]
        assert gateway.greeting == "ciao"
        answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
        assert answered(answer, "Job", 201)["gateway_id"] == "fake"


class TestRunRoot:
    @pytest.fixture
    def jp_server_config(self, gateways: list[dict[str, Any]], tmp_path: Path) -> dict[str, Any]:
        return {
            "ServerApp": {"jpserver_extensions": {"jupyterlab_batch": True}},
            "BatchExtension": {
                "gateways": gateways,
                "run_root": str(tmp_path / "scratch" / "runs"),
            },
        }

    async def test_a_run_directory_outside_the_shown_folder_has_no_contents_path(
        self, call: Call, submission: dict[str, Any], tmp_path: Path
    ) -> None:
        answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
        job = answered(answer, "Job", 201)
        assert Path(job["run_directory"]).parent == tmp_path / "scratch" / "runs"
        assert job["run_contents_path"] is None


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_SCRATCH", "/canary-of-the-site")
    monkeypatch.setenv("SITE_SECRET", "canary-of-a-secret")


class TestEnvironment:
    @pytest.fixture
    def jp_server_config(self, site: None, gateways: list[dict[str, Any]]) -> dict[str, Any]:
        del site
        return {
            "ServerApp": {"jpserver_extensions": {"jupyterlab_batch": True}},
            "BatchExtension": {"gateways": gateways, "inherit_environment": ["SITE_SCRATCH"]},
        }

    async def test_jobs_see_what_the_site_adds_and_no_more(
        self, call: Call, gateway: FakeGateway, submission: dict[str, Any]
    ) -> None:
        await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
        (launch,) = gateway.launches
        assert "SITE_SCRATCH=/canary-of-the-site" in launch.script_text.replace("'", "")
        assert "canary-of-a-secret" not in launch.script_text
        assert "SITE_SECRET" not in launch.script_text


@pytest.mark.parametrize(
    "bad", [{"gateways": "local"}, {"gateways": ["local"]}, {"run_root": 7}, {"python": None}]
)
def test_a_value_of_the_wrong_type_is_said_at_the_start(bad: dict[str, Any]) -> None:
    with pytest.raises(TraitError):
        BatchExtension(**bad)


def test_without_configuration_there_is_the_local_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert BatchExtension().gateways == [{"kind": "local"}]
    assert BatchExtension().python == sys.executable


def test_slurm_appears_by_itself_where_sbatch_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sbatch").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert BatchExtension().gateways == [{"kind": "local"}, {"kind": "slurm"}]


async def test_one_that_never_started_can_be_stopped() -> None:
    await BatchExtension().stop_extension()


async def test_it_is_stopped_with_the_server(started: BatchExtension) -> None:
    await started.stop_extension()
    assert "JUPYTERLAB_BATCH_SERVER_FILE" not in os.environ
