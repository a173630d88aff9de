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
