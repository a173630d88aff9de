"""The dashboard of a cluster: what of it is handed on to whom, by HTTP and as a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlsplit

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_of, runs
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import answered, problem

FORBIDDEN = [
    "api/v1/retire_workers",
    "proxy/8000/127.0.0.1/status",
    "../status",
    "..",
    "%2e%2e/status",
    "..%2fstatus",
    "static/../api/v1/get_workers",
    "static/%2e%2e/api",
    "static/js/..%2f..%2fapi",
    "static//js",
    "static/.hidden",
    "static/js/",
    "status/",
    "status%00",
    "status\\..\\api",
    "/status",
    "//evil.example/status",
    "http://evil.example/status",
    "http:%2f%2fevil.example",
    "@evil.example/status",
    "status;/api",
    "status%3f",
    "Status",
    "individual-../api",
    "individual-" + "x" * 300,
    "json/index.html",
    "json/counts.json/../../api",
    "info/main/workers.html",
    "metrics",
    "health",
    "sitemap.json",
]


@pytest.fixture
async def running(started: BatchExtension, gateway: FakeGateway) -> str:
    """The id of one that is there."""
    record = await cluster_of(started.service, KEY)
    return (await runs(started.service, gateway, record)).id


@pytest.fixture
def address(running: str, jp_http_port: int, jp_base_url: str, http_server: Any) -> str:
    """Where its dashboard is handed on, as a WebSocket."""
    assert http_server
    return f"ws://127.0.0.1:{jp_http_port}{jp_base_url}jupyterlab-batch/v1/clusters/{running}/dashboard"


async def opened(url: str, headers: dict[str, str], *protocols: str) -> WebSocketClientConnection:
    request = HTTPRequest(url, headers=headers)
    return await websocket_connect(request, subprotocols=list(protocols))


async def test_a_page_and_nothing_else_of_both_sides(
    raw: Raw, jp_auth_header: dict[str, str], gateway: FakeGateway, running: str
) -> None:
    token = jp_auth_header["Authorization"].split()[1]
    headers = {"Cookie": "secret=1", "If-None-Match": '"x"', "X-XSRFToken": "y"}
    page = f"clusters/{running}/dashboard/status?theme=a%26b&token={token}"
    answer = await raw("GET", page, headers=headers)
    assert (answer.code, answer.body) == (200, b"<p>status</p>")
    assert "stolen" not in str(answer.headers) and "X-Powered-By" not in answer.headers
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    ((uri, sent),) = gateway.dask.pages.asked
    assert uri == "/status?theme=a%26b"
    assert sent["X-Of-The-Gateway"] == "yes" and sent["If-None-Match"] == '"x"'
    assert not {"Cookie", "Authorization", "X-Xsrftoken"} & set(sent)


@pytest.mark.parametrize(("page", "place"), [("", "status"), ("statics/away.html", "../status")])
async def test_it_leads_to_its_own_pages(
    raw: Raw, jp_auth_header: dict[str, str], running: str, page: str, place: str
) -> None:
    answer = await raw("GET", f"clusters/{running}/dashboard/{page}", headers=jp_auth_header)
    assert (answer.code, answer.headers["Location"]) == (302, place)


@pytest.mark.parametrize("page", ["tasks", "system", "profile", "groups"])
async def test_it_leads_nowhere_else(
    raw: Raw, jp_auth_header: dict[str, str], running: str, page: str
) -> None:
    answer = await raw("GET", f"clusters/{running}/dashboard/{page}", headers=jp_auth_header)
    problem(answer, 404, "not_found")
    assert "Location" not in answer.headers


async def test_one_that_fails_or_is_silent(
    raw: Raw, jp_auth_header: dict[str, str], gateway: FakeGateway, running: str, address: str
) -> None:
    where = f"clusters/{running}/dashboard"
    answer = await raw("GET", f"{where}/graph", headers=jp_auth_header)
    problem(answer, 503, "gateway_unreachable")
    gateway.dask.pages.stop()
    problem(await raw("GET", f"{where}/status", headers=jp_auth_header), 503, "gateway_unreachable")
    plots = await raw("GET", f"clusters/{running}/plots", headers=jp_auth_header)
    problem(plots, 503, "gateway_unreachable")
    with pytest.raises(HTTPClientError, match="503"):
        await opened(f"{address}/status/ws", jp_auth_header)


@pytest.mark.parametrize("page", FORBIDDEN)
async def test_what_is_no_page(
    raw: Raw,
    jp_auth_header: dict[str, str],
    gateway: FakeGateway,
    running: str,
    address: str,
    page: str,
) -> None:
    answer = await raw("GET", f"clusters/{running}/dashboard/{page}", headers=jp_auth_header)
    assert answer.code in {400, 404}, answer.body
    for path in (page, f"{page}/ws", f"{page}%2fws"):
        with pytest.raises(HTTPClientError, match=r"40[04]"):
            await opened(f"{address}/{path}", jp_auth_header)
    assert gateway.dask.pages.asked == [] and gateway.dask.views == 0


async def test_each_is_had_in_its_own_way_only(
    raw: Raw,
    jp_auth_header: dict[str, str],
    gateway: FakeGateway,
    running: str,
    address: str,
) -> None:
    for page in ("status/ws", "eventstream"):
        answer = await raw("GET", f"clusters/{running}/dashboard/{page}", headers=jp_auth_header)
        problem(answer, 404, "not_found")
    for page in ("status", "json/counts.json", "static/js/bokeh.min.js", ""):
        with pytest.raises(HTTPClientError, match="404"):
            await opened(f"{address}/{page}", jp_auth_header)
    for verb in ("POST", "PUT", "DELETE", "PATCH"):
        where = f"clusters/{running}/dashboard/status"
        assert (await raw(verb, where, headers=jp_auth_header)).code == 405
    assert gateway.dask.pages.asked == []


async def test_the_plots_that_can_be_opened(call: Call, running: str) -> None:
    told = answered(await call("GET", "clusters", running, "plots"), "ClusterPlotList")
    plots = {one["path"]: one["title"] for one in told["plots"] if one["kind"] == "plot"}
    assert plots == {
        "individual-task-stream": "Task Stream",
        "statics/individual-cluster-map.html": "Cluster Map",
    }
    assert {"status", "workers"} < {one["path"] for one in told["plots"]}


async def test_a_socket_is_handed_on_both_ways_and_closed_by_either(
    jp_auth_header: dict[str, str], gateway: FakeGateway, address: str
) -> None:
    pages = gateway.dask.pages
    client = await opened(f"{address}/status/ws", jp_auth_header, "bokeh", "a.token")
    assert client.selected_subprotocol == "bokeh"
    await pages.has(1)
    ((uri, sent),) = pages.asked
    assert uri == "/status/ws" and sent["Sec-Websocket-Protocol"] == "bokeh,a.token"
    assert not {"Cookie", "Authorization", "Origin"} & set(sent)
    for message in ("text", b"\x00\xff", "much"):
        await client.write_message(message, binary=isinstance(message, bytes))
        told = await client.read_message()
        assert told == ("x" * 3 * 2**20 if message == "much" else message)
    client.close()
    await pages.has(0)
    client = await opened(f"{address}/eventstream", jp_auth_header)
    assert client.selected_subprotocol is None
    await pages.has(1)
    await client.write_message("close")
    assert await client.read_message() is None
    await pages.has(0)


async def test_more_than_a_page_says_closes_it(
    jp_auth_header: dict[str, str], gateway: FakeGateway, address: str
) -> None:
    client = await opened(f"{address}/status/ws", jp_auth_header)
    with contextlib.suppress(WebSocketClosedError):
        await client.write_message("x" * (4 * 2**20 + 1))
    assert await client.read_message() is None
    await gateway.dask.pages.has(0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "token wrong"},
        {"Authorization": "Batch wrong"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_a_socket_of_somebody_else(
    jp_auth_header: dict[str, str],
    gateway: FakeGateway,
    address: str,
    raw: Raw,
    headers: dict[str, str],
) -> None:
    """With the cookies of the user, where a foreign page asks."""
    if "Origin" in headers:
        login = await raw("GET", "jobs", headers=jp_auth_header)
        cookies = [one.partition(";")[0] for one in login.headers.get_list("Set-Cookie")]
        headers = {**headers, "Cookie": "; ".join(cookies)}
    with pytest.raises(HTTPClientError, match=r"40[34]"):
        await opened(f"{address}/status/ws", headers)
    assert gateway.dask.pages.asked == []


async def test_the_page_of_the_user_gets_its_socket(
    jp_auth_header: dict[str, str], gateway: FakeGateway, address: str, raw: Raw, jp_http_port: int
) -> None:
    """By the same cookies: so what is refused above is refused for where it comes from."""
    login = await raw("GET", "jobs", headers=jp_auth_header)
    cookies = [one.partition(";")[0] for one in login.headers.get_list("Set-Cookie")]
    origin = f"http://127.0.0.1:{jp_http_port}"
    client = await opened(f"{address}/status/ws", {"Cookie": "; ".join(cookies), "Origin": origin})
    await gateway.dask.pages.has(1)
    client.close()
    await gateway.dask.pages.has(0)


async def test_an_address_that_is_sent_raw(
    jp_auth_header: dict[str, str], gateway: FakeGateway, address: str
) -> None:
    """No client of HTTP would send these."""
    where = urlsplit(address)
    for path in (
        f"{where.path}/../../../../../status",
        f"http://evil.example{where.path}/api/v1/x",
    ):
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        lines = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", "Connection: close"]
        lines.append(f"Authorization: {jp_auth_header['Authorization']}")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status = await asyncio.wait_for(reader.readline(), 60)
        writer.close()
        assert status.split()[1] in {b"400", b"403", b"404"}, (path, status)
    assert gateway.dask.pages.asked == []


async def test_what_the_browser_has_is_not_sent_again(
    raw: Raw, jp_auth_header: dict[str, str], running: str
) -> None:
    where = f"clusters/{running}/dashboard/static/js/bokeh.min.js"
    first = await raw("GET", where, headers=jp_auth_header)
    assert first.code == 200 and first.headers["Cache-Control"] == "private, max-age=0"
    known = {**jp_auth_header, "If-None-Match": first.headers["ETag"]}
    again = await raw("GET", where, headers=known)
    assert (again.code, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
