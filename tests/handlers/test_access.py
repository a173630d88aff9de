"""Who may come in: proven for every route and verb that the server's own router has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from tornado.routing import PathMatches, Router, Rule

from jupyterlab_batch.extension import BatchExtension
from jupyterlab_batch.handlers.routes import ROUTES
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Call, Raw
from tests.handlers.contract import conforms, operations, problem
from tests.service.waiting import run_directories

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
JOB = "0" * 26
RESOURCES = {
    "openapi.yaml": "contract",
    "gateways": "gateways",
    "drafts": "drafts",
    "jobs": "jobs",
    "changes": "jobs",
    "run-directories": "run-directories",
    "": "contract",
    "nowhere": "contract",
}
ASKED: list[tuple[str, str, str]] = []
"""What the authorizer was asked: user, action and resource."""


class DenyingAuthorizer(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        ASKED.append((user.username, action, resource))
        return False


def rules(router: Router) -> Iterator[Rule]:
    for rule in getattr(router, "rules", []):
        yield rule
        for name in ("target", "wildcard_router", "default_router"):
            inner = getattr(rule, name, None)
            if isinstance(inner, Router):
                yield from rules(inner)


def our_routes(app: Any) -> list[tuple[str, type[Any]]]:
    """Return the pattern and handler of each route of ours, as the running server has it."""
    found = {}
    for router in (app.wildcard_router, app.default_router):
        for rule in rules(router):
            if isinstance(rule.matcher, PathMatches):
                pattern = rule.matcher.regex.pattern
                if "jupyterlab-batch" in pattern:
                    found[pattern] = rule.target
    return sorted(found.items(), key=lambda one: one[0])


def addresses() -> list[str]:
    """Return one address below ours for each route."""
    return [
        *("openapi.yaml", "gateways", "gateways/fake", "jobs", "jobs/check", "jobs/seen"),
        *(f"jobs/{JOB}", f"jobs/{JOB}/cancel", f"jobs/{JOB}/log"),
        *(f"jobs/{JOB}/hold", f"jobs/{JOB}/release", f"jobs/{JOB}/resubmit"),
        *(f"jobs/{JOB}/declare-lost", "jobs/actions"),
        *("drafts", f"drafts/{KEY}", "changes", "nowhere", ""),
        *("run-directories", "run-directories/remove"),
    ]


def test_each_route_of_the_server_is_tried(jp_serverapp: Any, jp_base_url: str) -> None:
    routes = our_routes(jp_serverapp.web_app)
    assert len(routes) == len(ROUTES)
    matched = set()
    for address in addresses():
        path = f"{jp_base_url}jupyterlab-batch/v1/{address}"
        ours = [pattern for pattern, _ in routes if _matches(pattern, path)]
        assert ours, address
        matched.update(ours)
    assert matched == {pattern for pattern, _ in routes}


def _matches(pattern: str, path: str) -> bool:
    return PathMatches(pattern).regex.match(path) is not None


def test_each_operation_of_the_contract_has_its_verb(jp_serverapp: Any) -> None:
    routes = our_routes(jp_serverapp.web_app)
    for verb, path in operations().values():
        address = path.format(gateway_id="fake", job_id=JOB, key=KEY)
        full = f"{jp_serverapp.base_url}jupyterlab-batch/v1{address}"
        handlers = [
            h for pattern, h in routes if _matches(pattern, full) and verb.lower() in vars(h)
        ]
        assert handlers, (verb, path)


@pytest.mark.parametrize("authorization", [None, "token wrong", "Batch ", "Batch wrong"])
async def test_without_a_token_nobody_comes_in(
    raw: Raw, jp_serverapp: Any, jp_base_url: str, gateway: FakeGateway, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    routes = our_routes(jp_serverapp.web_app)
    for address in addresses():
        handler = _handler(routes, f"{jp_base_url}jupyterlab-batch/v1/{address}")
        for verb in VERBS:
            answer = await raw(verb, address, headers=headers)
            if verb.lower() in vars(handler):
                problem(answer, 403, "unauthenticated")
            else:
                # Nothing runs for a verb that a handler does not have; Jupyter may say either.
                assert answer.code in {403, 405}, (verb, address)
    assert gateway.launches == []


async def test_options_tell_a_stranger_nothing(raw: Raw) -> None:
    for address in addresses():
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
        routes = our_routes(jp_serverapp.web_app)
        for address in addresses():
            path = f"{jp_base_url}jupyterlab-batch/v1/{address}"
            handler = _handler(routes, path)
            for verb in VERBS:
                ASKED.clear()
                answer = await raw(verb, address, headers=jp_auth_header)
                if verb.lower() not in vars(handler):
                    assert answer.code == 405, (verb, address)
                    continue
                problem(answer, 403, "forbidden")
                ((_, action, resource),) = ASKED
                assert action == ("read" if verb == "GET" else "write")
                log = address.endswith("/log")
                wanted = "logs" if log else RESOURCES[address.partition("/")[0]]
                assert resource == f"jupyterlab-batch:{wanted}"


def _handler(routes: list[tuple[str, type[Any]]], path: str) -> type[Any]:
    named = [handler for pattern, handler in routes if _matches(pattern, path)]
    ours = [handler for handler in named if handler.__name__ != "NowhereHandler"]
    # The literal addresses come before the one with an id, as in `ROUTES`.
    order = [handler for _, handler in ROUTES]
    return min(ours or named, key=order.index)


async def test_get_changes_nothing(
    call: Call, started: BatchExtension, gateway: FakeGateway, submission: Any, jp_root_dir: Path
) -> None:
    answer = await call("POST", "jobs", body=submission, headers={"Idempotency-Key": KEY})
    job = json.loads(answer.body)
    await call("PUT", "drafts", KEY, body={"title": "Form", "content": {}})
    store = started.service.store
    before = await store.changes_since(0), await store.drafts(), run_directories(jp_root_dir)
    params = {"since": "0", "store_id": await store.store_id()}
    for address in addresses():
        path = address.replace(JOB, job["id"])
        answer = await call("GET", *path.split("/"), params=params if path == "changes" else None)
        assert answer.code in {200, 404, 405}, (path, answer.body)
        if answer.code != 200:
            conforms(json.loads(answer.body), "Problem")
    after = await store.changes_since(0), await store.drafts(), run_directories(jp_root_dir)
    assert after == before
    assert len(gateway.launches) == 1
    assert not gateway.cancelled and not gateway.holds
