"""Browsers by cookie and XSRF token, kernels by the server file, nobody else."""

from __future__ import annotations

import json
import os
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.security import passwd
from tornado.web import HTTPError

from jupyterlab_batch.extension import BatchExtension
from tests.fakes.gateway import FakeGateway
from tests.handlers.conftest import KEY, Raw
from tests.handlers.contract import answered, problem

HASHED: str = passwd("a password", algorithm="sha1")  # type: ignore[no-untyped-call]  # theirs


class NamedIdentity(IdentityProvider):
    """Knows everybody as the user that a header names, as a Hub would by its own cookie."""

    def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-User")
        return User(username=name) if name else None

    def is_token_authenticated(self, handler: Any) -> bool:
        return True


class IllIdentity(IdentityProvider):
    """Cannot ask the Hub who somebody is: what a Hub's own provider raises then."""

    def get_user(self, handler: Any) -> User | None:
        raise HTTPError(int(handler.request.headers["X-Hub-Answers"]), "Failed to check it")


def config(gateways: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_batch": True}, **more.pop("app", {})},
        "BatchExtension": {"gateways": gateways},
        **more,
    }


def cookies_of(answer: Any) -> SimpleCookie:
    cookies = SimpleCookie()
    for header in answer.headers.get_list("Set-Cookie"):
        cookies.load(header)
    return cookies


def cookie_header(cookies: SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())


async def test_a_cookie_alone_reads_but_submits_nothing(
    raw: Raw,
    gateway: FakeGateway,
    submission: dict[str, Any],
    jp_auth_header: dict[str, str],
    http_server_client: Any,
    jp_base_url: str,
) -> None:
    cookies = cookies_of(await raw("GET", "jobs", headers=jp_auth_header))
    session = {"Cookie": cookie_header(cookies)}
    read = await raw("GET", "jobs", headers=session)
    answered(read, "JobList")
    cookies.update(cookies_of(await http_server_client.fetch(f"{jp_base_url}login")))
    headers = {"Cookie": cookie_header(cookies), "Idempotency-Key": KEY}
    body = json.dumps(submission)
    problem(await raw("POST", "jobs", headers=headers, body=body), 403, "forbidden")
    assert gateway.launches == []
    headers["X-XSRFToken"] = "wrong"
    problem(await raw("POST", "jobs", headers=headers, body=body), 403, "forbidden")
    assert gateway.launches == []
    headers["X-XSRFToken"] = cookies["_xsrf"].value
    answered(await raw("POST", "jobs", headers=headers, body=body), "Job", 201)
    assert len(gateway.launches) == 1


async def test_another_origin_reads_nothing(raw: Raw, jp_auth_header: dict[str, str]) -> None:
    cookies = cookies_of(await raw("GET", "jobs", headers=jp_auth_header))
    session = {"Cookie": cookie_header(cookies), "Origin": "https://evil.example"}
    problem(await raw("GET", "jobs", headers=session), 404, "not_found")


