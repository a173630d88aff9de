"""HTTP to ``<base>/jupyterlab-batch/v1/``, as ``contract/openapi.yaml`` describes it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

PREFIX = "/jupyterlab-batch/v1/"


class NoAnswer(Exception):
    """The connection broke, or nothing came in time: what happened is not known."""


@dataclass(frozen=True)
class Answer:
    """A status and the JSON beside it."""

    status: int
    body: Any


@dataclass(frozen=True)
class Api:
    """One server, by its token."""

    port: int
    token: str

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        seconds: float = 15,
        sent: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Ask once; ``sent`` is called when the last byte is out.

        Raises
        ------
        NoAnswer
        """
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, PREFIX + path, content, headers)
            sent()
            response = connection.getresponse()
            text = response.read()
            return Answer(response.status, json.loads(text) if text else None)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()

    def text(self, path: str) -> str:
        """Return what stands in a file that the server shows.

        Raises
        ------
        NoAnswer
            Also if it shows none.
        """
        headers = {"Authorization": f"token {self.token}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", PREFIX + path, headers=headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()
        if response.status != 200:
            raise NoAnswer(str(content[:200]))
        return content.decode(errors="replace")

    def is_up(self) -> bool:
        try:
            return self.call("GET", "gateways", seconds=5).status == 200
        except NoAnswer:
            return False

    def clusters(self, part_of_name: str) -> list[dict[str, Any]]:
        """Return all rows of some Dask clusters.

        Raises
        ------
        NoAnswer
            Also if the server cannot say.
        """
        answer = self.call("GET", "clusters?ended=500")
        if answer.status != 200:
            raise NoAnswer(str(answer))
        return [row for row in answer.body["clusters"] if part_of_name in row["name"]]

    def rows(self, part_of_name: str) -> list[dict[str, Any]]:
        """Return all rows of some jobs.

        Raises
        ------
        NoAnswer
            Also if the server cannot say.
        """
        rows: list[dict[str, Any]] = []
        cursor = None
        while True:
            asked = {"q": part_of_name, "limit": "500", **({"cursor": cursor} if cursor else {})}
            answer = self.call("GET", f"jobs?{urlencode(asked, quote_via=quote)}")
            if answer.status != 200:
                raise NoAnswer(str(answer))
            rows += answer.body["rows"]
            cursor = answer.body["cursor"]
            if cursor is None:
                return rows
