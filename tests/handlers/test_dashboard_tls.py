"""The dashboard of a cluster behind TLS: whom the proxy believes that it is there."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.gateways.daskgateway import DaskGateway
from tests.fakes.dashboard import FakeDashboard
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_of, runs
from tests.handlers.conftest import KEY, Raw
from tests.handlers.contract import problem


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One that only who is told of it believes, with its key in the same file."""
    path, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    words = ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-subj", "/CN=gateway"]
    words += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(path)]
    subprocess.run(["openssl", *words], check=True, capture_output=True)
    return path


@pytest.fixture
async def pages(certificate: Path) -> AsyncIterator[FakeDashboard]:
    """A dashboard that speaks TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    dashboard = FakeDashboard()
    dashboard.start(context)
    yield dashboard
    dashboard.stop()


@pytest.fixture
async def running(started: BatchExtension, gateway: FakeGateway) -> str:
    """The id of one that is there."""
    record = await cluster_of(started.service, KEY)
    return (await runs(started.service, gateway, record)).id


@pytest.mark.parametrize("is_vouched_for", [True, False])
async def test_it_is_believed_where_a_certificate_of_the_configuration_vouches_for_it(
    *,
    raw: Raw,
    jp_auth_header: dict[str, str],
    jp_http_port: int,
    jp_base_url: str,
    gateway: FakeGateway,
    monkeypatch: pytest.MonkeyPatch,
    running: str,
    pages: FakeDashboard,
    certificate: Path,
    is_vouched_for: bool,
) -> None:
    trusted = {"ca_file": str(certificate)} if is_vouched_for else {}
    dask = DaskGateway(url=f"https://127.0.0.1:{pages.port}", auth="basic", **trusted)
    monkeypatch.setattr(gateway.dask, "dashboard", dask.dashboard)
    where = f"clusters/{running}/dashboard/status"
    answer = await raw("GET", where, headers=jp_auth_header)
    socket = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}jupyterlab-batch/v1/{where}/ws"
    request = HTTPRequest(socket, headers=jp_auth_header)
    if is_vouched_for:
        assert (answer.code, answer.body) == (200, b"<p>clusters/n-1/status</p>")
        client = await websocket_connect(request)
        await client.write_message("text")
        assert await client.read_message() == "text"
        client.close()
        await pages.has(0)
    else:
        problem(answer, 503, "gateway_unreachable")
        with pytest.raises(HTTPClientError, match="503"):
            await websocket_connect(request)
        assert pages.asked == []
    await dask.stop()
