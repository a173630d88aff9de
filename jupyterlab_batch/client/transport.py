"""One HTTP call to the Jupyter server, with a deadline and one kind of error."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlencode, urlsplit

from jupyterlab_batch.client.decode import decode
from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.generated import Problem
from jupyterlab_batch.client.server import Server

_T = TypeVar("_T")
_BASE = "jupyterlab-batch/v1"
_QUESTION_SECONDS = 30.0
_ORDER_SECONDS = 150.0
"""So long a batch system that is busy may let one wait, until the server says that nobody knows."""
_MAX_ANSWER_BYTES = 64 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server said to a call that succeeded."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 -- what JSON holds is known only after decoding
        """Return the body as JSON.

        Raises
        ------
        BatchError
            It is none (``not_understood``).
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise _not_understood(self.status) from None

    def decode(self, kind: type[_T]) -> _T:
        """Return the body as an instance of a generated class.

        Raises
        ------
        BatchError
            It is none (``not_understood``).
        """
        try:
            return decode(kind, self.json())
        except ValueError:
            raise _not_understood(self.status) from None


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Transport:
    """The only place of the client that opens a connection.

    Parameters
    ----------
    server
        Whom to call. No proxy is used, no cookie kept, no redirect followed.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        deadline_seconds: float | None = None,
    ) -> Answer:
        """Call one endpoint below ``jupyterlab-batch/v1``.

        Parameters
        ----------
        deadline_seconds
            For the whole answer. Default: 30 s for a question, 150 s for an order.

        Raises
        ------
        BatchError
            ``server_unreachable``: nothing was sent. ``answer_lost``: sent, but no whole answer
            was read. ``not_understood``: an answer, but not of the batch extension. Else the code
            of the problem that the server answered with.
        """
        parts = urlsplit(self._server.url)
        target = f"{parts.path.rstrip('/')}/{_BASE}/{path}"
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        if asked:
            target += "?" + urlencode(asked)
        sent = {"Accept": "application/json", **(headers or {})}
        if self._server.authorization:
            sent["Authorization"] = self._server.authorization
        payload = None
        if body is not None:
            payload = json.dumps(body, allow_nan=False).encode()
            sent["Content-Type"] = "application/json"
        seconds = deadline_seconds or (_QUESTION_SECONDS if method == "GET" else _ORDER_SECONDS)
        with _ended_after(seconds, self._connect(parts, seconds)) as connection:
            connection.request(method, target, payload, sent)
            answer = _read(connection)
        if answer.status >= 300:
            raise _as_error(answer)
        return answer

    def _connect(self, parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
        try:
            connection = self._connection(parts, timeout)
            connection.connect()
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "verify_message", "")
            raise BatchError(
                f"Its certificate is not trusted ({reason}); nothing was sent. "
                "Name the authority in SSL_CERT_FILE and restart the kernel."
                if reason
                else "The Jupyter server does not answer; nothing was sent. Jobs go on without "
                "it. If it was restarted, restart this kernel too, and try again.",
                code="server_unreachable",
            ) from error
        return connection

    def _connection(self, parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
        if self._server.sock:
            return _UnixConnection(self._server.sock, timeout)
        host = parts.hostname or ""
        if parts.scheme != "https":
            return http.client.HTTPConnection(host, parts.port, timeout=timeout)
        import ssl  # noqa: PLC0415 -- a Python may be built without it

        context = ssl.create_default_context()
        if host in _LOOPBACK:
            # The certificate names the public host or is self-signed; on loopback this is
            # no weaker than the plain http that Jupyter uses there by default.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)


@contextmanager
def _ended_after(
    deadline_seconds: float, connection: http.client.HTTPConnection
) -> Iterator[http.client.HTTPConnection]:
    watchdog = threading.Timer(deadline_seconds, _abort, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield connection
    except (OSError, http.client.HTTPException) as error:
        raise BatchError(
            "The Jupyter server took the call, but its answer was lost. "
            "Jobs go on. Try again in a moment.",
            code="answer_lost",
        ) from error
    finally:
        watchdog.cancel()
        connection.close()


def _abort(connection: http.client.HTTPConnection) -> None:
    """End a call that is over its deadline: the timeout of a socket is for each read alone."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed by the other side in the meantime


def _read(connection: http.client.HTTPConnection) -> Answer:
    response = connection.getresponse()
    body = response.read(_MAX_ANSWER_BYTES)
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=headers, body=body)


def _as_error(answer: Answer) -> BatchError:
    try:
        problem = decode(Problem, json.loads(answer.body))
    except ValueError:
        return _not_understood(answer.status)
    return to_error(problem)


def to_error(problem: Problem) -> BatchError:
    """Return what the server says is wrong, as it is raised."""
    return BatchError(
        problem.message,
        code=problem.code,
        field=problem.field,
        detail=problem.detail,
        retry_after_seconds=problem.retry_after_seconds,
    )


def _not_understood(status: int) -> BatchError:
    """Say in words what an answer means that is not of the batch extension."""
    if status in {502, 503, 504}:
        return BatchError(
            f"A proxy answered in place of the Jupyter server (HTTP {status}). "
            "Jobs go on. Try again in a moment.",
            code="answer_lost",
        )
    if status in {401, 403}:
        return BatchError(
            f"The Jupyter server does not accept this kernel's credential (HTTP {status}); "
            "nothing was done. Restart the kernel and try again.",
            code="unauthenticated",
        )
    return BatchError(
        f"What answered is not the batch extension (HTTP {status}); nothing was done. "
        "Check that jupyterlab-batch is installed and enabled in the Jupyter server.",
        code="not_understood",
    )
