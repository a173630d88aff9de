"""Which Jupyter server started this kernel, and what it accepts as proof."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from jupyterlab_batch.client.errors import ServerNotFound

SERVER_FILE_VARIABLE = "JUPYTERLAB_BATCH_SERVER_FILE"
_MAX_FILE_BYTES = 65536


@dataclass(frozen=True, kw_only=True)
class Server:
    """A Jupyter server as this process may call it.

    Attributes
    ----------
    url
        With the server's base path; of a Unix socket server only that path counts.
    authorization
        Value of the ``Authorization`` header: a secret, kept out of every repr.
    sock
        Path of its Unix socket, or "".
    """

    url: str
    authorization: str = field(repr=False)
    sock: str = ""


def find_server(environment: Mapping[str, str] | None = None) -> Server:
    """Find the Jupyter server that this kernel belongs to.

    Asked in this order: the file that the batch extension names to its kernels, the variables of
    a JupyterHub, the runtime file of the process that started this kernel.

    Parameters
    ----------
    environment
        By default the environment of this process.

    Raises
    ------
    ServerNotFound
        There is none; the message says what to do.
    """
    environment = os.environ if environment is None else environment
    server = _from_server_file(environment) or _from_hub(environment)
    if server is None:
        server = _from_runtime_file(environment)
    if server is None:
        raise ServerNotFound(
            "No Jupyter server with batch jobs was found from here; nothing was sent. "
            "Use a notebook kernel that was started by a JupyterLab with jupyterlab-batch "
            "installed. If this is one, restart the kernel: it may be older than the extension. "
            f"Elsewhere, set {SERVER_FILE_VARIABLE} to the server's own file."
        )
    return server


def _from_server_file(environment: Mapping[str, str]) -> Server | None:
    named = environment.get(SERVER_FILE_VARIABLE)
    content = _read_own_json(Path(named)) if named else None
    if content is None:
        return None
    url, secret = content.get("url"), content.get("secret")
    if not isinstance(url, str) or not isinstance(secret, str) or not secret:
        return None
    return Server(url=url, authorization=f"Batch {secret}", sock=str(content.get("sock") or ""))


def _from_hub(environment: Mapping[str, str]) -> Server | None:
    url, token = environment.get("JUPYTERHUB_SERVICE_URL"), environment.get("JUPYTERHUB_API_TOKEN")
    if not url or not token:
        return None
    return Server(url=_reachable(url), authorization=f"token {token}")


def _from_runtime_file(environment: Mapping[str, str]) -> Server | None:
    pid = environment.get("JPY_PARENT_PID", "")
    if not pid.isdecimal():
        return None
    content = _read_own_json(_runtime_directory(environment) / f"jpserver-{pid}.json")
    if content is None or not isinstance(content.get("url"), str):
        return None
    # A server with a password writes an empty token here; then only the two ways above lead in.
    token = content.get("token")
    return Server(
        url=str(content["url"]),
        authorization=f"token {token}" if token else "",
        sock=str(content.get("sock") or ""),
    )


def _reachable(url: str) -> str:
    """Replace the address "listen everywhere", which nobody can call, by this machine's own."""
    parts = urlsplit(url)
    if parts.hostname not in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not listened on
        return url
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"127.0.0.1{port}"))


def _runtime_directory(environment: Mapping[str, str]) -> Path:
    """Return what ``jupyter_core.paths.jupyter_runtime_dir`` does, without importing it."""
    if environment.get("JUPYTER_RUNTIME_DIR"):
        return Path(environment["JUPYTER_RUNTIME_DIR"])
    return _data_directory(environment) / "runtime"


def _data_directory(environment: Mapping[str, str]) -> Path:
    if environment.get("JUPYTER_DATA_DIR"):
        return Path(environment["JUPYTER_DATA_DIR"])
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Jupyter"
    if sys.platform == "win32" and environment.get("APPDATA"):
        return Path(environment["APPDATA"]) / "jupyter"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "jupyter"


def _read_own_json(path: Path) -> dict[str, object] | None:
    """Read a small JSON object, only if the file is regular and this user's own."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
        with open(descriptor, "rb") as file:  # noqa: PTH123 -- a descriptor, not a path
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or not _is_own(status.st_uid):
                return None
            content = json.loads(file.read(_MAX_FILE_BYTES))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _is_own(uid: int) -> bool:
    return not hasattr(os, "geteuid") or uid == os.geteuid()
