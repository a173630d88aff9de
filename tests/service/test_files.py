"""Files and folders of a submission, as the user of the server sees them."""

from __future__ import annotations

import multiprocessing
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_batch.domain.decoding import decode_submission
from jupyterlab_batch.service import files
from jupyterlab_batch.service.files import FileRules
from tests.fakes.notebooks import write_notebook
from tests.fakes.submissions import submission

Found = list[tuple[str, str]]
PATH, KERNEL, OUTPUT = "spec.task.path", "spec.task.kernel_name", "spec.task.output_path"
FOLDER = "spec.files.working_directory"
NOBODY = 65534


def issues(root: Path, **spec: Any) -> Found:
    result, wrong = decode_submission(submission(**spec))
    assert result is not None, wrong
    rules = FileRules(root_dir=root, kernel_names=lambda: ["python3"])
    return [(issue.field_, issue.code) for issue in rules.issues(result.spec)]


def of_script(root: Path, path: str) -> Found:
    return issues(root, task={"kind": "script", "path": path})


def of_notebook(root: Path, **task: Any) -> Found:
    return issues(root, task={"kind": "notebook", "path": "a.ipynb", **task})


def of_folder(root: Path, path: str) -> Found:
    return issues(root, files={"working_directory": path})


def of_variable(root: Path, path: str) -> Found:
    return issues(root, environment=from_file(path))


def from_file(path: str) -> dict[str, Any]:
    return {"kind": "inherit", "variables": {"API_TOKEN": {"from_file": path}}}


def as_nobody(root: Path, **spec: Any) -> Found:
    """Return the issues that a user without any rights sees; root may read and write anything."""
    if os.getuid() != 0:
        return issues(root, **spec)
    context = multiprocessing.get_context("fork")
    result = context.SimpleQueue()

    def work() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        result.put(issues(root, **spec))

    child = context.Process(target=work)
    child.start()
    found: Found = result.get()
    child.join(10)
    return found


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A folder that others can enter; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("path", ["run.sh", "sub/run.sh", "./sub/../run.sh"])
def test_a_script_that_is_there(tmp_path: Path, path: str) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "run.sh").touch()
    (tmp_path / "sub" / "run.sh").touch()
    assert of_script(tmp_path, path) == []
    assert of_script(tmp_path, str(tmp_path / path)) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("none.sh", "not_found"),
        ("none/run.sh", "not_found"),
        ("run.sh/run.sh", "not_found"),
        (".", "not_a_file"),
        ("/", "not_a_file"),
        ("/dev/zero", "not_a_file"),
        ("/proc/self/environ", "not_a_file"),
        ("environ", "not_a_file"),
        ("fifo", "not_a_file"),
        ("socket", "not_readable"),
        ("loop", "not_readable"),
        ("x" * 5000, "not_readable"),
        ("dangling", "not_found"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_script(tmp_path: Path, path: str, code: str) -> None:
    (tmp_path / "run.sh").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("none")
    (tmp_path / "environ").symlink_to("/proc/self/environ")
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert of_script(tmp_path, path) == [(PATH, code)]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("token", []),
        ("sub/../token", []),
        ("none", ["not_found"]),
        (".", ["not_a_file"]),
        ("fifo", ["not_a_file"]),
        ("long", ["too_long"]),
        ("/proc/self/environ", ["not_a_file"]),
    ],
)
def test_the_file_of_a_variable(tmp_path: Path, path: str, codes: list[str]) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "token").write_bytes(b"x" * 65_536)
    (tmp_path / "long").write_bytes(b"x" * 65_537)
    os.mkfifo(tmp_path / "fifo")
    field = "spec.environment.variables.API_TOKEN.from_file"
    assert of_variable(tmp_path, path) == [(field, code) for code in codes]
    assert of_variable(tmp_path, str(tmp_path / path)) == [(field, code) for code in codes]


def test_the_file_of_a_variable_that_may_not_be_read(open_root: Path) -> None:
    (open_root / "token").touch(mode=0o600)
    field = "spec.environment.variables.API_TOKEN.from_file"
    assert as_nobody(open_root, environment=from_file("token")) == [(field, "not_readable")]


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- the folder of descriptors itself
    for path in (".", "none", "/dev/zero"):
        of_script(tmp_path, path)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 -- likewise


