"""Jobs that really run, with attacks in everything that they are given."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engine.harness import write_notebook
from tests.safety.asking import ask, end_of, submit
from tests.safety.attacks import attacks
from tests.safety.site import Site

_TELL = """
import json, os, sys
told = {"argv": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}
json.dump(told, open(os.environ["BATCH_RUN_DIRECTORY"] + "/told.json", "w"))
"""
_TOO_MUCH = {"NUL", "too long", "half an emoji"}
"""Refused on every gateway, as `test_injection` proves."""


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A folder in which only an attack makes something."""
    folder = tmp_path / "canary"
    folder.mkdir()
    return folder


@pytest.fixture
def texts(canary: Path) -> list[str]:
    return [text for what, text in attacks(canary).items() if what not in _TOO_MUCH]


@pytest.fixture
def short(texts: list[str]) -> list[str]:
    """What a file may be called, as far as its characters go."""
    return [text.replace("/", "\u2215") for text in texts if 0 < len(text) < 200 and text.strip()]


def begin(site: Site, gateway_id: str, task: Any, **spec: Any) -> str:
    """Submit a job, which must be taken, and return its id."""
    answer = submit(site.server, submission(gateway_id, task, **spec), secrets.token_hex(16))
    assert answer.status == 201, answer.body[:2000]
    job_id: str = answer.json["id"]
    return job_id


def submission(gateway_id: str, task: Any, **spec: Any) -> Any:
    resources = {"cores": 1, "memory_bytes": 2**28, "walltime_seconds": 120}
    return {
        "gateway_id": gateway_id,
        "spec": {"name": "Attack", "task": task, "resources": resources, **spec},
    }


def told_by(job: Any) -> Any:
    return json.loads(Path(job["run_directory"], "told.json").read_text(encoding="utf-8"))


def test_arguments_variables_and_folder_arrive(
    site: Site, gateway_id: str, canary: Path, texts: list[str], short: list[str]
) -> None:
    folder = site.server.work / "".join(short[:8])[:180].strip()
    folder.mkdir(exist_ok=True)
    script = site.server.work / f"-p evil {short[2][:60]}.py"
    script.write_text(_TELL)
    variables = {f"ATTACK_{number}": {"value": text} for number, text in enumerate(texts)}
    more: Any = {
        "name": texts[2][:200],
        "environment": {"kind": "inherit", "variables": variables},
        "files": {"working_directory": str(folder)},
    }
    tasks = [
        {"kind": "command", "argv": [sys.executable, "-c", _TELL, *texts]},
        {"kind": "script", "path": script.name, "arguments": texts},
        {
            "kind": "script",
            "path": script.name,
            "arguments": texts,
            "interpreter": sys.executable,
        },
    ]
    jobs = [begin(site, gateway_id, task, **more) for task in tasks]
    for job_id in jobs:
        job = end_of(site.server, job_id)
        assert job["phase"] == "COMPLETED", (job["reason_text"], job["native_state"])
        told = told_by(job)
        assert told["argv"] == texts
        assert told["folder"] == str(folder)
        for number, text in enumerate(texts):
            assert told["environment"][f"ATTACK_{number}"] == text
        assert job["name"] == more["name"]
        assert job["queue"] != "evil"
    assert list(canary.iterdir()) == []


def test_programs_of_such_names_are_not_there(
    site: Site, gateway_id: str, canary: Path, texts: list[str]
) -> None:
    (site.server.work / "plain.sh").write_text("echo ran\n")
    programs = [text for text in texts if text.strip() and len(text) < 1000]
    if gateway_id == "slurm-rest":
        programs = programs[::6]  # v0.0.38 is asked for two jobs a second
    tasks: list[Any] = [{"kind": "command", "argv": [text]} for text in programs]
    tasks += [{"kind": "script", "path": "plain.sh", "interpreter": text} for text in programs]
    jobs = [begin(site, gateway_id, task) for task in tasks]
    for task, job_id in zip(tasks, jobs, strict=True):
        job = end_of(site.server, job_id)
        assert (job["phase"], job["reason"]) == ("ERROR", "launch_failed"), (task, job)
    assert list(canary.iterdir()) == []


