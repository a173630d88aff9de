"""Every route with every verb, asked by somebody or from somewhere that it must not serve."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.fakes.submissions import submission as command
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import answered, problem
from tests.handlers.routing import JOB, VERBS, addresses_of, handler_at
from tests.handlers.test_identity import NamedIdentity, config, cookie_header, cookies_of
from tests.service.waiting import run_directories

REFUSALS = {"unauthenticated", "forbidden"}
BODIES = {
    "jobs": command(name="Unwanted"),
    "jobs/seen": {"through_seq": 1000},
    "jobs/actions": {"action": "cancel", "job_ids": [JOB]},
    "resubmit": {"patch": {}},
    JOB: {"nice": 5},
    **{verb: {} for verb in ("hold", "release", "suspend", "resume", "requeue")},
    "drafts": {"title": "Unwanted", "content": {}},
    "run-directories/remove": {"job_ids": [JOB]},
}
"""What would be done, if the caller were the right one; by the beginning or end of an address."""

Everywhere = Callable[..., AsyncIterator[tuple[str, str, HTTPResponse]]]
Look = Callable[[], Awaitable[Any]]


@pytest.fixture
async def job(call: Call) -> Any:
    """A job to do things to, and a draft; of the right caller."""
    form = {"title": "Form", "content": {}}
    answered(await call("PUT", "drafts", KEY, body=form), "Draft")
    headers = {"Idempotency-Key": "the-right-one-0001"}
    return answered(await call("POST", "jobs", body=command(), headers=headers), "Job", 201)


@pytest.fixture
def everywhere(raw: Raw, jp_serverapp: Any, jp_base_url: str) -> Everywhere:
    """Ask every route for every verb that it has, with headers of one's own."""

    async def ask(job_id: str, **headers: str) -> AsyncIterator[tuple[str, str, HTTPResponse]]:
        app = jp_serverapp.web_app
        for address in addresses_of(app):
            handler = handler_at(app, jp_base_url, address)
            for verb in VERBS:
                if verb.lower() in vars(handler):
                    path = address.replace(JOB, job_id)
                    body = None if verb == "GET" else _body(address, job_id)
                    keyed = {"Idempotency-Key": "an-unwanted-key-01", **headers}
                    yield verb, path, await raw(verb, path, headers=keyed, body=body)

    return ask


def _body(address: str, job_id: str) -> str:
    fitting = [
        body
        for part, body in BODIES.items()
        if address == part or address.startswith(f"{part}/") or address.endswith(f"/{part}")
    ]
    return json.dumps(fitting[-1] if fitting else {}).replace(JOB, job_id)


@pytest.fixture
def look(started: BatchExtension, gateway: FakeGateway, jp_root_dir: Path) -> Look:
    """Return all that a request could have changed."""

    async def look() -> Any:
        store = started.service.store
        orders = (list(gateway.cancelled), list(gateway.holds), list(gateway.orders))
        changed = await store.changes_since(0), await store.drafts()
        return orders, len(gateway.launches), changed, run_directories(jp_root_dir)

    return look


async def test_the_right_caller_gets_through_everywhere(
    everywhere: Everywhere, job: Any, jp_auth_header: dict[str, str], gateway: FakeGateway
) -> None:
    count = 0
    async for verb, path, answer in everywhere(job["id"], **jp_auth_header):
        count += 1
        code = _code(answer)
        assert code not in REFUSALS and answer.code < 500, (verb, path, answer.body)
    assert count > 30
    # The bodies of this module would do something: so the others prove that they did not.
    assert len(gateway.launches) == 2
    assert gateway.cancelled and gateway.holds and gateway.orders


@pytest.mark.parametrize("authorization", [None, "token wrong", "Batch ", "Batch wrong", "Basic x"])
async def test_a_stranger(
    everywhere: Everywhere, job: Any, look: Look, authorization: str | None
) -> None:
    before = await look()
    headers = {"Authorization": authorization} if authorization else {}
    async for _, _, answer in everywhere(job["id"], **headers):
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
    everywhere: Everywhere, job: Any, session: dict[str, str]
) -> None:
    async for verb, path, answer in everywhere(job["id"], **session):
        assert _code(answer) not in REFUSALS, (verb, path, answer.body)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_origin_with_the_users_cookies(
    everywhere: Everywhere, job: Any, look: Look, session: dict[str, str], origin: str
) -> None:
    before = await look()
    async for _, _, answer in everywhere(job["id"], **session, Origin=origin):
        problem(answer, 404, "not_found")
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert await look() == before


async def test_a_name_that_leads_to_this_machine_with_the_users_cookies(
    everywhere: Everywhere, job: Any, look: Look, session: dict[str, str]
) -> None:
    before = await look()
    forged = {"Host": "evil.example", "Origin": "http://evil.example"}
    async for _, _, answer in everywhere(job["id"], **session, **forged):
        problem(answer, 403, "unauthenticated")
    assert await look() == before


@pytest.mark.parametrize("token", [None, "wrong", ""])
async def test_a_form_of_another_page_that_has_no_token_against_forgery(
    everywhere: Everywhere, job: Any, look: Look, session: dict[str, str], token: str | None
) -> None:
    before = await look()
    headers = {"Cookie": session["Cookie"]}
    if token is not None:
        headers["X-XSRFToken"] = token
    async for verb, _, answer in everywhere(job["id"], **headers):
        if verb != "GET":
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
    async def job(self, raw: Raw) -> Any:
        headers = {"X-User": "ada", "Idempotency-Key": "the-right-one-0001"}
        answer = await raw("POST", "jobs", headers=headers, body=json.dumps(command()))
        return answered(answer, "Job", 201)

    async def test_the_owner_gets_through(self, everywhere: Everywhere, job: Any) -> None:
        async for verb, path, answer in everywhere(job["id"], **{"X-User": "ada"}):
            assert _code(answer) not in REFUSALS, (verb, path, answer.body)

    @pytest.mark.parametrize("name", ["mallory", "ADA", "root", "ada2"])
    async def test_another_user(
        self, everywhere: Everywhere, job: Any, look: Look, name: str
    ) -> None:
        before = await look()
        async for _, _, answer in everywhere(job["id"], **{"X-User": name}):
            problem(answer, 403, "forbidden")
        assert await look() == before


def _code(answer: HTTPResponse) -> str | None:
    if answer.code < 400:
        return None
    code: str = json.loads(answer.body)["code"]
    return code
