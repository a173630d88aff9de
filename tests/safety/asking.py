"""Asking a real server for anything, as any program can."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jupyterlab_batch.domain.phases import is_final
from tests.client.real import RealServer, wait_for

BASE = "jupyterlab-batch/v1/"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    server: RealServer,
    method: str,
    path: str,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request; what is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request(
            method,
            f"{address.path}{BASE}{path}",
            content,
            {"Authorization": f"token {server.token}", **(headers or {})},
        )
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.headers), answer.read())
    finally:
        connection.close()


def submit(server: RealServer, submission: object, key: str) -> Answer:
    """Submit, although there may be warnings."""
    return ask(server, "POST", "jobs?anyway=true", submission, headers={"Idempotency-Key": key})


def end_of(server: RealServer, job_id: str, seconds: float = 90) -> Any:
    """Return a job once it is over."""

    def look() -> Any:
        job = ask(server, "GET", f"jobs/{job_id}").json
        return job if is_final(job["phase"]) else None

    return wait_for(look, f"end of {job_id}", seconds)
