"""Speaking with slurmrestd: one connection a call, no cookies, no redirects."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

import anyio
import httpx

from jupyterlab_batch.domain.problems import AnswerLost, GatewayUnreachable, NotSignedIn
from jupyterlab_batch.gateways.plainhttp import NOTHING_SENT, exchange, plain_client
from jupyterlab_batch.gateways.slurm.credential import Credential
from jupyterlab_batch.gateways.slurm.refusals import NOT_AUTHENTICATED

OLDEST, NEWEST = 38, 45
"""The versions of the API that we know: Slurm 22.05 to 26.05."""

MAX_ANSWER_BYTES: Final = 64 * 2**20
"""Of one answer; a job takes about 4 kB, so this is some 16 000 jobs."""
Method = Literal["GET", "POST", "DELETE"]
Params = Mapping[str, str] | list[tuple[str, str | int | float | bool | None]] | None

_SIGN_IN_STATUS: Final = frozenset({401, 403, 407, 511})
_SIGN_IN_TEXT: Final = "Slurm does not accept your token. Renew it, or ask for one of your own."


class Reply:
    """What slurmrestd answered: always JSON, whatever the status."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.body = body

    @property
    def errors(self) -> list[tuple[int, str]]:
        """Number and words of each error; -1 is all that v0.0.38 says of many."""
        found = []
        told = self.body.get("errors")
        for error in told if isinstance(told, list) else []:
            if not isinstance(error, dict):
                continue
            number = error.get("error_number", error.get("error_code", error.get("errno", -1)))
            words = error.get("description") or error.get("error") or ""
            found.append((number if isinstance(number, int) else -1, str(words)))
        return found

    @property
    def is_ok(self) -> bool:
        """Whether the call did what it should."""
        return self.status == 200

    def has_error(self, number: int) -> bool:
        """Tell whether slurmrestd gave this error number."""
        return any(number == found for found, _ in self.errors)

    @property
    def has_only_unnumbered_errors(self) -> bool:
        """Whether there are errors, none of which says what it is."""
        told = self.body.get("errors")
        errors = told if isinstance(told, list) else []
        keys = {"error_number", "error_code", "errno"}
        return bool(errors) and not any(keys & set(error) for error in errors)

    @property
    def complaint(self) -> str:
        """What slurmrestd complains about, in its own words."""
        return "; ".join(words for _, words in self.errors if words) or f"HTTP {self.status}"


