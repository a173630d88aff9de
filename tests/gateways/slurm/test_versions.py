"""Which version of its API is spoken with a slurmrestd, and what differs by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.problems import GatewayUnreachable
from jupyterlab_batch.gateways.launch import Launch
from jupyterlab_batch.gateways.slurm.script import request_of
from tests.gateways.conformance.jobs import HELLO
from tests.gateways.rigs.slurm import make_gateway
from tests.gateways.rigs.standin import Answer, StandIn, openapi


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_JWT", "no.token.at-all")


def serving(*versions: int, database: bool = True) -> StandIn:
    """Serve these versions, each without partitions and nodes."""

    def answer(method: str, path: str) -> Answer:
        if path == "/openapi/v3":
            return 200, openapi(*versions, database=database)
        return 200, {"meta": {"slurm": {"release": "1"}}, "partitions": [], "nodes": []}

    return StandIn(answer)


@pytest.mark.parametrize(
    ("served", "spoken"), [([36, 37, 38], 38), ([39, 40, 41], 41), ([44, 45, 46, 47], 45)]
)
async def test_the_highest_that_both_know_is_spoken(served: list[int], spoken: int) -> None:
    with serving(*served) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)
        assert (await gateway.describe(fresh=True)).health.ok
        await gateway.stop()
        assert {path.split("/")[2] for path in slurmrestd.paths[1:]} == {f"v0.0.{spoken}"}


async def test_a_version_can_be_named() -> None:
    with serving(38, 40, 41) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url, api_version="v0.0.40")
        assert (await gateway.describe(fresh=True)).health.ok
        await gateway.stop()
        assert {path.split("/")[2] for path in slurmrestd.paths[1:]} == {"v0.0.40"}


@pytest.mark.parametrize("named", ["auto", "v0.0.40"])
async def test_none_that_we_know_is_said(named: str) -> None:
    with serving(36, 37, 99) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url, api_version=named)
        health = (await gateway.describe(fresh=True)).health
        await gateway.stop()
    assert not health.ok
    assert health.error is not None
    assert "no version" in health.error


async def test_without_slurmdbd_there_is_no_history() -> None:
    with serving(38, database=False) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)
        assert not (await gateway.describe(fresh=True)).capabilities.history
        assert await gateway.list_history(["1"]) == []
        await gateway.stop()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (302, b""),
        (200, b"<html>hello</html>"),
        (429, b"{}"),
        (200, b"[1]"),
        (200, b'{"paths":' * 100_000),
        (200, b'{"errors": "x", "paths": 3}'),
        (500, b'{"errors": [1, null, {"error_number": "x"}]}'),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_what_is_no_slurmrestd_is_said(status: int, body: bytes) -> None:
    with StandIn(lambda method, path: (status, body)) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)
        with pytest.raises(GatewayUnreachable):
            await gateway.look_at(["1"])
        await gateway.stop()
        assert "/elsewhere" not in slurmrestd.paths


async def test_an_answer_without_end_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jupyterlab_batch.gateways.slurm.http.MAX_ANSWER_BYTES", 2**20)
    with StandIn(lambda method, path: (200, b" " * 2**21)) as slurmrestd:
        gateway = make_gateway("slurm", url=slurmrestd.url)
        with pytest.raises(GatewayUnreachable, match="larger than 1 MB"):
            await gateway.look_at(["1"])
        await gateway.stop()


@pytest.mark.parametrize(
    ("version", "has_script_in_job", "environment", "mode"),
    [(38, False, dict, "append"), (40, False, list, ["APPEND"]), (44, True, list, ["APPEND"])],
)
def test_each_version_is_told_in_its_own_form(
    tmp_path: Path, version: int, has_script_in_job: bool, environment: type, mode: Any
) -> None:
    launch = Launch(
        job_id="0" * 26,
        tag="jlb:" + "0" * 26,
        spec=HELLO.with_walltime(61).spec,
        run_directory=tmp_path,
        script_text="",
        stdout_path=tmp_path / "100%.log",
        stderr_path=tmp_path / "stderr.log",
    )
    body = request_of(launch).json(version)
    assert ("script" in body["job"], "script" in body) == (has_script_in_job, not has_script_in_job)
    assert isinstance(body["job"]["environment"], environment)
    assert body["job"]["open_mode"] == mode
    assert body["job"]["comment"] == launch.tag
    assert body["job"]["time_limit"] == 2
    assert body["job"]["standard_output"] == f"{tmp_path}/100%%.log"
