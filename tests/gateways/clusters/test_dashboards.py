"""The real dashboards, handed on by a real server: to their owner, and nothing beside them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from tests.client.real import RealServer
from tests.gateways.clusters.daskserver import PASSWORD, DaskGatewayServer
from tests.gateways.clusters.servers import OPTIONS, start_cluster, until
from tests.handlers.test_dashboard import FORBIDDEN
from tests.safety.asking import ask

EVIL = "https://evil.example"
BOB = ("bob", PASSWORD)


class Asked:
    """The dashboard of one cluster, by the address that our server has for it."""

    def __init__(self, server: RealServer, cluster_id: str) -> None:
        self.url = f"{server.url}jupyterlab-batch/v1/clusters/{cluster_id}/dashboard"
        self.owner = {"Authorization": f"token {server.token}"}

    async def page(self, path: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
        request = HTTPRequest(
            f"{self.url}/{path}",
            headers=self.owner if headers is None else dict(headers),
            follow_redirects=False,
            request_timeout=90,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def socket(
        self, path: str, headers: Mapping[str, str] | None = None, *protocols: str
    ) -> Any:
        request = HTTPRequest(
            f"{self.url.replace('http', 'ws', 1)}/{path}",
            headers=self.owner if headers is None else dict(headers),
        )
        return await websocket_connect(request, subprotocols=list(protocols))

    async def is_closed(self, path: str, headers: Mapping[str, str] | None = None) -> None:
        """See that neither way leads there."""
        answer = await self.page(path, headers)
        assert answer.code in {400, 403, 404}, (path, answer.code)
        with pytest.raises(HTTPClientError, match=r"40[034]"):
            await self.socket(path, headers)


@pytest.fixture(params=OPTIONS)
def gateway_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_its_owner_gets_its_pages_and_nobody_gets_more(
    real_server: RealServer, gateway_id: str
) -> None:
    server = real_server
    cluster_id = await asyncio.to_thread(start_cluster, server, gateway_id, workers=0)
    await asyncio.to_thread(until, server, cluster_id, lambda now: now["has_dashboard"], "page")
    asked = Asked(server, cluster_id)
    page = await asked.page("status")
    token = re.search(r'"token":"([^"]+)"', page.body.decode())
    assert page.code == 200 and token is not None
    socket = await asked.socket("status/ws", None, "bokeh", token[1])
    assert json.loads(await socket.read_message())["msgtype"] == "ACK"
    socket.close()
    counts = await asked.page("json/counts.json")
    assert json.loads(counts.body)["workers"] == 0
    for path in FORBIDDEN:
        await asked.is_closed(path)
        await asked.is_closed(f"{path}/ws")
    # With the cookies of the owner, as a page of somebody else would ask.
    login = await asked.page("status")
    cookies = "; ".join(one.partition(";")[0] for one in login.headers.get_list("Set-Cookie"))
    for headers in (
        {},
        {"Authorization": "token wrong"},
        {"Cookie": cookies, "Origin": EVIL},
        {"Cookie": cookies, "Origin": "null"},
        {"Cookie": cookies, "Host": "evil.example", "Origin": "http://evil.example"},
    ):
        with pytest.raises(HTTPClientError, match=r"40[34]"):
            await asked.socket("status/ws", headers)
    for headers in ({}, {"Authorization": "token wrong"}):
        assert (await asked.page("status", headers)).code == 403
    stopped = await asyncio.to_thread(ask, server, "POST", f"clusters/{cluster_id}/stop", {})
    assert stopped.json["outcome"] == "ok"
    await asyncio.to_thread(until, server, cluster_id, lambda now: now["ended_at"], "end")
    assert (await asked.page("status")).code == 409
    with pytest.raises(HTTPClientError, match="409"):
        await asked.socket("status/ws")


async def test_a_cluster_of_somebody_else_is_none(
    real_server: RealServer, dask_server: DaskGatewayServer
) -> None:
    """Its dashboard asks the gateway for no sign-in: that we never name it is all that keeps it."""
    async with httpx.AsyncClient(auth=BOB, base_url=dask_server.url, timeout=60) as bob:
        started = await bob.post("/api/v1/clusters/", json={"cluster_options": {}})
        name = started.json()["name"]
        assert (await bob.get(f"/api/v1/clusters/{name}?wait")).json()["status"] == "RUNNING"
        direct = await bob.get(f"/clusters/{name}/json/counts.json")
        assert direct.status_code == 200
        for cluster_id in (name, f"..%2f{name}", "0" * 26):
            asked = Asked(real_server, cluster_id)
            await asked.is_closed("status")
            await asked.is_closed("status/ws")
            for path in ("", "/client", "/workers", "/plots", "/log"):
                answer = await asyncio.to_thread(
                    ask, real_server, "GET", f"clusters/{cluster_id}{path}"
                )
                assert answer.status == 404, (path, answer.body)
        listed = await asyncio.to_thread(ask, real_server, "GET", "clusters?ended=50")
        assert name not in listed.body.decode()
        await bob.delete(f"/api/v1/clusters/{name}")
