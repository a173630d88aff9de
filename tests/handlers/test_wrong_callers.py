"""Every operation of the contract, asked by somebody or from somewhere that it must not serve."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.fakes.running import cluster_of, cluster_sees, runs
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Raw
from tests.handlers.contract import answered, conforms, problem
from tests.handlers.requests import (
    CLUSTER,
    ENDED,
    FORGETTABLE,
    OVER,
    RUNNING,
    SCRIPT,
    STORE,
    Asked,
    requests_for,
)
from tests.handlers.test_identity import NamedIdentity, config, cookie_header, cookies_of
from tests.service.waiting import run_directories, sees

THERE_BEFORE = 3
"""So many jobs are there before anything is asked."""

Everywhere = Callable[..., AsyncIterator[tuple[Asked, HTTPResponse]]]
Look = Callable[[], Awaitable[Any]]
Ids = dict[str, str]


@pytest.fixture
def right(jp_auth_header: dict[str, str]) -> dict[str, str]:
    """The headers of the right caller."""
    return jp_auth_header


@pytest.fixture
async def ids(
    raw: Raw,
    right: dict[str, str],
    started: BatchExtension,
    gateway: FakeGateway,
    jp_root_dir: Path,
) -> Ids:
    """Jobs to do things to, and a draft; of the right caller."""
    (jp_root_dir / SCRIPT).write_text("#!/bin/sh\n")
    form = json.dumps({"title": "Form", "content": {}})
    answered(await raw("PUT", f"drafts/{KEY}", headers=right, body=form), "Draft")
    found = {STORE: await started.service.store.store_id()}
    for number, what in enumerate((RUNNING, OVER, FORGETTABLE)):
        headers = {"Idempotency-Key": f"the-right-one-000{number}", **right}
        body = json.dumps(command(name=what))
        job = answered(await raw("POST", "jobs", headers=headers, body=body), "Job", 201)
        found[what] = job["id"]
        if what != RUNNING:
            record = await started.service.store.get(job["id"])
            assert record is not None
            await sees(started.service, gateway, record, phase="COMPLETED", exit_code=0)
    service = started.service
    ended = await cluster_of(service, "the-right-one-ended")
    await cluster_sees(service, gateway, ended, phase="COMPLETED", reason="idle")
    running = await runs(service, gateway, await cluster_of(service, "the-right-one-runs"))
    return {**found, ENDED: ended.id, CLUSTER: running.id}


@pytest.fixture
def everywhere(raw: Raw, ids: Ids) -> Everywhere:
    """Ask for each operation of the contract, with headers of one's own."""

    async def ask(**headers: str) -> AsyncIterator[tuple[Asked, HTTPResponse]]:
        for asked in requests_for(ids):
            keyed = {"Idempotency-Key": asked.key, **headers}
            yield asked, await raw(asked.verb, asked.path, headers=keyed, body=asked.body)

    return ask


@pytest.fixture
def look(started: BatchExtension, gateway: FakeGateway, jp_root_dir: Path) -> Look:
    """Return all that a request could have changed."""

    async def look() -> Any:
        store = started.service.store
        orders = (list(gateway.cancelled), list(gateway.holds), list(gateway.orders))
        changed = await store.changes_since(0), await store.drafts()
        dask = gateway.dask
        clusters = (len(dask.launches), list(dask.scaled), list(dask.closed), list(dask.retired))
        known = await store.clusters(100)
        done = (orders, len(gateway.launches), changed, clusters, known)
        return (*done, run_directories(jp_root_dir))

    return look


async def test_the_right_caller_is_answered_as_the_contract_says(
    everywhere: Everywhere, right: dict[str, str], gateway: FakeGateway, jp_root_dir: Path
) -> None:
    """The requests of this module do something: so the others prove that theirs did not."""
    async for asked, answer in everywhere(**right):
        assert answer.code in asked.answers, (asked, answer.body)
        schema = asked.answers[answer.code]
        if schema is not None:
            conforms(json.loads(answer.body), schema)
    assert len(gateway.launches) == THERE_BEFORE + 3
    assert gateway.cancelled and gateway.holds and gateway.orders
    assert gateway.dask.scaled and gateway.dask.closed and len(gateway.dask.launches) == 3
    assert len(run_directories(jp_root_dir)) == THERE_BEFORE + 3 - 1


@pytest.mark.parametrize("authorization", [None, "token wrong", "Batch ", "Batch wrong", "Basic x"])
async def test_a_stranger(everywhere: Everywhere, look: Look, authorization: str | None) -> None:
    before = await look()
    headers = {"Authorization": authorization} if authorization else {}
    async for _, answer in everywhere(**headers):
        problem(answer, 403, "unauthenticated")
    assert await look() == before


@pytest.fixture
async def session(
    raw: Raw, http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]
) -> dict[str, str]:
    """The headers of a page of JupyterLab: its cookies, and the token against forgery."""
    cookies = cookies_of(await raw("GET", "jobs", headers=jp_auth_header))
    cookies.update(cookies_of(await http_server_client.fetch(f"{jp_base_url}login")))
    return {"Cookie": cookie_header(cookies), "X-XSRFToken": cookies["_xsrf"].value}


async def test_the_page_itself_gets_through(
    everywhere: Everywhere, session: dict[str, str]
) -> None:
    async for asked, answer in everywhere(**session):
        assert answer.code in asked.answers, (asked, answer.body)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_origin_with_the_users_cookies(
    everywhere: Everywhere, look: Look, session: dict[str, str], origin: str
) -> None:
    before = await look()
    async for _, answer in everywhere(**session, Origin=origin):
        problem(answer, 404, "not_found")
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert await look() == before


async def test_a_name_that_leads_to_this_machine_with_the_users_cookies(
    everywhere: Everywhere, look: Look, session: dict[str, str]
) -> None:
    before = await look()
    forged = {"Host": "evil.example", "Origin": "http://evil.example"}
    async for _, answer in everywhere(**session, **forged):
        problem(answer, 403, "unauthenticated")
    assert await look() == before


@pytest.mark.parametrize("token", [None, "wrong", ""])
async def test_a_form_of_another_page_that_has_no_token_against_forgery(
    everywhere: Everywhere, look: Look, session: dict[str, str], token: str | None
) -> None:
    before = await look()
    headers = {"Cookie": session["Cookie"]}
    if token is not None:
        headers["X-XSRFToken"] = token
    async for asked, answer in everywhere(**headers):
        if asked.verb != "GET":
            problem(answer, 403, "forbidden")
    assert await look() == before


class TestUnderAHub:
    """A server of one user, into which the Hub let another."""

    @pytest.fixture
    def jp_server_config(
        self, gateways: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, Any]:
        monkeypatch.setenv("JUPYTERHUB_USER", "ada")
        return config(gateways, app={"identity_provider_class": NamedIdentity})

    @pytest.fixture
    def right(self) -> dict[str, str]:
        return {"X-User": "ada"}

    async def test_the_owner_gets_through(
        self, everywhere: Everywhere, right: dict[str, str]
    ) -> None:
        async for asked, answer in everywhere(**right):
            assert answer.code in asked.answers, (asked, answer.body)

    @pytest.mark.parametrize("name", ["mallory", "ADA", "root", "ada2"])
    async def test_another_user(self, everywhere: Everywhere, look: Look, name: str) -> None:
        before = await look()
        async for _, answer in everywhere(**{"X-User": name}):
            problem(answer, 403, "forbidden")
        assert await look() == before