class TestWithAPassword:
    """A server that has no token: Jupyter's own runtime file is of no use to a kernel."""

    @pytest.fixture
    def jp_server_config(self, gateways: list[dict[str, Any]]) -> dict[str, Any]:
        provider = "jupyter_server.auth.identity.PasswordIdentityProvider"
        return config(
            gateways,
            app={"identity_provider_class": provider},
            PasswordIdentityProvider={"hashed_password": HASHED, "token": ""},
        )

    async def test_a_kernel_comes_in_by_the_server_file(
        self, raw: Raw, started: BatchExtension, gateway: FakeGateway, submission: dict[str, Any]
    ) -> None:
        await started._start_jupyter_server_extension(started.serverapp)
        path = Path(os.environ["JUPYTERLAB_BATCH_SERVER_FILE"])
        assert path.stat().st_mode & 0o777 == 0o600
        file = json.loads(path.read_text())
        headers = {"Authorization": f"Batch {file['secret']}", "Idempotency-Key": KEY}
        assert file["url"].startswith("http://")
        answered(await raw("GET", "jobs", headers=headers), "JobList")
        body = json.dumps(submission)
        answered(await raw("POST", "jobs", headers=headers, body=body), "Job", 201)
        assert len(gateway.launches) == 1

    @pytest.mark.parametrize("secret", ["", "wrong", "None", "é", "a password"])
    async def test_a_wrong_secret_does_not(
        self, raw: Raw, gateway: FakeGateway, submission: dict[str, Any], secret: str
    ) -> None:
        headers = {"Authorization": f"Batch {secret}", "Idempotency-Key": KEY}
        problem(await raw("GET", "jobs", headers=headers), 403, "unauthenticated")
        body = json.dumps(submission)
        problem(await raw("POST", "jobs", headers=headers, body=body), 403, "unauthenticated")
        assert gateway.launches == []

    async def test_the_secret_opens_nothing_but_ours(
        self, started: BatchExtension, http_server_client: Any, jp_base_url: str
    ) -> None:
        headers = {"Authorization": f"Batch {started._server_file.secret}"}
        answer = await http_server_client.fetch(
            f"{jp_base_url}api/contents", headers=headers, raise_error=False
        )
        assert answer.code == 403

    async def test_the_file_goes_with_the_server(self, started: BatchExtension) -> None:
        await started._start_jupyter_server_extension(started.serverapp)
        path = started._server_file.path
        assert path.is_file()
        await started.stop_extension()
        assert not path.exists()
        assert "JUPYTERLAB_BATCH_SERVER_FILE" not in os.environ


class TestUnderAHub:
    """A server of one user, who may have let others in by the Hub's own means."""

    @pytest.fixture
    def jp_server_config(
        self, gateways: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, Any]:
        monkeypatch.setenv("JUPYTERHUB_USER", "ada")
        return config(gateways, app={"identity_provider_class": NamedIdentity})

    async def test_the_owner_comes_in_and_owns_the_jobs(
        self, raw: Raw, submission: dict[str, Any]
    ) -> None:
        headers = {"X-User": "ada", "Idempotency-Key": KEY}
        answer = await raw("POST", "jobs", headers=headers, body=json.dumps(submission))
        assert answered(answer, "Job", 201)["owner"] == "ada"

    async def test_nobody_else_does(
        self, raw: Raw, gateway: FakeGateway, submission: dict[str, Any]
    ) -> None:
        headers = {"X-User": "mallory", "Idempotency-Key": KEY}
        problem(await raw("GET", "jobs", headers=headers), 403, "forbidden")
        body = json.dumps(submission)
        problem(await raw("POST", "jobs", headers=headers, body=body), 403, "forbidden")
        problem(await raw("GET", "jobs"), 403, "unauthenticated")
        assert gateway.launches == []

    async def test_a_kernel_of_the_owner_comes_in(self, raw: Raw, started: BatchExtension) -> None:
        headers = {"Authorization": f"Batch {started._server_file.secret}", "X-User": "mallory"}
        answered(await raw("GET", "jobs", headers=headers), "JobList")


class TestUnderAHubThatIsIll:
    """Nobody knows who is asking: that is no refusal."""

    @pytest.fixture
    def jp_server_config(
        self, gateways: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, Any]:
        monkeypatch.setenv("JUPYTERHUB_USER", "ada")
        return config(gateways, app={"identity_provider_class": IllIdentity})

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    async def test_it_is_said_to_try_again(
        self, raw: Raw, gateway: FakeGateway, submission: dict[str, Any], status: int
    ) -> None:
        headers = {"X-Hub-Answers": str(status), "Idempotency-Key": KEY}
        body = json.dumps(submission)
        for answer in (
            await raw("GET", "jobs", headers=headers),
            await raw("POST", "jobs", headers=headers, body=body),
        ):
            told = problem(answer, status, "internal")
            assert "Try again." in told["message"]
        assert gateway.launches == []

    async def test_a_kernel_comes_in_all_the_same(self, raw: Raw, started: BatchExtension) -> None:
        headers = {"Authorization": f"Batch {started._server_file.secret}"}
        answered(await raw("GET", "jobs", headers=headers), "JobList")
