"""A job sees what is on the allow list, and no secret of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import decode_submission
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.environment import allowed_environment
from jupyterlab_batch.service.rules import rule_issues
from tests.fakes.submissions import submission
from tests.service.waiting import send

SERVER = {
    "HOME": "/home/me",
    "LC_ALL": "C.UTF-8",
    "LC_TIME": "C",
    "PATH": "/bin",
    "TMPDIR": "/scratch",
    "PYTHONPATH": "canary",
    "JUPYTERHUB_API_TOKEN": "canary",
    "JUPYTERLAB_BATCH_SERVER_FILE": "canary",
    "AWS_SECRET_ACCESS_KEY": "canary",
    "SLURM_JWT": "canary",
    "LD_PRELOAD": "canary",
    "SBATCH_PARTITION": "canary",
    "XLC_ALL": "canary",
    "home": "canary",
    "SCRATCH": "/site",
}


def test_only_what_is_on_the_list_is_inherited() -> None:
    allowed = allowed_environment(SERVER, [])
    assert set(allowed) == {"HOME", "LC_ALL", "LC_TIME", "PATH", "TMPDIR"}
    assert "canary" not in allowed.values()


def test_a_site_can_add_names() -> None:
    assert allowed_environment(SERVER, ["SCRATCH", "NOT_SET"])["SCRATCH"] == "/site"


async def test_nothing_else_of_the_server_is_in_a_run_directory(
    service: BatchService, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "canary-0123456789")
    record = await send(service, asked)
    for path in Path(record.run_directory).iterdir():
        assert "canary-0123456789" not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0


def issues_of(name: str, value: str = "value") -> list[str]:
    variables = {name: {"value": value}}
    result, _ = decode_submission(
        submission(environment={"kind": "inherit", "variables": variables})
    )
    assert result is not None
    return [issue.code for issue in rule_issues(result)]


@pytest.mark.parametrize(
    "name",
    [
        "TOKEN",
        "GITHUB_TOKEN",
        "jupyterhub_api_token",
        "AWS_SECRET_ACCESS_KEY",
        "DB_PASSWORD",
        "MYSQL_PASSWD",
        "KEY",
        "SSH_KEY",
        "KEYS_OF_THE_CITY",
        "OPENAI_APIKEY",
        "GOOGLE_CREDENTIALS",
        "SSH_PASSPHRASE",
    ],
)
def test_a_name_like_a_secret_takes_no_literal(name: str) -> None:
    assert issues_of(name) == ["secret_literal"]
    assert issues_of(name, "") == []


@pytest.mark.parametrize("name", ["MONKEY", "KEYBOARD", "TURKEY_SIZE", "OMP_NUM_THREADS", "_a1"])
def test_other_names_do(name: str) -> None:
    assert issues_of(name) == []


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "A\nB", "$(id)", "Ä", "A;id"])
def test_a_name_that_is_none(name: str) -> None:
    assert issues_of(name) == ["bad_variable_name"]


@pytest.mark.parametrize(
    ("value", "codes"),
    [("a\0b", ["control_character"]), ("x" * 100_001, ["too_long"]), ("$(id)\n'\"", [])],
)
def test_a_value_is_any_text_that_a_program_can_get(value: str, codes: list[str]) -> None:
    assert issues_of("A", value) == codes


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "python"}, "path", "required"),
    ({"kind": "python", "path": ""}, "path", "required"),
    ({"kind": "python", "path": "a\nb"}, "path", "control_character"),
    ({"kind": "conda", "name": None}, "name", "required"),
    ({"kind": "conda", "name": "two words"}, "name", "not_allowed"),
    ({"kind": "conda", "name": "-p"}, "name", "not_allowed"),
    ({"kind": "image"}, "name", "required"),
    ({"kind": "image", "name": "a\0.sif"}, "name", "control_character"),
    ({"kind": "image", "name": "--writable"}, "name", "not_allowed"),
    ({"kind": "image", "name": "a.sif", "path": "/opt/venv"}, "path", "not_allowed"),
    ({"kind": "modules", "names": []}, "names", "required"),
    ({"kind": "modules", "names": ["gcc", ""]}, "names", "not_allowed"),
    ({"kind": "modules", "names": ["--force"]}, "names", "not_allowed"),
    ({"kind": "modules", "names": ["$(id)"]}, "names", "not_allowed"),
    ({"kind": "modules", "names": ["gcc"], "path": "x"}, "path", "not_allowed"),
    ({"kind": "inherit", "name": "stars"}, "name", "not_allowed"),
]


@pytest.mark.parametrize(("environment", "field", "code"), WRONG)
def test_an_environment_that_cannot_be(environment: dict[str, Any], field: str, code: str) -> None:
    result, _ = decode_submission(submission(environment=environment))
    assert result is not None
    found = [(issue.field_, issue.code) for issue in rule_issues(result)]
    assert found == [(f"spec.environment.{field}", code)]


@pytest.mark.parametrize(
    "environment",
    [
        {"kind": "python", "path": "my venv/bin/python3"},
        {"kind": "conda", "name": "lsst-stack"},
        {"kind": "conda", "name": "/opt/my envs/stars"},
        {"kind": "modules", "names": ["gcc/12.2", "OpenMPI", "cuda@12~debug", "a+b"]},
        {"kind": "image", "name": "my images/tools.sif"},
        {"kind": "image", "name": "docker://ghcr.io/site/tools:1"},
    ],
)
def test_an_environment_that_can(environment: dict[str, Any]) -> None:
    result, _ = decode_submission(submission(environment=environment))
    assert result is not None
    assert rule_issues(result) == []


@pytest.mark.parametrize(
    "environment",
    [
        {"kind": "python", "path": "venv"},
        {"kind": "conda", "name": "stars"},
        {"kind": "image", "name": "stars.sif"},
    ],
)
def test_a_notebook_has_one_kernel(environment: dict[str, Any]) -> None:
    def found(**task: str) -> list[tuple[str, str]]:
        asked = {"kind": "notebook", "path": "a.ipynb", **task}
        result, _ = decode_submission(submission(task=asked, environment=environment))
        assert result is not None
        return [(one.field_, one.code) for one in rule_issues(result)]

    assert found() == []
    assert found(kernel_name="ir") == [("spec.task.kernel_name", "not_allowed")]


@pytest.mark.parametrize(
    "environment",
    [
        {"kind": "container", "name": "x"},
        {"kind": "modules", "names": "gcc"},
        {"kind": "python", "path": 3},
    ],
)
def test_what_is_no_environment_is_refused(environment: dict[str, Any]) -> None:
    result, issues = decode_submission(submission(environment=environment))
    assert result is None
    assert issues[0].field_.startswith("spec.environment")


def test_more_modules_than_are_loaded_are_told() -> None:
    names = [f"m{number}" for number in range(51)]
    result, issues = decode_submission(submission(environment={"kind": "modules", "names": names}))
    assert result is not None
    (found,) = issues
    assert (found.field_, found.code, found.limit) == ("spec.environment.names", "too_long", 50)
