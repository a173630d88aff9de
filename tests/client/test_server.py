"""Which server a kernel finds, and whom it does not trust."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jupyterlab_batch.client.errors import ServerNotFound
from jupyterlab_batch.client.server import SERVER_FILE_VARIABLE, find_server

Environment = dict[str, str]


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.fixture
def everything(tmp_path: Path) -> Environment:
    """All three ways at once."""
    file = write(tmp_path / "own.json", {"url": "http://127.0.0.1:1/a/", "secret": "s", "sock": ""})
    write(
        tmp_path / "runtime" / "jpserver-17.json",
        {"url": "http://127.0.0.1:3/c/", "token": "runtime-token", "sock": ""},
    )
    return {
        SERVER_FILE_VARIABLE: str(file),
        "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:2/user/b/",
        "JUPYTERHUB_API_TOKEN": "hub-token",
        "JPY_PARENT_PID": "17",
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
    }


def without(environment: Environment, *names: str) -> Environment:
    return {name: value for name, value in environment.items() if name not in names}


def test_the_extensions_own_file_comes_first(everything: Environment) -> None:
    server = find_server(everything)
    assert (server.url, server.authorization) == ("http://127.0.0.1:1/a/", "Batch s")


def test_then_the_hub(everything: Environment) -> None:
    server = find_server(without(everything, SERVER_FILE_VARIABLE))
    assert server.url == "http://127.0.0.1:2/user/b/"
    assert server.authorization == "token hub-token"


def test_then_the_runtime_file_of_the_parent(everything: Environment) -> None:
    server = find_server(without(everything, SERVER_FILE_VARIABLE, "JUPYTERHUB_API_TOKEN"))
    assert (server.url, server.authorization) == ("http://127.0.0.1:3/c/", "token runtime-token")


def test_a_secret_is_in_no_repr(everything: Environment) -> None:
    assert "token" not in repr(find_server(without(everything, SERVER_FILE_VARIABLE)))


def test_nothing_found_says_what_to_do() -> None:
    with pytest.raises(ServerNotFound, match="restart the kernel") as caught:
        find_server({"HOME": "/nonexistent"})
    assert caught.value.code == "server_not_found"


@pytest.mark.parametrize(
    "content",
    ["", "no json", "[]", '"text"', '{"url": 3, "secret": "s"}', '{"url": "http://x"}', "\udcff"],
)
def test_a_broken_file_is_passed_over(everything: Environment, content: str) -> None:
    Path(everything[SERVER_FILE_VARIABLE]).write_bytes(content.encode(errors="surrogateescape"))
    assert find_server(everything).authorization == "token hub-token"


def test_a_file_that_is_gone_is_passed_over(everything: Environment) -> None:
    Path(everything[SERVER_FILE_VARIABLE]).unlink()
    assert find_server(everything).authorization == "token hub-token"


def test_a_fifo_does_not_hang(everything: Environment) -> None:
    path = Path(everything[SERVER_FILE_VARIABLE])
    path.unlink()
    os.mkfifo(path)
    assert find_server(everything).authorization == "token hub-token"


def test_a_symlink_is_passed_over(everything: Environment, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(everything[SERVER_FILE_VARIABLE])
    server = find_server({**everything, SERVER_FILE_VARIABLE: str(link)})
    assert server.authorization == "token hub-token"


def test_files_of_another_user_are_passed_over(
    everything: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    with pytest.raises(ServerNotFound):
        find_server(without(everything, "JUPYTERHUB_API_TOKEN"))


def test_a_hub_that_listens_everywhere_is_called_here(everything: Environment) -> None:
    hub = without(everything, SERVER_FILE_VARIABLE)
    server = find_server({**hub, "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/b/"})
    assert server.url == "http://127.0.0.1:8888/user/b/"


@pytest.mark.parametrize("pid", ["", "../../etc/x", "17/../17", "-1"])
def test_a_parent_that_is_no_pid_is_no_path(everything: Environment, pid: str) -> None:
    bare = without(everything, SERVER_FILE_VARIABLE, "JUPYTERHUB_API_TOKEN")
    with pytest.raises(ServerNotFound):
        find_server({**bare, "JPY_PARENT_PID": pid})


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"JUPYTER_RUNTIME_DIR": "/r"},
        {"JUPYTER_DATA_DIR": "/d"},
        {"XDG_DATA_HOME": "/x"},
        {"XDG_DATA_HOME": "/x", "JUPYTER_DATA_DIR": "/d", "JUPYTER_RUNTIME_DIR": "/r"},
    ],
)
def test_the_runtime_directory_is_jupyters_own(
    variables: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jupyter_core.paths import jupyter_runtime_dir  # noqa: PLC0415 -- the thing to agree with

    from jupyterlab_batch.client.server import _runtime_directory  # noqa: PLC0415 -- likewise

    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(_runtime_directory(os.environ)) == jupyter_runtime_dir()


def test_on_macos_the_runtime_directory_is_in_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyterlab_batch.client.server import _runtime_directory  # noqa: PLC0415 -- as above

    monkeypatch.setattr("sys.platform", "darwin")
    assert _runtime_directory({"HOME": "/Users/a"}) == Path("/Users/a/Library/Jupyter/runtime")
