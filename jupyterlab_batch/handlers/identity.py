"""The way in for kernels: a secret in a file that only the user can read.

Jupyter's own runtime file holds an empty token on servers with a password, so a kernel could not
reach its server by it.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir, secure_write
from jupyter_server.auth import IdentityProvider, User
from tornado.web import RequestHandler
from traitlets import Unicode

SCHEME = "Batch "
VARIABLE = "JUPYTERLAB_BATCH_SERVER_FILE"


class ServerFileIdentity(IdentityProvider):
    """Knows the bearer of the server file's secret as the owner of the server."""

    secret = Unicode()
    owner = Unicode()

    def get_user(self, handler: RequestHandler) -> User | None:
        """Return the owner if the request carries the secret."""
        given = handler.request.headers.get("Authorization", "").removeprefix(SCHEME)
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return None
        return User(username=self.owner)

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        """Tell that no browser sent this by itself: a cookie cannot carry the secret."""
        return handler.current_user is not None


class ServerFile:
    """The file that tells kernels where the server is; named in a variable that they inherit."""

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(32)
        self.path = Path(jupyter_runtime_dir()) / f"jupyterlab-batch-{os.getpid()}.json"

    def publish(self) -> None:
        """Let kernels know the path; they inherit the environment of the server."""
        os.environ[VARIABLE] = str(self.path)

    def write(self, *, url: str, sock: str) -> None:
        """Write address and secret, readable for the user alone; a kernel never sees half of it."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".new")
        with secure_write(str(unfinished)) as file:
            json.dump({"url": url, "secret": self.secret, "sock": sock}, file)
        unfinished.replace(self.path)

    def remove(self) -> None:
        """Remove the file and the variable, if they are (still) ours."""
        self.path.unlink(missing_ok=True)
        if os.environ.get(VARIABLE) == str(self.path):
            del os.environ[VARIABLE]