def test_a_notebook_with_a_kernel_that_is_there(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb")
    assert of_notebook(tmp_path) == []
    assert of_notebook(tmp_path, kernel_name="python3") == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"[]",
        b"{}",
        b'{"cells": 1, "nbformat": 4}',
        b'{"cells": []}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:10]),
)
def test_what_is_no_notebook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.ipynb").write_bytes(content)
    assert of_notebook(tmp_path) == [(PATH, "not_a_notebook")]


@pytest.mark.parametrize("kernel", ["julia-1.10", "", None, 7, {"name": "python3"}, "$(id)"])
def test_a_kernel_that_is_not_there(tmp_path: Path, kernel: Any) -> None:
    write_notebook(tmp_path / "a.ipynb", kernel=kernel)
    assert of_notebook(tmp_path) == [(KERNEL, "unknown_kernel")]
    assert of_notebook(tmp_path, kernel_name="python3") == []
    assert of_notebook(tmp_path, kernel_name="../python3") == [(KERNEL, "unknown_kernel")]


def test_a_notebook_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_NOTEBOOK", (10, "Too large."))
    write_notebook(tmp_path / "a.ipynb")
    assert of_notebook(tmp_path) == [(PATH, "too_long")]


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("out.ipynb", None),
        ("old.ipynb", None),
        ("a.ipynb", "not_writable"),
        ("./sub/../a.ipynb", "not_writable"),
        ("link.ipynb", "not_writable"),
        ("sub", "not_a_file"),
        ("fifo", "not_a_file"),
        ("none/out.ipynb", "not_found"),
        ("a.ipynb/out.ipynb", "not_found"),
        ("/proc/none/out.ipynb", "not_found"),
        ("x" * 5000, "not_readable"),
        ("loop", "not_readable"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_where_the_output_goes(tmp_path: Path, output: str, code: str | None) -> None:
    write_notebook(tmp_path / "a.ipynb")
    write_notebook(tmp_path / "old.ipynb")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.ipynb").symlink_to("a.ipynb")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "fifo")
    found = of_notebook(tmp_path, output_path=output)
    assert found == ([] if code is None else [(OUTPUT, code)])


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        (".", None),
        ("sub", None),
        ("none", "not_found"),
        ("file", "not_found"),
        ("file/sub", "not_found"),
        ("/proc/none", "not_found"),
        ("x" * 5000, "not_readable"),
        ("loop", "not_readable"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_where_the_job_works(tmp_path: Path, folder: str, code: str | None) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    assert of_folder(tmp_path, folder) == ([] if code is None else [(FOLDER, code)])


def test_a_folder_of_others_is_no_place_to_work(open_root: Path) -> None:
    (open_root / "theirs").mkdir(mode=0o755)
    if os.getuid() != 0:
        (open_root / "theirs").chmod(0o555)
    found = as_nobody(open_root, files={"working_directory": "theirs"})
    assert found == [(FOLDER, "not_writable")]


def test_a_file_that_may_not_be_read(open_root: Path) -> None:
    write_notebook(open_root / "a.ipynb").chmod(0o000)
    task = {"kind": "notebook", "path": "a.ipynb"}
    assert as_nobody(open_root, task=task) == [(PATH, "not_readable")]


def test_a_folder_that_may_not_be_entered(open_root: Path) -> None:
    write_notebook(open_root / "a.ipynb")
    (open_root / "closed").mkdir(mode=0o000)
    task = {"kind": "notebook", "path": "a.ipynb", "output_path": "closed/out.ipynb"}
    found = as_nobody(open_root, task=task, files={"working_directory": "closed/sub"})
    assert found == [(FOLDER, "not_readable"), (OUTPUT, "not_readable")]


def test_an_output_that_may_not_be_written(open_root: Path) -> None:
    write_notebook(open_root / "a.ipynb")
    write_notebook(open_root / "old.ipynb").chmod(0o444)
    (open_root / "theirs").mkdir(mode=0o555)
    for output in ("old.ipynb", "theirs/out.ipynb"):
        task = {"kind": "notebook", "path": "a.ipynb", "output_path": output}
        assert as_nobody(open_root, task=task) == [(OUTPUT, "not_writable")]
