"""One call, and everything that can be in its way."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from jupyterlab_batch.client.errors import BatchError
from jupyterlab_batch.client.transport import Transport
from tests.client import samples
from tests.client.scripted import SECRET, Cut, Lost, Reply, ScriptedServer, Silent


@pytest.mark.parametrize(
    ("step", "code", "sentence"),
    [
        (Lost(), "answer_lost", "its answer was lost"),
        (Cut(), "answer_lost", "its answer was lost"),
        (Reply(b"<html>Login</html>", 200), "not_understood", "not the batch extension"),
        (Reply(b"<html>Not found</html>", 404), "not_understood", "installed and enabled"),
        (Reply({"message": "Not Found", "reason": None}, 404), "not_understood", "HTTP 404"),
        (Reply({"message": "Forbidden"}, 403), "unauthenticated", "Restart the kernel"),
        (Reply(b"", 302, {"Location": "http://evil/"}), "not_understood", "HTTP 302"),
        (Reply(b"Bad gateway", 502), "answer_lost", "A proxy answered"),
        (Reply(b"\xff\xfe", 500), "not_understood", "HTTP 500"),
        (Reply(samples.problem("store_unavailable", "Disk full."), 503), "store_unavailable", "Di"),
        (Reply([], 200), "not_understood", "not the batch extension"),
    ],
)
def test_every_fault_is_one_sentence(
    scripted: ScriptedServer, step: Any, code: str, sentence: str
) -> None:
    from jupyterlab_batch.client.generated import GatewayList  # noqa: PLC0415 -- any answer

    scripted.plan(step)
    with pytest.raises(BatchError, match=sentence) as caught:
        Transport(scripted.server).request("GET", "gateways").decode(GatewayList)
    assert caught.value.code == code
    assert "<" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_silent_server_is_left_at_the_deadline(scripted: ScriptedServer) -> None:
    scripted.plan(Silent())
    begin = time.monotonic()
    with pytest.raises(BatchError, match="its answer was lost"):
        Transport(scripted.server).request("GET", "gateways", deadline_seconds=0.2)
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(("method", "seconds"), [("GET", 30.0), ("POST", 150.0), ("PATCH", 150.0)])
def test_an_order_is_waited_for_longer_than_a_question(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, method: str, seconds: float
) -> None:
    given: list[float] = []
    monkeypatch.setattr(socket.socket, "settimeout", lambda _, timeout: given.append(timeout))
    scripted.plan(Reply({"gateways": []}))
    Transport(scripted.server).request(method, "gateways")
    assert seconds in given


def test_an_answer_that_drips_is_left_at_the_deadline(scripted: ScriptedServer) -> None:
    scripted.plan(Reply(b"x", headers={"Content-Length": "100"}))
    begin = time.monotonic()
    with pytest.raises(BatchError, match="its answer was lost"):
        Transport(scripted.server).request("GET", "gateways", deadline_seconds=0.2)
    assert time.monotonic() - begin < 2


def test_a_server_on_a_unix_socket_is_called(scripted_socket: ScriptedServer) -> None:
    scripted_socket.plan(Reply({"gateways": []}))
    answer = Transport(scripted_socket.server).request("GET", "gateways")
    assert answer.json() == {"gateways": []}
    assert scripted_socket.calls[0].path == "/lab/jupyterlab-batch/v1/gateways"


def test_a_unix_socket_that_is_gone_is_a_sentence(scripted_socket: ScriptedServer) -> None:
    scripted_socket.close()
    with pytest.raises(BatchError, match="nothing was sent"):
        Transport(scripted_socket.server).request("GET", "gateways")
