"""Who may come in: proven for every route and verb that the server's own router has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from jupyter_server.auth import Authorizer

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.handlers.contract import NowhereHandler
from jupyterlab_batch.handlers.routes import ROUTES
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_of, runs
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import operations, problem
from tests.handlers.requests import CLUSTER, RUNNING, STORE, requests_for
from tests.handlers.routing import JOB, VERBS, addresses_of, handler_at, routes_of
from tests.service.waiting import run_directories

RESOURCES = {
    "openapi.yaml": "contract",
    "gateways": "gateways",
    "drafts": "drafts",
    "jobs": "jobs",
    "specs": "jobs",
    "changes": "jobs",
    "clusters": "clusters",
    "run-directories": "run-directories",
    "": "contract",
    "nowhere": "contract",
}
FILLED = {"gateway_id": "fake", "job_id": JOB, "cluster_id": JOB, "key": KEY, "path": "status"}
ASKED: list[tuple[str, str, str]] = []
"""What the authorizer was asked: user, action and resource."""


class DenyingAuthorizer(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        ASKED.append((user.username, action, resource))
        return False


def test_each_route_of_the_server_is_tried(jp_serverapp: Any, jp_base_url: str) -> None:
    app = jp_serverapp.web_app
    tried = [handler_at(app, jp_base_url, address) for address in addresses_of(app)]
    assert {handler.__name__ for handler in tried} == {handler.__name__ for _, handler in ROUTES}
    assert len(routes_of(app)) == len(ROUTES)


def test_the_server_has_the_operations_of_the_contract_and_no_other(
    jp_serverapp: Any, jp_base_url: str
) -> None:
    """So what is tried for each operation is tried for all that the server does."""
    app = jp_serverapp.web_app
    wanted = {
        (verb, handler_at(app, jp_base_url, path.format_map(FILLED).removeprefix("/")))
        for verb, path in operations().values()
    }
    assert len(wanted) == len(operations())
    has = {
        (verb, handler)
        for _, handler in routes_of(app)
        for verb in VERBS
        if handler is not NowhereHandler and verb.lower() in _own_verbs(handler)
    }
    assert has == wanted


def _own_verbs(handler: type[Any]) -> set[str]:
    """Return what a handler does itself, or inherits from one of ours."""
    ours = [one for one in handler.__mro__ if one.__module__.startswith("jupyterlab_batch.")]
    return {name for one in ours for name in vars(one)}


@pytest.mark.parametrize("authorization", [None, "token wrong", "Batch ", "Batch wrong"])
async def test_without_a_token_nobody_comes_in(
    raw: Raw, jp_serverapp: Any, jp_base_url: str, gateway: FakeGateway, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    app = jp_serverapp.web_app
    for address in addresses_of(app):
        handler = handler_at(app, jp_base_url, address)
        for verb in VERBS:
            answer = await raw(verb, address, headers=headers)
            if verb.lower() in vars(handler):
                problem(answer, 403, "unauthenticated")
            else:
                # Nothing runs for a verb that a handler does not have; Jupyter may say either.
                assert answer.code in {403, 405}, (verb, address)
    assert gateway.launches == []


async def test_options_tell_a_stranger_nothing(raw: Raw, jp_serverapp: Any) -> None:
    for address in addresses_of(jp_serverapp.web_app):
        answer = await raw("OPTIONS", address)
        assert (answer.code, answer.body) == (200, b"")


@pytest.fixture
def denying() -> Iterator[None]:
    ASKED.clear()
    yield
    ASKED.clear()


class TestWithADenyingAuthorizer:
    """Signed in, but without any right."""

    @pytest.fixture
    def jp_server_config(self, gateways: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "ServerApp": {
                "jpserver_extensions": {"jupyterlab_batch": True},
                "authorizer_class": DenyingAuthorizer,
            },
            "BatchExtension": {"gateways": gateways},
        }

    @pytest.mark.usefixtures("denying")
    async def test_every_verb_is_refused_and_names_its_resource(
        self, jp_serverapp: Any, raw: Raw, jp_auth_header: dict[str, str], jp_base_url: str
    ) -> None:
        app = jp_serverapp.web_app
        for address in addresses_of(app):
            handler = handler_at(app, jp_base_url, address)
            for verb in VERBS:
                ASKED.clear()
                answer = await raw(verb, address, headers=jp_auth_header)
                if verb.lower() not in vars(handler):
                    assert answer.code == 405, (verb, address)
                    continue
                problem(answer, 403, "forbidden")
                ((_, action, resource),) = ASKED
                assert action == ("read" if verb == "GET" else "write")
                wanted = RESOURCES[address.partition("/")[0]]
                for part, one in (("/log", "logs"), ("/files", "files")):
                    wanted = one if part in address else wanted
                assert resource == f"jupyterlab-batch:{wanted}"


async def test_get_changes_nothing(
    call: Call,
    started: BatchExtension,
    gateway: FakeGateway,
    submission: Any,
    jp_root_dir: Path,
) -> None:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = json.loads(answer.body)
    await call("PUT", "drafts", KEY, body={"title": "Form", "content": {}})
    cluster = await runs(started.service, gateway, await cluster_of(started.service, f"{KEY}-c"))
    store = started.service.store
    before = await store.changes_since(0), await store.drafts(), run_directories(jp_root_dir)
    ids = {RUNNING: job["id"], STORE: await store.store_id(), CLUSTER: cluster.id}
    for asked in requests_for(ids):
        if asked.verb == "GET":
            path, _, query = asked.path.partition("?")
            answer = await call("GET", *path.split("/"), params=dict(parse_qsl(query)))
            assert answer.code in asked.answers, (asked, answer.body)
    after = await store.changes_since(0), await store.drafts(), run_directories(jp_root_dir)
    assert after == before
    assert len(gateway.launches) == 1
    assert not gateway.cancelled and not gateway.holds and not gateway.orders
    assert len(gateway.dask.launches) == 1 and not gateway.dask.scaled and not gateway.dask.closed
