"""A Jupyter server with a fake gateway, chosen by configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403 -- its fixtures, for this folder alone
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.handlers.contract import answered

# pytest-asyncio runs the tests of all folders; these hooks would run them in a loop of their own.
del pytest_pycollect_makeitem, pytest_pyfunc_call  # noqa: F821 -- came with the star

KEY = "key-0123456789abcdef"
Call = Callable[..., Awaitable[HTTPResponse]]
Raw = Callable[..., Awaitable[HTTPResponse]]


@pytest.fixture  # type: ignore[no-redef]  # takes the place of theirs
async def jp_asyncio_loop() -> asyncio.AbstractEventLoop:
    """Let Jupyter's fixtures use the loop in which the test will run."""
    return asyncio.get_running_loop()


@pytest.fixture
def gateways() -> list[dict[str, Any]]:
    return [{"kind": "tests.fakes.gateway:FakeGateway", "id": "fake", "title": "Fake"}]


@pytest.fixture  # type: ignore[no-redef]  # takes the place of theirs
def jp_server_config(
    gateways: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_batch": True}},
        "BatchExtension": {"gateways": gateways},
    }


@pytest.fixture
def extension(jp_serverapp: Any) -> BatchExtension:
    app = jp_serverapp.extension_manager.extension_points["jupyterlab_batch"].app
    assert isinstance(app, BatchExtension)
    return app


@pytest.fixture
def started(extension: BatchExtension, jp_asyncio_loop: Any) -> BatchExtension:
    jp_asyncio_loop.run_until_complete(extension.service.start())
    return extension


@pytest.fixture
def gateway(started: BatchExtension) -> FakeGateway:
    found = started.service.gateways.get("fake")
    assert isinstance(found, FakeGateway)
    return found


@pytest.fixture
def call(started: BatchExtension, jp_fetch: Any) -> Call:
    """Ask the server; answers of 4xx and 5xx come back as any other."""

    async def fetch(method: str, *parts: str, body: Any = None, **options: Any) -> HTTPResponse:
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        try:
            response: HTTPResponse = await jp_fetch(
                "jupyterlab-batch",
                "v1",
                *parts,
                method=method,
                body=body,
                allow_nonstandard_methods=True,
                **options,
            )
        except HTTPClientError as error:
            assert error.response is not None
            return error.response
        return response

    return fetch


@pytest.fixture
def raw(started: BatchExtension, http_server_client: Any, jp_base_url: str) -> Raw:
    """Ask the server with no more than what the test says: no token, no escaping."""

    async def fetch(method: str, path: str, **options: Any) -> HTTPResponse:
        response: HTTPResponse = await http_server_client.fetch(
            f"{jp_base_url}jupyterlab-batch/v1/{path}",
            method=method,
            allow_nonstandard_methods=True,
            raise_error=False,
            follow_redirects=False,
            **options,
        )
        return response

    return fetch


@pytest.fixture
def submission(jp_root_dir: Path) -> dict[str, Any]:
    (jp_root_dir / "count.sh").write_text("echo hello\n")
    return {
        "gateway_id": "fake",
        "spec": {
            "name": "Count",
            "task": {"kind": "script", "path": "count.sh"},
            "resources": {"cores": 1, "memory_bytes": 2**20, "walltime_seconds": 60},
        },
    }


async def submit(call: Call, submission: dict[str, Any], key: str = KEY) -> Any:
    """Submit, and return the job."""
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": key})
    return answered(answer, "Job", 201)
