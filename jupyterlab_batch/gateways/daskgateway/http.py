"""Speaking with Dask Gateway, as one user.

Notes
-----
Dask Gateway 2026.3.0 answers with a cookie that stands for the user for five minutes, and beats
the header of the next call, whoever that says it is: we keep none.
"""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeVar

import anyio
import httpx
import msgspec

from jupyterlab_batch.domain.problems import (
    AnswerLost,
    GatewayRefused,
    GatewayUnreachable,
    NotSignedIn,
)
from jupyterlab_batch.gateways.breaker import Breaker
from jupyterlab_batch.gateways.daskgateway.answers import Refusal
from jupyterlab_batch.gateways.plainhttp import NOTHING_SENT, exchange, plain_client
from jupyterlab_batch.gateways.secret import SecretSource

MAX_ANSWER_BYTES: Final = 16 * 2**20
"""Of one answer; a cluster takes 4 kB."""
Method = Literal["GET", "POST", "DELETE"]
Answer = TypeVar("Answer")
_HUB_REFUSED: Final = "verifying user's JupyterHub API token"
_SIGN_IN: Final = (
    "Dask Gateway does not accept who you are: renew your token or password, or ask for one."
)
_MOST_WORDS: Final = 300


class Refused(GatewayRefused):
    """The gateway answered that it will not."""

    def __init__(self, message: str, *, said_status: int) -> None:
        super().__init__(message)
        self.said_status = said_status


