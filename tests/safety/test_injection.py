"""Every text of a submission, and every attack: a problem at its field, or it arrives as it is."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from tests.client.real import RealServer
from tests.fakes.notebooks import write_notebook
from tests.handlers.contract import conforms
from tests.safety.asking import Answer, ask, submit
from tests.safety.attacks import attacks
from tests.safety.fields import Field, text_fields

FIELDS = {field.label: field for field in text_fields()}


def test_the_texts_of_a_submission_are_found() -> None:
    """Fails when the walk through the contract finds fewer than there were."""
    assert {
        "gateway_id",
        "spec.name",
        "spec.task<CommandTask>.argv[]",
        "spec.task<ScriptTask>.path",
        "spec.task<ScriptTask>.interpreter",
        "spec.task<NotebookTask>.parameters.*",
        "spec.task<NotebookTask>.parameters.{}",
        "spec.environment.variables.{}",
        "spec.environment.variables.*.value",
        "spec.environment.variables.*.from_file",
        "spec.placement.queue",
        "spec.files.working_directory",
    } <= set(FIELDS)


@pytest.fixture(scope="module")
def server(fake_server: RealServer) -> RealServer:
    (fake_server.work / "plain.sh").touch()
    write_notebook(fake_server.work / "plain.ipynb")
    return fake_server


@pytest.mark.parametrize("label", FIELDS)
def test_a_text_is_refused_at_its_field_or_arrives(
    server: RealServer, label: str, tmp_path: Path
) -> None:
    field = FIELDS[label]
    for what, text in attacks(tmp_path).items():
        sent = field.make(text)
        answer = submit(server, sent, secrets.token_hex(16))
        if answer.status == 201:
            assert not (label.endswith("{}") and "(" in text), "no code is a name"
            _arrived(server, answer.json["id"], sent["spec"])
        else:
            _refused(answer, field, what)
    assert list(tmp_path.iterdir()) == []


def _arrived(server: RealServer, job_id: str, spec: Any) -> None:
    job = ask(server, "GET", f"jobs/{job_id}").json
    assert job["spec"] == spec
    written = Path(job["run_directory"], "spec.json").read_text(encoding="utf-8")
    assert json.loads(written)["spec"] == spec
    assert Path(job["run_directory"]).parent == (server.work / "batch-jobs").resolve()


def _refused(answer: Answer, field: Field, what: str) -> None:
    told = conforms(answer.json, "Problem")
    assert (answer.status, told["code"]) == (422, "not_valid"), (what, told)
    fields = [found["field"] for found in told["detail"]]
    assert any(name.startswith(field.prefix) for name in fields), (what, field.prefix, fields)


@pytest.mark.parametrize("label", FIELDS)
def test_an_ordinary_text_is_no_attack(server: RealServer, label: str) -> None:
    """What is refused above is refused for what it is."""
    field = FIELDS[label]
    answer = submit(server, field.make("plain"), secrets.token_hex(16))
    if answer.status != 201:
        codes = {found["code"] for found in answer.json["detail"]}
        # A gateway that has no such thing says so whatever the text is.
        assert codes <= _NOT_FOR_ITS_TEXT or all(map(_is_unknown, codes)), codes


_NOT_FOR_ITS_TEXT = {"wrong_type", "not_found", "not_supported", "not_allowed"}


def _is_unknown(code: str) -> bool:
    return code.startswith("unknown_")
