"""Scripts with lines that describe their job, from Python and by the magic."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError
from tests.client import samples
from tests.client.scripted import Reply, ScriptedServer

EXAMPLE = Path(__file__).parents[2] / "contract" / "examples" / "valid" / "ImportedSpec.script.json"


def imported(**changes: Any) -> dict[str, Any]:
    return {**json.loads(EXAMPLE.read_text()), **changes}


def gateways(*names: str) -> Reply:
    """Answer with gateways of which only those of Slurm read scripts."""
    made = [samples.gateway(id=name) for name in names]
    for gateway in made:
        gateway["capabilities"]["script_options"] = gateway["id"].startswith("slurm")
    return Reply({"gateways": made})


def test_a_script_is_read_changed_and_submitted(
    scripted: ScriptedServer, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scripted.plan(gateways("local", "slurm-1", "slurm-2"), Reply(imported()))
    script = batch.open_script("fit.sh")
    assert scripted.calls[-1].path == "/lab/jupyterlab-batch/v1/specs/import"
    assert scripted.calls[-1].body == {"gateway_id": "slurm-1", "path": str(tmp_path / "fit.sh")}
    assert [line.option for line in script.taken] == ["ntasks", "partition", "time"]
    assert [line.option for line in script.passed_on] == ["mail-type"]
    assert [line.option for line in script.refused] == ["output"]
    assert script.assumed == ["spec.resources.cores", "spec.resources.memory_bytes"]
    assert script.asked["time"] == timedelta(minutes=90)

    scripted.plan(Reply(samples.job(), 201))
    script.asked["tags"] = ["lens"]
    script.submit(memory="8GB", key="k" * 32)
    body = scripted.calls[-1].body
    assert body["gateway_id"] == "slurm-1"
    assert body["spec"]["task"]["kind"] == "script"
    assert body["spec"]["resources"] == {
        "processes": 4,
        "cores": 1,
        "memory_bytes": 8 * 2**30,
        "walltime_seconds": 5400,
    }
    assert body["spec"]["placement"] == {"queue": "long"}
    assert body["spec"]["native"] == {"mail-type": "END"}
    assert body["spec"]["tags"] == {"lens": ""}


ARRAYS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"kind": "index", "start": 0, "stop": 8, "step": 2, "max_running": 3},
        {"kind": "list", "indices": [0, 2, 4, 6, 8], "max_running": 3},
    ),
    ({"kind": "list", "indices": [1, 5]}, {"kind": "list", "indices": [1, 5]}),
]


@pytest.mark.parametrize(("read", "sent"), ARRAYS)
def test_what_is_read_is_what_is_sent(
    scripted: ScriptedServer, batch: Batch, read: dict[str, Any], sent: dict[str, Any]
) -> None:
    spec = {
        **imported()["spec"],
        "array": read,
        "files": {"working_directory": "/scratch/ada"},
        "environment": {"kind": "inherit", "variables": {"A": {"value": "1"}}},
        "placement": {"features": ["fast"], "begin_at": "2031-01-31T17:00:00Z", "qos": "long"},
    }
    scripted.plan(Reply(imported(spec=spec)), Reply(samples.job(), 201))
    batch.open_script("fit.sh", gateway="slurm").submit()
    told = scripted.calls[-1].body["spec"]
    indices = told["array"].get("indices") or list(
        range(told["array"]["start"], told["array"]["stop"] + 1, told["array"].get("step", 1))
    )
    assert indices == sent["indices"]
    assert told["array"].get("max_running") == sent.get("max_running")
    assert told["files"] == spec["files"]
    assert told["environment"] == spec["environment"]
    assert told["placement"]["features"] == ["fast"]
    assert told["placement"]["qos"] == "long"
    assert told["placement"]["begin_at"].startswith("2031-01-31T17:00:00")


def test_it_shows_what_became_of_each_line(scripted: ScriptedServer, batch: Batch) -> None:
    evil = {**imported()["refused"][0], "value": "<b>x</b>"}
    scripted.plan(Reply(imported(refused=[evil])))
    script = batch.open_script("fit.sh", gateway="slurm")
    lines = repr(script).splitlines()
    assert lines[2].split() == [
        *("6", "--output=<b>x</b>", "not", "honoured"),
        *evil["reason"].split(),
    ]
    assert lines[3].split() == ["2", "--ntasks=4", "taken", "resources.processes"]
    assert lines[4].endswith("placement.queue Only the first of them is taken.")
    assert "passed on" in lines[6]
    assert lines[-1] == "The script does not say: cores, memory_bytes."
    assert "<b>" not in script._repr_html_()
    assert "passed on" in script._repr_html_()


def test_what_the_batch_system_would_refuse_is_submitted_only_if_told(
    scripted: ScriptedServer, batch: Batch
) -> None:
    wrong = {**imported()["refused"][0], "option": "nonsense", "is_invalid": True}
    scripted.plan(Reply(imported(refused=[wrong])), Reply(samples.job(), 201))
    script = batch.open_script("fit.sh", gateway="slurm")
    with pytest.raises(BatchError, match=r"line 6: --nonsense.*Nothing was submitted") as caught:
        script.submit()
    assert caught.value.code == "not_valid"
    assert len(scripted.calls) == 1
    script.submit(anyway=True)
    assert scripted.calls[-1].path.endswith("/jobs?anyway=true")


def test_without_a_gateway_that_reads_scripts_it_is_said(
    scripted: ScriptedServer, batch: Batch
) -> None:
    scripted.plan(gateways("local"))
    with pytest.raises(BatchError, match="reads lines such as #SBATCH"):
        batch.open_script("fit.sh")
