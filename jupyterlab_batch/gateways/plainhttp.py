"""Speaking HTTP with a batch system: one connection a call, no cookies, no redirects."""

from __future__ import annotations

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

CONNECT_SECONDS: Final = 5.0
NOTHING_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)


def plain_client(url: str, *, verify: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    """Return a client that keeps nothing between calls; who calls sets the deadline of the whole.

    A connection that the other side closed while idle would make an unsent order look lost, and a
    cookie of an earlier call could stand for another user than its header.
    """
    return httpx.AsyncClient(
        base_url=url,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
        verify=verify,
        limits=httpx.Limits(max_keepalive_connections=0),
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
    )


async def exchange(
    client: httpx.AsyncClient, request: httpx.Request, *, max_bytes: int
) -> tuple[httpx.Response, bytes]:
    """Send a request and read the whole answer, as long as that is of a sane size."""
    response = await client.send(request, stream=True)
    content = bytearray()
    try:
        async for part in response.aiter_raw():
            content += part
            if len(content) > max_bytes:
                raise httpx.ReadError(f"it is larger than {max_bytes // 2**20} MB")
    finally:
        await response.aclose()
    return response, bytes(content)
