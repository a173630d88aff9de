"""Secrets in every place where one may be, and every place where none of them may turn up."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.client.real import wait_for
from tests.engine.harness import write_notebook
from tests.handlers.conftest import KEY
from tests.handlers.contract import operations
from tests.safety.asking import Answer, ask, end_of, submit
from tests.safety.sampling import Seen, listening, repeating
from tests.safety.site import ORIGIN, Site

Evidence = dict[str, list[tuple[str, bytes]]]
"""What was found, by place: each with where exactly."""

PLACES: Final = (
    "environments of jobs",
    "arguments of all processes",
    "run directories",
    "logs",
    "database",
    "engine",
    "events",
    "answers",
    "log of the server",
    "batch system",
)
MAY: Final = {"environments of jobs": {"asked"}}
"""The one secret that a job asked for, from its file, is in its environment and nowhere else."""

_ENDS: Final = {"cancelJob", "suspendJob", "requeueJob", "stopCluster"}
_SCRIPT = 'echo begun\nuntil [ -e "$BATCH_RUN_DIRECTORY/go" ]; do sleep 0.1; done\necho done\n'
_CELL = """
import os, time
print("begun")
while not os.path.exists(os.environ["BATCH_RUN_DIRECTORY"] + "/go"):
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def evidence(site: Site) -> Evidence:
    """Run jobs of each kind on each gateway, ask for everything, and look everywhere."""
    server, seen, answers = site.server, Seen(), list[tuple[str, Answer]]()
    (server.work / "wait.sh").write_text(_SCRIPT)
    write_notebook(server.work / "wait.ipynb", ["# parameters\nx = 1", _CELL])
    with listening(server) as heard, repeating(seen.look):
        jobs = list(_submit_all(site, answers))
        for job in jobs:
            _wait_for_start(job)
        cluster = server.batch.start_cluster(1, name="Canary", memory="192MB")
        cluster.wait(1, timeout=240)
        marked = [cluster.id, *(job["id"] for job in jobs)]
        wait_for(lambda: all(map(seen.knows, marked)), "process of each job and of the cluster")
        answers += _ask_for_everything(site, jobs, cluster.id)
        for job in jobs:
            Path(job["run_directory"], "go").touch()
        for job in jobs:
            ended = end_of(server, job["id"])
            assert ended["phase"] == "COMPLETED", ended["reason_text"]
        cluster.stop()
        wait_for(lambda: cluster.refresh().is_over, "end of the cluster")
        answers += _ask_for_everything(site, jobs, cluster.id)
        wait_for(lambda: heard, "event")
    folder = server.log_path.parent
    return {
        "environments of jobs": [("environ", one) for one in seen.environments],
        "arguments of all processes": [("cmdline", one) for one in seen.arguments],
        "run directories": list(_files(server.work / "batch-jobs")),
        "logs": [(where, one.body) for where, one in answers if "/log" in where],
        "database": list(_files(folder / "data" / "jupyterlab_batch")),
        "engine": list(_files(folder / "run")),
        "events": [("event", one.encode()) for one in heard],
        "answers": [(where, _all_of(one)) for where, one in answers],
        "log of the server": [("server.log", server.log_path.read_bytes())],
        "batch system": list(_of_slurm(site)),
    }


def _submit_all(site: Site, answers: list[tuple[str, Answer]]) -> Iterator[Any]:
    tasks: list[Any] = [
        {"kind": "command", "argv": ["sh", "-c", _SCRIPT]},
        {"kind": "script", "path": "wait.sh"},
        {"kind": "notebook", "path": "wait.ipynb", "parameters": {"x": 2}},
    ]
    for gateway_id in site.gateways:
        for task in tasks:
            sent = {
                "gateway_id": gateway_id,
                "spec": {
                    "name": "Canary",
                    "task": task,
                    "environment": {
                        "kind": "inherit",
                        "variables": {"MY_TOKEN": {"from_file": str(site.asked)}},
                    },
                    "resources": {"cores": 1, "memory_bytes": 2**29, "walltime_seconds": 300},
                },
            }
            answers.append(("POST jobs/check", ask(site.server, "POST", "jobs/check", sent)))
            answer = submit(site.server, sent, secrets.token_hex(16))
            assert answer.status == 201, answer.body
            answers.append(("POST jobs", answer))
            yield answer.json


