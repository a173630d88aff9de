"""Submitting and finding jobs, also when the answers get lost."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.client import Batch, BatchError
from jupyterlab_batch.client.server import Server
from tests.client import samples
from tests.client.scripted import SECRET, Cut, Lost, Reply, ScriptedServer


def test_a_submission_is_what_the_contract_says(
    scripted: ScriptedServer, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scripted.plan(Reply(samples.job(), 201))
    job = batch.submit(
        notebook="a.ipynb",
        gateway="slurm",
        cores=2,
        memory="2GB",
        time=timedelta(minutes=10),
        queue="roma",
        parameters={"seed": 3},
        variables={"OMP_NUM_THREADS": "2"},
        tags=["lens"],
        anyway=True,
    )
    call = scripted.calls[0]
    assert (call.method, call.path) == ("POST", "/lab/jupyterlab-batch/v1/jobs?anyway=true")
    assert call.headers["Authorization"] == f"Batch {SECRET}"
    assert len(call.headers["Idempotency-Key"]) == 32
    assert call.body == {
        "gateway_id": "slurm",
        "spec": {
            "name": "a",
            "task": {
                "kind": "notebook",
                "path": str(tmp_path / "a.ipynb"),
                "parameters": {"seed": 3},
            },
            "resources": {"cores": 2, "memory_bytes": 2 * 1024**3, "walltime_seconds": 600},
            "environment": {"kind": "inherit", "variables": {"OMP_NUM_THREADS": {"value": "2"}}},
            "placement": {"queue": "roma"},
            "files": {},
            "tags": {"lens": ""},
        },
    }
    assert (job.id, job.phase, job.name) == (samples.JOB_ID, "EXECUTING", "lens-mcmc")


def test_where_and_how_it_runs_is_sent(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Reply(samples.job()))
    batch.submit(
        "run.sh",
        gateway="slurm",
        qos="high",
        reservation="night",
        begin_at=datetime(2031, 1, 31, 18, tzinfo=timezone(timedelta(hours=2))),
        features=("fast",),
        nodes=2,
        processes=8,
        scratch="1GB",
        native={"exclusive": None, "nice": "10"},
    )
    spec = scripted.calls[0].body["spec"]
    assert spec["placement"] == {
        "qos": "high",
        "reservation": "night",
        "begin_at": "2031-01-31T16:00:00Z",
        "features": ["fast"],
    }
    assert spec["native"] == {"exclusive": None, "nice": "10"}
    asked = spec["resources"]
    assert (asked["nodes"], asked["processes"], asked["scratch_bytes"]) == (2, 8, 2**30)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"begin_at": datetime(2031, 1, 31)}, "spec.placement.begin_at"),
        ({"scratch": "much"}, "spec.resources.scratch_bytes"),
    ],
)
def test_what_cannot_be_meant_is_not_sent(
    scripted: ScriptedServer, batch: Batch, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(BatchError) as refused:
        batch.submit("run.sh", gateway="slurm", **wrong)
    assert (refused.value.code, refused.value.field) == ("not_valid", field)
    assert not scripted.calls


def test_the_first_gateway_is_the_default(scripted: ScriptedServer, batch: Batch) -> None:
    gateways = [samples.gateway(id="first"), samples.gateway(id="second")]
    scripted.plan(Reply({"gateways": gateways}), Reply(samples.job()))
    batch.submit("run.sh")
    assert scripted.calls[1].body["gateway_id"] == "first"


def test_a_command_starts_where_the_kernel_stands(
    scripted: ScriptedServer, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scripted.plan(Reply(samples.job()), Reply(samples.job()))
    batch.submit(command="echo 'two words' $(id)", gateway="local")
    batch.submit(command=["/bin/echo", "x"], gateway="local")
    specs = [call.body["spec"] for call in scripted.calls]
    assert specs[0]["task"] == {"kind": "command", "argv": ["echo", "two words", "$(id)"]}
    assert specs[0]["files"] == {"working_directory": str(tmp_path)}
    assert [spec["name"] for spec in specs] == ["echo", "echo"]


@pytest.mark.parametrize("fault", [Lost(), Cut(), Reply(b"<h1>Bad gateway</h1>", 502)])
def test_a_lost_answer_is_asked_for_again_under_the_same_key(
    scripted: ScriptedServer, batch: Batch, fault: Any
) -> None:
    in_flight = Reply(samples.problem("key_in_flight"), 409)
    scripted.plan(fault, in_flight, Reply(samples.job(), 200))
    assert batch.submit("run.sh", gateway="local").id == samples.JOB_ID
    keys = {call.headers["Idempotency-Key"] for call in scripted.calls}
    assert (len(keys), len(scripted.calls)) == (1, 3)
    assert len({str(call.body) for call in scripted.calls}) == 1


def test_an_answer_lost_for_good_names_the_key(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(Lost(), Lost(), Lost(), Lost())
    with pytest.raises(BatchError, match="not known whether") as caught:
        batch.submit("run.sh", gateway="local")
    key = caught.value.key
    assert caught.value.code == "answer_lost"
    assert key is not None
    assert key in str(caught.value)
    scripted.plan(Reply(samples.job()))
    batch.submit("run.sh", gateway="local", key=key)
    assert {call.headers["Idempotency-Key"] for call in scripted.calls} == {key}


def test_a_refusal_is_not_sent_again(scripted: ScriptedServer, batch: Batch) -> None:
    issue = {
        "field": "spec.resources.cores",
        "severity": "warning",
        "code": "over_queue",
        "message": "The queue has 2.",
        "limit": 2,
    }
    scripted.plan(Reply(samples.problem("warnings", "It may never start.", detail=[issue]), 422))
    with pytest.raises(BatchError) as caught:
        batch.submit("run.sh", gateway="local")
    assert len(scripted.calls) == 1
    assert caught.value.code == "warnings"
    assert caught.value.detail[0].limit == 2
    assert "spec.resources.cores: The queue has 2." in str(caught.value)
    assert "anyway=True" in str(caught.value)


def test_a_server_that_is_gone_says_that_nothing_was_sent(scripted: ScriptedServer) -> None:
    scripted.close()
    with pytest.raises(BatchError, match="nothing was sent") as caught:
        Batch(scripted.server).submit("run.sh", gateway="local")
    assert caught.value.code == "server_unreachable"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "spec.task"),
        ({"script": "a.sh", "command": "b"}, "spec.task"),
        ({"script": "a.sh", "memory": "8"}, "spec.resources.memory_bytes"),
        ({"script": "a.sh", "time": "soon"}, "spec.resources.walltime_seconds"),
        ({"script": "a.sh", "cores": 1.5}, "spec.resources.cores"),
        ({"script": "a.sh", "cores": True}, "spec.resources.cores"),
        ({"script": "a.sh", "parameters": {"a": 1}}, "spec.task.parameters"),
        ({"notebook": "a.ipynb", "arguments": ["x"]}, "spec.task.arguments"),
        ({"notebook": "a.ipynb", "parameters": {"a": {1}}}, "spec.task.parameters.a"),
        ({"notebook": "a.ipynb", "parameters": {"a": float("nan")}}, "spec.task.parameters.a"),
        ({"command": "echo 'open"}, "spec.task.argv"),
        ({"command": "x", "interpreter": "sh"}, "spec.task.interpreter"),
    ],
)
def test_what_cannot_be_sent_is_a_problem_at_its_field(
    scripted: ScriptedServer, batch: Batch, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(BatchError, match="Nothing was submitted") as caught:
        batch.submit(gateway="local", **asked)
    assert (caught.value.code, caught.value.field) == ("not_valid", field)
    assert scripted.calls == []


def test_check_asks_without_a_key(scripted: ScriptedServer, batch: Batch) -> None:
    scripted.plan(
        Reply(
            {
                "issues": [],
                "similar": None,
                "cost": None,
                "allocation_left": None,
                "limits": [],
                "preview": {"script": "#!/bin/sh", "request": "x"},
            }
        )
    )
    check = batch.check("run.sh", gateway="local", cores=2)
    assert check.preview is not None
    assert scripted.calls[0].path.endswith("/jobs/check")
    assert "Idempotency-Key" not in scripted.calls[0].headers


def test_jobs_are_listed_over_windows(scripted: ScriptedServer, batch: Batch) -> None:
    first = samples.job_list(samples.row(), samples.row(), cursor="c 1", total=4)
    scripted.plan(Reply(first), Reply(samples.job_list(samples.row(), total=4, cursor="c2")))
    jobs = batch.jobs("running", limit=3)
    assert len(jobs) == 3
    assert "group=running" in scripted.calls[0].path
    assert "cursor=c+1" in scripted.calls[1].path
    assert "limit=1&" in scripted.calls[1].path
    assert repr(jobs).endswith("3 of 4 jobs.")


def test_a_job_is_found_by_id_end_or_name(scripted: ScriptedServer, batch: Batch) -> None:
    other = samples.row(id="01jd3x5n8k6v2qwzr4tsm9yzzz", name="other")
    both = samples.job_list(samples.row(), other)
    scripted.plan(Reply(samples.job_list()), Reply(both))
    assert batch.job("m9ya7b").id == samples.JOB_ID
    scripted.plan(Reply(samples.job_list(other)))
    assert batch.job("other").id == other["id"]
    scripted.plan(Reply(samples.job_list()), Reply(both))
    with pytest.raises(BatchError, match="the id of 2 jobs"):
        batch.job("01jd3x")
    scripted.plan(Reply(samples.job_list()), Reply(both))
    with pytest.raises(BatchError, match='No job has the id or name "nobody"'):
        batch.job("nobody")


def test_no_server_is_a_sentence() -> None:
    nowhere = Server(url="http://127.0.0.1:1/", authorization="Batch x")
    with pytest.raises(BatchError, match="does not answer") as caught:
        Batch(nowhere).gateways()
    assert caught.value._render_traceback_() == [f"BatchError: {caught.value}"]


ENVIRONMENTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"modules": ["gcc/12", "mpi"]}, {"kind": "modules", "names": ["gcc/12", "mpi"]}),
    ({"conda": "stars"}, {"kind": "conda", "name": "stars"}),
    ({"conda": Path("/opt/envs/stars")}, {"kind": "conda", "name": "/opt/envs/stars"}),
    ({"python": "/opt/venv"}, {"kind": "python", "path": "/opt/venv"}),
    ({"image": "/images/a.sif"}, {"kind": "image", "name": "/images/a.sif"}),
    ({"image": "a.sif"}, {"kind": "image", "name": str(Path.cwd() / "a.sif")}),
    ({"image": Path("sandbox")}, {"kind": "image", "name": str(Path.cwd() / "sandbox")}),
    ({"image": "docker://a/b.sif"}, {"kind": "image", "name": "docker://a/b.sif"}),
]


@pytest.mark.parametrize(("asked", "sent"), ENVIRONMENTS)
def test_the_environment_is_sent(
    scripted: ScriptedServer, batch: Batch, asked: dict[str, Any], sent: dict[str, Any]
) -> None:
    scripted.plan(Reply(samples.job()))
    batch.submit("fit.sh", gateway="slurm", variables={"A": "1"}, **asked)
    environment = scripted.calls[0].body["spec"]["environment"]
    assert environment == {**sent, "variables": {"A": {"value": "1"}}}


@pytest.mark.parametrize("asked", [{"modules": "gcc"}, {"conda": "stars", "python": "/opt/venv"}])
def test_one_environment_is_asked_for(batch: Batch, asked: dict[str, Any]) -> None:
    with pytest.raises(BatchError) as caught:
        batch.submit("fit.sh", gateway="slurm", **asked)
    assert caught.value.code == "not_valid"
    assert (caught.value.field or "").startswith("spec.environment.")
