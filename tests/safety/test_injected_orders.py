"""Attacks in what a batch system is told beside what runs: its own options, and new terms."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.real import wait_for
from tests.handlers.contract import conforms
from tests.safety.asking import ask, end_of, submit
from tests.safety.attacks import attacks
from tests.safety.site import Site

_OPTIONS = ("comment", "constraint", "licenses", "mail-user", "nodelist", "output", "uid", "wckey")
_PLACES: dict[str, Any] = {
    **{f"native {name}": lambda text, name=name: {"native": {name: text}} for name in _OPTIONS},
    "native name": lambda text: {"native": {text: "x"}},
    "qos": lambda text: {"placement": {"qos": text}},
    "reservation": lambda text: {"placement": {"reservation": text}},
    "features": lambda text: {"placement": {"features": [text]}},
    "begin": lambda text: {"placement": {"begin_at": text}},
    "GPU": lambda text: {"resources": {"gpu_type": text}},
}
_STEP = 4
"""Each place gets so small a part of the attacks; v0.0.38, asked twice a second, half of that."""
RESOURCES = {"cores": 1, "memory_bytes": 2**28, "walltime_seconds": 300}


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """A folder in which only an attack makes something."""
    folder = tmp_path / "canary"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def submission(gateway_id: str, *argv: str, **spec: Any) -> Any:
    resources = {**RESOURCES, **spec.pop("resources", {})}
    task = {"kind": "command", "argv": list(argv)}
    return {
        "gateway_id": gateway_id,
        "spec": {"name": "Attack", "task": task, "resources": resources, **spec},
    }


def test_what_is_no_option_of_a_batch_system_is_refused_or_means_nothing(
    site: Site, gateway_id: str, canary: Path
) -> None:
    taken, step = [], _STEP * (2 if gateway_id == "slurm-rest" else 1)
    for number, (place, spec_of) in enumerate(_PLACES.items()):
        for what, text in list(attacks(canary).items())[number % step :: step]:
            sent = submission(gateway_id, "true", **spec_of(text))
            answer = submit(site.server, sent, secrets.token_hex(16))
            if answer.status == 201:
                taken.append(answer.json["id"])
            else:
                told = conforms(answer.json, "Problem")
                assert answer.status == 422 and told["message"], (place, what, told)
    for job_id in taken:
        ask(site.server, "POST", f"jobs/{job_id}/cancel")
    for job_id in taken:
        job = end_of(site.server, job_id)
        assert job["queue"] != "evil" and job["name"] == "Attack"


def test_a_comment_is_only_a_comment(site: Site, gateway_id: str, canary: Path) -> None:
    server = site.server
    job = submit(server, submission(gateway_id, "sleep", "600"), secrets.token_hex(16)).json
    address = f"jobs/{job['id']}"
    wait_for(lambda: ask(server, "GET", address).json["phase"] == "EXECUTING", "start", 90)
    before = ask(server, "GET", address).json
    told = set()
    for what, text in list(attacks(canary).items())[:: _STEP if gateway_id == "slurm-rest" else 1]:
        answer = ask(server, "PATCH", address, {"comment": text})
        if answer.status == 200:
            told.add(conforms(answer.json, "ActionResult")["outcome"])
            assert answer.json["outcome"] in {"ok", "denied"}, (what, answer.json)
        else:
            assert answer.status in {400, 422}, (what, answer.body)
            conforms(answer.json, "Problem")
    assert told == ({"denied"} if gateway_id == "local" else told | {"ok"})
    after = ask(server, "GET", address).json
    same = ("name", "queue", "cores", "memory_bytes", "walltime_seconds", "native_id", "phase")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    if site.slurm is not None and gateway_id != "local":
        shown = site.slurm.tool("scontrol", "show", "job", job["native_id"])
        assert f"Comment=jlb:{job['id']} " in shown
        assert "JobName=Attack" in shown and "Partition=evil" not in shown
    ask(server, "POST", f"{address}/cancel")
    assert end_of(server, job["id"])["phase"] == "ABORTED"


def test_a_patch_of_a_resubmission_is_refused_at_its_field_or_only_a_text(
    site: Site, gateway_id: str, canary: Path
) -> None:
    server = site.server
    job = submit(server, submission(gateway_id, "true"), secrets.token_hex(16)).json
    end_of(server, job["id"])
    taken = []
    for what, text in list(attacks(canary).items())[::_STEP]:
        for patch in ({"name": text}, {"placement": {"queue": text}}, {"resources": {text: 1}}):
            headers = {"Idempotency-Key": secrets.token_hex(16)}
            address = f"jobs/{job['id']}/resubmit?anyway=true"
            answer = ask(server, "POST", address, {"patch": patch}, headers=headers)
            if answer.status == 201:
                assert answer.json["resubmitted_from"] == job["id"]
                taken.append(answer.json)
            else:
                assert answer.status in {400, 422}, (what, patch, answer.body)
                conforms(answer.json, "Problem")
    for one in taken:
        ended = end_of(server, one["id"])
        assert (ended["name"], ended["queue"]) != ("Attack", "evil")
        assert ended["spec"]["task"] == job["spec"]["task"]