def _wait_for_start(job: Any) -> None:
    directory = Path(job["run_directory"])
    is_notebook = job["spec"]["task"]["kind"] == "notebook"
    name = "progress.json" if is_notebook else "stdout.log"
    sign = b'"cell":' if is_notebook else b"begun"

    def has_begun() -> bool:
        path = directory / name
        return path.exists() and sign in path.read_bytes()

    wait_for(has_begun, f"start of {directory}", 90)


def _ask_for_everything(
    site: Site, jobs: list[Any], cluster_id: str
) -> Iterator[tuple[str, Answer]]:
    """Send each operation of the contract that all survive, for each gateway and job."""
    server = site.server
    store_id = ask(server, "GET", "jobs").json["store_id"]
    bodies: dict[str, Any] = {
        "putDraft": {"title": "Form", "content": {"x": 1}},
        "markSeen": {"through_seq": 0},
        "actOnJobs": {"action": "hold", "job_ids": [job["id"] for job in jobs]},
        "removeRunDirectories": {"job_ids": [jobs[0]["id"][::-1]]},
    }
    for name, (verb, path) in operations().items():
        if name in _ENDS:
            continue
        query = f"?since=0&store_id={store_id}" if name == "getChanges" else ""
        addresses = {
            path.format(
                job_id=job["id"],
                cluster_id=cluster_id,
                gateway_id=gateway_id,
                key=KEY,
                path="status",
            )[1:]
            + query
            for job in jobs
            for gateway_id in site.gateways
        }
        if name in {"forgetJob", "forgetCluster"}:
            addresses = {f"{path.split('/')[1]}/{'0' * 26}"}
        for address in sorted(addresses):
            yield f"{verb} {address}", ask(server, verb, address, bodies.get(name, b""))


def _all_of(answer: Answer) -> bytes:
    return json.dumps(dict(answer.headers)).encode() + answer.body


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield str(path), path.read_bytes()


def _of_slurm(site: Site) -> Iterator[tuple[str, bytes]]:
    slurm = site.slurm
    if slurm is None:
        return
    for name in ("state", "log", "spool-n1", "spool-n2"):
        yield from _files(slurm.base / name)
    for command in (
        ("scontrol", "show", "job", "--details"),
        ("sacct", "--allusers", "--starttime=now-1hour", "--format=ALL", "--parsable2"),
        ("squeue", "--all", "--format=%all"),
    ):
        yield " ".join(command), slurm.tool(*command).encode()


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_turns_up(site: Site, evidence: Evidence, place: str) -> None:
    if place == "batch system" and site.slurm is None:
        pytest.skip("there is no Slurm")
    assert evidence[place], "nothing was looked at"
    found = [
        (kept, where)
        for where, content in evidence[place]
        for kept, secret in site.canaries.items()
        if secret.encode() in content and kept not in MAY.get(place, ())
    ]
    assert found == []


def test_what_a_job_asked_for_is_in_its_environment(site: Site, evidence: Evidence) -> None:
    """Shows that environments are looked at, and those of all jobs."""
    asked = site.canaries["asked"].encode()
    having = [one for _, one in evidence["environments of jobs"] if asked in one]
    jobs = {name for one in having for name in _values(one, b"BATCH_JOB_ID")}
    assert len(jobs) == 3 * len(site.gateways)


def test_all_that_is_looked_at_is_there(site: Site, evidence: Evidence) -> None:
    """Shows that the evidence is that of the jobs."""
    assert any(b"wait.sh" in content for _, content in evidence["arguments of all processes"])
    named = ["run directories", "database", "engine", "answers"]
    for place in named + (["batch system"] if site.slurm else []):
        assert any(b"Canary" in content for _, content in evidence[place]), place
    assert any(b"begun" in content for _, content in evidence["logs"])
    assert any(b"distributed" in content for _, content in evidence["arguments of all processes"])
    pages = [content for where, content in evidence["answers"] if "/dashboard/status" in where]
    assert any(b"Bokeh" in page for page in pages)
    if shutil.which("git") is not None:
        records = [content for where, content in evidence["answers"] if where.endswith("/record")]
        assert any(ORIGIN.encode() in content for content in records)


def _values(environment: bytes, name: bytes) -> Iterable[bytes]:
    pairs = (entry.partition(b"=") for entry in environment.split(b"\0"))
    return [value for key, _, value in pairs if key == name]