class RestClient:
    """An HTTP client for one slurmrestd and one user.

    Parameters
    ----------
    api_version
        Such as ``v0.0.40``, or ``auto`` for the highest that both sides know.
    """

    def __init__(
        self,
        *,
        url: str,
        credential: Credential,
        user_name: str,
        api_version: str,
        deadline_seconds: float,
    ) -> None:
        self._credential = credential
        self._user_name = user_name
        self._fixed_version = api_version
        self._deadline_seconds = deadline_seconds
        self._version: int | None = None
        self.url = url.rstrip("/")
        self.spoken_version = OLDEST
        """The version spoken last, for a preview while slurmrestd is silent."""
        self.has_database = False
        self.has_shares = False
        """It tells what associations used: since Slurm 23.11."""
        self._http = plain_client(self.url)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def version(self) -> int:
        """Return the number of the API to speak, such as 38 for v0.0.38.

        Raises
        ------
        GatewayUnreachable
            None that we know is served.
        NotSignedIn
        """
        if self._version is None:
            paths = (await self.call("GET", "/openapi/v3")).body.get("paths")
            paths = paths if isinstance(paths, dict) else {}
            served = _versions(paths, "slurm", "job/submit")
            if self._fixed_version != "auto":
                served &= _versions([f"/slurm/{self._fixed_version}/job/submit"], "slurm", "job/")
            known = [number for number in served if OLDEST <= number <= NEWEST]
            if not known:
                raise GatewayUnreachable(
                    "slurmrestd serves no version of its API that we know "
                    f"(v0.0.{OLDEST} to v0.0.{NEWEST})."
                )
            self._version = self.spoken_version = max(known)
            self.has_database = self._version in _versions(paths, "slurmdb", "")
            self.has_shares = self._version in _versions(paths, "slurm", "shares")
        return self._version

    async def user_name(self) -> str:
        """Return whose jobs we see: the configured name, or the one in the token."""
        return self._user_name or (await self._credential.token()).user_name or ""

    async def slurm(self, method: Method, path: str, **more: Any) -> Reply:  # noqa: ANN401 -- passed on to `call`
        """Call slurmctld through slurmrestd."""
        return await self.call(method, f"/slurm/v0.0.{await self.version()}/{path}", **more)

    async def slurmdb(self, path: str, **more: Any) -> Reply:  # noqa: ANN401 -- passed on to `call`
        """Ask slurmdbd through slurmrestd."""
        return await self.call("GET", f"/slurmdb/v0.0.{await self.version()}/{path}", **more)

    async def call(
        self,
        method: Method,
        path: str,
        *,
        params: Params = None,
        body: Mapping[str, Any] | None = None,
        deadline_seconds: float | None = None,
    ) -> Reply:
        """Send one request and read the answer, which may be an error of Slurm's.

        Raises
        ------
        NotSignedIn
            There is no usable token, or it was not accepted.
        GatewayUnreachable
            It was not sent, or it was a question that got no answer.
        AnswerLost
            A ``POST`` was sent and no answer read.
        """
        headers = await self._headers()
        request = self._http.build_request(method, path, params=params, json=body, headers=headers)
        deadline = deadline_seconds or self._deadline_seconds
        try:
            with anyio.fail_after(deadline):
                response, content = await exchange(self._http, request, max_bytes=MAX_ANSWER_BYTES)
        except NOTHING_SENT as error:
            self._version = None
            raise GatewayUnreachable(f"slurmrestd does not answer: {error}.") from error
        except (httpx.HTTPError, TimeoutError) as error:
            self._version = None
            if method == "POST":
                raise AnswerLost(repr(error)) from error
            if isinstance(error, httpx.HTTPError):
                why = str(error) or "it broke off"
                raise GatewayUnreachable(f"Slurm's answer cannot be read: {why}.") from error
            raise GatewayUnreachable(f"Slurm did not answer within {deadline:g} s.") from error
        return self._read(method, response, content)

    async def _headers(self) -> dict[str, str]:
        """Return both headers that v0.0.38 wants; v0.0.40 would do with the token alone."""
        token = await self._credential.token()
        return {
            "X-SLURM-USER-NAME": self._user_name or token.user_name or "",
            "X-SLURM-USER-TOKEN": token.text,
            # What is packed could be any size.
            "Accept-Encoding": "identity",
        }

    def _read(self, method: Method, response: httpx.Response, content: bytes) -> Reply:
        if response.is_redirect or response.status_code == 429:
            raise GatewayUnreachable(
                f"slurmrestd answered with HTTP {response.status_code}; nothing was done."
            )
        if response.status_code in _SIGN_IN_STATUS:
            raise self.not_signed_in()
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            if method == "POST":
                raise AnswerLost(f"HTTP {response.status_code} without JSON")
            raise GatewayUnreachable(f"HTTP {response.status_code}, but not from slurmrestd.")
        reply = Reply(response.status_code, body)
        if reply.has_error(NOT_AUTHENTICATED):
            raise self.not_signed_in()
        return reply

    def not_signed_in(self) -> NotSignedIn:
        """Drop the token and say why."""
        self._credential.reject()
        return NotSignedIn(_SIGN_IN_TEXT)


def _versions(paths: Mapping[str, Any] | list[str], plugin: str, call: str) -> set[int]:
    """Find the numbers of the versions that serve a call of a plugin."""
    pattern = re.compile(rf"/{plugin}/v0\.0\.(\d+)/{call}")
    return {int(match[1]) for path in paths if (match := pattern.match(path))}