def test_a_notebook_gets_its_parameters_and_its_file(
    site: Site, gateway_id: str, canary: Path, texts: list[str], short: list[str]
) -> None:
    name, variable, output = (f"{text[:60]}.x" for text in short[1:4])
    write_notebook(
        site.server.work / f"{name}.ipynb",
        [
            "# parameters\ngiven = None",
            "import json, os\n"
            "told = {'given': given, 'secret': os.environ['ATTACK']}\n"
            "json.dump(told, open(os.environ['BATCH_RUN_DIRECTORY'] + '/told.json', 'w'))",
        ],
    )
    (site.server.work / variable).write_text(texts[3])
    given = {"list": texts, "by name": {text: text for text in texts}}
    task = {
        "kind": "notebook",
        "path": f"{name}.ipynb",
        "parameters": {"given": given},
        "output_path": f"{output}.ipynb",
    }
    environment = {"kind": "inherit", "variables": {"ATTACK": {"from_file": variable}}}
    job = end_of(site.server, begin(site, gateway_id, task, environment=environment))
    assert job["phase"] == "COMPLETED", job["reason_text"]
    assert told_by(job) == {"given": given, "secret": texts[3]}
    assert (site.server.work / f"{output}.ipynb").is_file()
    assert list(canary.iterdir()) == []


_TELL_OF_TASK = """
import json, os, sys
told = {"argv": sys.argv[1:], "value": os.environ["BATCH_PARAM_ATTACK"]}
json.dump(told, open(os.environ["BATCH_RUN_DIRECTORY"] + "/told.json", "w"))
"""


def test_the_values_of_an_array_arrive(
    site: Site, gateway_id: str, canary: Path, texts: list[str]
) -> None:
    if not ask(site.server, "GET", f"gateways/{gateway_id}").json["limits"]["max_array_size"]:
        pytest.skip("takes no arrays")
    values = [text for text in texts if 0 < len(text) < 1000]
    argv = [sys.executable, "-c", _TELL_OF_TASK, "{attack}", "a {attack} b"]
    parameters = {"attack": {"values": values}}
    array = {"kind": "parameters", "mode": "product", "parameters": parameters}
    job_id = begin(site, gateway_id, {"kind": "command", "argv": argv}, array=array)
    job = end_of(site.server, job_id, 180)
    assert job["phase"] == "COMPLETED", job["reason_text"]
    for index, text in enumerate(values):
        path = Path(job["run_directory"], "tasks", str(index), "told.json")
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told == {"argv": [text, f"a {text} b"], "value": text}
    assert list(canary.iterdir()) == []


@pytest.mark.parametrize("name", ["queue", "account"])
def test_a_place_that_is_none_is_refused_or_means_nothing(
    site: Site, gateway_id: str, canary: Path, texts: list[str], name: str
) -> None:
    taken = []
    for text in texts:
        sent = submission(gateway_id, {"kind": "command", "argv": ["true"]}, placement={name: text})
        answer = submit(site.server, sent, secrets.token_hex(16))
        if answer.status == 201:
            taken.append(answer.json["id"])
            continue
        told = answer.json
        assert (answer.status, told["field"]) == (422, f"spec.placement.{name}"), (text, told)
    for job_id in taken:
        job = end_of(site.server, job_id)
        assert (job["phase"], job["queue"]) != ("COMPLETED", "evil")
    assert list(canary.iterdir()) == []


def test_what_a_terminal_would_obey_is_only_text_in_a_log(site: Site, gateway_id: str) -> None:
    text = "\x1b]0;evil\x07<script>alert(1)</script>\u202e"
    job_id = begin(site, gateway_id, {"kind": "command", "argv": ["printf", "%s", text]})
    end_of(site.server, job_id)
    log = ask(site.server, "GET", f"jobs/{job_id}/log")
    assert log.body == text.encode()
    assert log.headers["Content-Type"] == "application/octet-stream"
    assert log.headers["X-Content-Type-Options"] == "nosniff"