class Http:
    """An HTTP client for one Dask Gateway and one user.

    Parameters
    ----------
    url
        Where ``/api`` is.
    public_url
        Where ``/clusters`` is.
    auth
        ``basic``, ``jupyterhub`` or ``token``.
    breaker
        Is told what comes of each call.
    """

    def __init__(
        self,
        *,
        url: str,
        public_url: str,
        verify: ssl.SSLContext,
        auth: str,
        user_name: str,
        secret: SecretSource,
        deadline_seconds: float,
        breaker: Breaker,
    ) -> None:
        self._auth = auth
        self._user_name = user_name
        self._secret = secret
        self._deadline_seconds = deadline_seconds
        self._breaker = breaker
        self._api = plain_client(url.rstrip("/"), verify=verify)
        self._public = plain_client(public_url.rstrip("/"), verify=verify)

    async def close(self) -> None:
        """Close what is open."""
        await self._api.aclose()
        await self._public.aclose()

    async def ask(self, path: str, kind: type[Answer], *, patience_seconds: float = 0.0) -> Answer:
        """Ask the gateway.

        Parameters
        ----------
        patience_seconds
            So much longer than usual the answer may take.

        Raises
        ------
        GatewayUnreachable, NotSignedIn
        """
        deadline = self._deadline_seconds + patience_seconds
        try:
            content = await self._call("GET", path, None, deadline)
        except GatewayRefused as refused:
            raise GatewayUnreachable(refused.message) from refused
        return self._decoded(content, kind)

    async def order(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | None,
        kind: type[Answer],
        *,
        deadline_seconds: float | None = None,
    ) -> Answer:
        """Have the gateway do something.

        Raises
        ------
        GatewayRefused, NotSignedIn
            It did not.
        GatewayUnreachable
            Nothing was sent.
        AnswerLost
            It may have done it.
        """
        try:
            deadline = deadline_seconds or self._deadline_seconds
            content = await self._call(method, path, body, deadline)
            return msgspec.json.decode(content or b"null", type=kind)
        except msgspec.MsgspecError as error:
            raise AnswerLost("what the gateway answered cannot be read") from error

    async def public(self, path: str, kind: type[Answer]) -> Answer:
        """Ask a scheduler through the gateway's proxy, which wants no sign-in and gets none.

        Raises
        ------
        GatewayUnreachable
            The scheduler, or the proxy, is silent.
        """
        request = self._public.build_request("GET", path, headers=_plain({}))
        response, content = await self._sent(self._public, request, self._deadline_seconds)
        if response.status_code != 200:
            raise GatewayUnreachable(f"HTTP {response.status_code} from the scheduler.")
        return self._decoded(content, kind)

    async def _call(
        self, method: Method, path: str, body: Mapping[str, Any] | None, deadline: float
    ) -> bytes:
        started = time.monotonic()
        try:
            content = await self._exchange(method, path, body, deadline)
        except Refused:
            self._breaker.note_success(time.monotonic() - started)
            raise
        except (GatewayUnreachable, NotSignedIn) as problem:
            self._breaker.note_failure(problem)
            raise
        except AnswerLost as lost:
            self._breaker.note_failure(GatewayUnreachable(f"Dask Gateway did not answer: {lost}."))
            raise
        self._breaker.note_success(time.monotonic() - started)
        return content

    async def _exchange(
        self, method: Method, path: str, body: Mapping[str, Any] | None, deadline: float
    ) -> bytes:
        headers = await self._headers()
        request = self._api.build_request(method, path, json=body, headers=headers)
        try:
            response, content = await self._sent(self._api, request, deadline)
        except GatewayUnreachable as silent:
            if method == "GET" or isinstance(silent.__cause__, NOTHING_SENT):
                raise
            raise AnswerLost(silent.message) from silent
        problem = _problem(response.status_code, content)
        if problem is None:
            return content
        if isinstance(problem, NotSignedIn):
            self._secret.forget()
        is_lost = response.status_code >= 500 and isinstance(problem, GatewayUnreachable)
        if is_lost and method != "GET":
            raise AnswerLost(problem.message)
        raise problem

    async def _sent(
        self, client: httpx.AsyncClient, request: httpx.Request, deadline: float
    ) -> tuple[httpx.Response, bytes]:
        try:
            with anyio.fail_after(deadline):
                return await exchange(client, request, max_bytes=MAX_ANSWER_BYTES)
        except NOTHING_SENT as error:
            raise GatewayUnreachable(f"Dask Gateway does not answer: {error}.") from error
        except httpx.HTTPError as error:
            why = str(error).rstrip(".") or "it broke off"
            message = f"The answer of Dask Gateway cannot be read: {why}."
            raise GatewayUnreachable(message) from error
        except TimeoutError as error:
            message = f"Dask Gateway did not answer within {deadline:g} s."
            raise GatewayUnreachable(message) from error

    async def _headers(self) -> dict[str, str]:
        secret = (await self._secret.read()).strip()
        if not secret:
            raise NotSignedIn(
                "There is nothing to sign in to Dask Gateway with. Put it where it is looked for: "
                "what secret_file, secret_command or secret_variable of this gateway names."
            )
        if not secret.isprintable():
            raise NotSignedIn("What is configured to sign in to Dask Gateway with is no secret.")
        if self._auth == "basic":
            pair = b64encode(f"{self._user_name}:{secret}".encode()).decode()
            return _plain({"Authorization": f"Basic {pair}"})
        word = "jupyterhub" if self._auth == "jupyterhub" else "Bearer"
        if not secret.isascii():
            raise NotSignedIn("What is configured as the token for Dask Gateway is no token.")
        return _plain({"Authorization": f"{word} {secret}"})

    @staticmethod
    def _decoded(content: bytes, kind: type[Answer]) -> Answer:
        try:
            return msgspec.json.decode(content, type=kind)
        except msgspec.MsgspecError as error:
            # Its words could hold what was answered.
            message = "What was answered cannot be read: it is not from Dask Gateway as we know it."
            raise GatewayUnreachable(message) from error


def _plain(headers: dict[str, str]) -> dict[str, str]:
    """Add what keeps answers from being packed: what is packed could be any size."""
    return {**headers, "Accept-Encoding": "identity"}


def _problem(status: int, content: bytes) -> GatewayUnreachable | NotSignedIn | Refused | None:
    """Return what an answer means; ``None`` if it is what was asked for."""
    if status < 300:
        return None
    said = _words(content)
    if status in {401, 407, 511} or _HUB_REFUSED in said:
        return NotSignedIn(_SIGN_IN)
    if status in {403, 404, 409, 422}:
        return Refused(said or f"HTTP {status}", said_status=status)
    if status >= 500:
        return GatewayUnreachable(f"Dask Gateway failed (HTTP {status}); its log says why.")
    return GatewayUnreachable(f"Dask Gateway answered with HTTP {status}; nothing was done.")


def _words(content: bytes) -> str:
    """Return why the gateway did not do it, in its own words: JSON, or plain text of aiohttp."""
    try:
        said = msgspec.json.decode(content, type=Refusal).error
    except msgspec.MsgspecError:
        said = content[:_MOST_WORDS].decode(errors="replace")
    return " ".join(said.split())[:_MOST_WORDS]
