"""The place of an environment, as far as this server sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import decode_submission
from jupyterlab_batch.service.files import FileRules
from tests.fakes.notebooks import write_notebook
from tests.fakes.submissions import submission

NOTEBOOK = {"kind": "notebook", "path": "a.ipynb"}
COMMAND = {"kind": "command", "argv": ["true"]}
PLACE, NAME, KIND = "spec.environment.path", "spec.environment.name", "spec.environment.kind"


def issues(
    root: Path, environment: dict[str, Any], task: dict[str, Any] = COMMAND
) -> list[tuple[str, str, str]]:
    result, wrong = decode_submission(submission(environment=environment, task=task))
    assert result is not None, wrong
    rules = FileRules(root_dir=root, kernel_names=lambda: ["python3"])
    found = rules.issues(result.spec) if rules.concern(result.spec) else []
    return [(one.field_, one.code, one.severity) for one in found]


def make_environment(folder: Path, *, inherits: bool = False) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/python").touch()
    text = f"home = /usr/bin\ninclude-system-site-packages = {str(inherits).lower()}\n"
    (folder / "pyvenv.cfg").write_text(text)
    return folder


def add_kernel(folder: Path) -> None:
    (folder / "lib/python3.11/site-packages/ipykernel").mkdir(parents=True)


def test_what_is_not_where_both_would_see_it_is_a_warning(tmp_path: Path) -> None:
    asked: list[tuple[dict[str, Any], str]] = [
        ({"kind": "python", "path": "venv"}, PLACE),
        ({"kind": "conda", "name": "./stars"}, NAME),
        ({"kind": "image", "name": "tools.sif"}, NAME),
        ({"kind": "image", "name": f"{tmp_path}/tools"}, NAME),
    ]
    for environment, field in asked:
        assert issues(tmp_path, environment) == [(field, "not_found", "warning")]
    (tmp_path / "tools.sif").touch()
    make_environment(tmp_path / "venv")
    assert issues(tmp_path, asked[0][0]) == issues(tmp_path, asked[2][0]) == []


def test_one_that_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    task = submission(environment={"kind": "conda", "name": "./stars"}, task=COMMAND)
    result, wrong = decode_submission(task)
    assert result is not None, wrong
    (found,) = FileRules(root_dir=tmp_path, kernel_names=lambda: ["python3"]).issues(result.spec)
    assert found.message == (
        f"There is no conda environment at {tmp_path}/stars. Nothing was submitted yet; a job "
        "would end before its program starts. Make it there, or name another one: conda env list "
        "tells which there are."
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"kind": "python", "path": "/only/on/nodes"},
        {"kind": "conda", "name": "stars"},
        {"kind": "image", "name": "/cvmfs/tools.sif"},
        {"kind": "image", "name": "docker://python:3.12"},
        {"kind": "modules", "names": ["gcc"]},
        {"kind": "inherit"},
    ],
)
def test_what_the_nodes_alone_may_see_is_left_to_them(
    tmp_path: Path, environment: dict[str, Any]
) -> None:
    assert issues(tmp_path, environment) == []


def test_a_notebook_is_told_where_it_finds_no_kernel(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb")
    venv = make_environment(tmp_path / "venv")
    for given in ("venv", "venv/bin/python"):
        found = issues(tmp_path, {"kind": "python", "path": given}, NOTEBOOK)
        assert found == [(PLACE, "never_starts", "warning")]
    assert issues(tmp_path, {"kind": "python", "path": "venv"}) == []
    add_kernel(venv)
    assert issues(tmp_path, {"kind": "python", "path": "venv"}, NOTEBOOK) == []
    make_environment(tmp_path / "heir", inherits=True)
    assert issues(tmp_path, {"kind": "python", "path": "heir"}, NOTEBOOK) == []
    (tmp_path / "stars/conda-meta").mkdir(parents=True)
    asked = {"kind": "conda", "name": "./stars"}
    assert issues(tmp_path, asked, NOTEBOOK) == [(NAME, "never_starts", "warning")]


def test_a_kernel_of_the_environment_need_not_be_installed_here(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb", kernel="of-a-laptop")
    elsewhere = {"kind": "python", "path": "/only/on/nodes"}
    assert issues(tmp_path, elsewhere, NOTEBOOK) == []
    here = issues(tmp_path, {"kind": "inherit"}, NOTEBOOK)
    assert here == [("spec.task.kernel_name", "unknown_kernel", "error")]


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ('{"language_info": {"name": "R"}}', [(KIND, "not_allowed", "error")]),
        ('{"kernelspec": {"language": "julia"}}', [(KIND, "not_allowed", "error")]),
        ('{"kernelspec": {"language": "Python"}}', []),
        ('{"kernelspec": 3, "language_info": []}', []),
        ("[]", []),
    ],
)
def test_a_notebook_in_another_language_is_refused(
    tmp_path: Path, metadata: str, found: list[tuple[str, str, str]]
) -> None:
    text = f'{{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {metadata}}}'
    (tmp_path / "a.ipynb").write_text(text)
    assert issues(tmp_path, {"kind": "image", "name": "docker://python"}, NOTEBOOK) == found
