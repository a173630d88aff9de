"""Reading a script into a job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jupyterlab_batch.domain.generated import Gateway
from jupyterlab_batch.gateways.base import ScriptReading
from jupyterlab_batch.gateways.slurm.scriptspec import read_script
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import Call
from tests.handlers.contract import answered, problem

SCRIPT = "#!/bin/sh\n#SBATCH -n 4 -t 1-0 -o x.log --mail-type=END -D out\ntrue\n"


@pytest.fixture
def slurm_like(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGateway]:
    def read(script: str, folder: str) -> ScriptReading:
        return read_script(script, folder)

    monkeypatch.setattr(gateway, "read_script", read)
    yield gateway


async def ask(call: Call, **body: Any) -> Any:
    return await call("POST", "specs", "import", body={"gateway_id": "fake", **body})


@pytest.mark.usefixtures("slurm_like")
async def test_a_script_becomes_a_job(call: Call, jp_root_dir: Path) -> None:
    (jp_root_dir / "fit.sh").write_text(SCRIPT)
    told = answered(await ask(call, path="fit.sh"), "ImportedSpec")
    assert told["spec"]["name"] == "fit"
    assert told["spec"]["task"] == {"kind": "script", "path": "fit.sh"}
    assert told["spec"]["resources"] == {
        "processes": 4,
        "cores": 1,
        "memory_bytes": 2**30,
        "walltime_seconds": 86400,
    }
    assert told["spec"]["native"] == {"mail-type": "END"}
    assert told["spec"]["files"] == {
        "working_directory": str(jp_root_dir / "out"),
        "stdout_path": "x.log",
        "stderr_path": "x.log",
    }
    assert told["assumed"] == ["spec.resources.cores", "spec.resources.memory_bytes"]
    assert [line["option"] for line in told["taken"]] == ["ntasks", "time", "output", "chdir"]
    assert [line["option"] for line in told["passed_on"]] == ["mail-type"]
    assert told["refused"] == []


async def test_where_no_lines_are_read_the_script_is_a_job_as_well(
    call: Call, gateway: FakeGateway, jp_root_dir: Path
) -> None:
    (jp_root_dir / "fit.sh").write_text(SCRIPT)
    told = answered(await ask(call, path=str(jp_root_dir / "fit.sh")), "ImportedSpec")
    assert told["taken"] == told["passed_on"] == told["refused"] == []
    # The time that the queue of the fake allows.
    assert told["spec"]["resources"]["walltime_seconds"] == 3600
    assert len(gateway.launches) == 0


@pytest.mark.usefixtures("slurm_like")
async def test_what_cannot_be_read_is_said(call: Call, jp_root_dir: Path) -> None:
    (jp_root_dir / "none.sh").write_text("echo no first line\n")
    for path in ("nowhere.sh", ".", "none.sh", "a\0b", ""):
        problem(await ask(call, path=path), 422, "not_valid", "path")
    problem(await ask(call, path="none.sh", gateway_id="nowhere"), 404, "unknown_gateway")
    problem(await ask(call, path="none.sh", text="#!/bin/sh"), 400, "bad_request")
    problem(await ask(call), 400, "bad_request")
    problem(await ask(call, path=3), 400, "bad_request")


@pytest.mark.usefixtures("slurm_like")
async def test_what_this_gateway_cannot_pass_on_is_not_promised(
    call: Call, gateway: FakeGateway, jp_root_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jp_root_dir / "fit.sh").write_text(
        "#!/bin/sh\n#SBATCH --exclude=n1\n#SBATCH -o x.log --mail-type=END\ntrue\n"
    )
    described = await gateway.describe()
    known = msgspec.structs.replace(
        described.site, as_of=described.health.as_of, native=["mail-type"]
    )

    async def describe(*, fresh: bool = False) -> Gateway:
        del fresh
        return msgspec.structs.replace(described, site=known)

    monkeypatch.setattr(gateway, "describe", describe)
    told = answered(await ask(call, path="fit.sh"), "ImportedSpec")
    assert told["spec"]["native"] == {"mail-type": "END"}
    assert [line["option"] for line in told["passed_on"]] == ["mail-type"]
    assert [line["option"] for line in told["refused"]] == ["exclude"]
    assert "cannot be given this option" in told["refused"][0]["reason"]
