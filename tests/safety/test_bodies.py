"""Bodies that are bombs, come slowly, never end, or say that they are something else."""

from __future__ import annotations

import contextlib
import gzip
import json
import secrets
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.client.real import RealServer
from tests.fakes.submissions import submission
from tests.handlers.conftest import KEY
from tests.handlers.contract import CONTRACT, conforms, operations
from tests.safety.asking import BASE, ask, submit

MEBIBYTE = 2**20
LIMIT = 2 * MEBIBYTE
MANY = 100_000


def _fill(text: bytes) -> bytes:
    """Repeat a piece up to the limit of a body."""
    return text * ((LIMIT - 1000) // len(text))


def _within_submission(**spec: str) -> bytes:
    """Put JSON that Python cannot make into a submission."""
    marked = json.dumps(submission(**{name: f"<{name}>" for name in spec}))
    for name, text in spec.items():
        marked = marked.replace(f'"<{name}>"', text)
    return marked.encode()


BOMBS = {
    "lists": b"[" * MANY + b"]" * MANY,
    "objects": b'{"a":' * MANY + b"1" + b"}" * MANY,
    "deep in the submission": _within_submission(task="[" * MANY + "]" * MANY),
    "deep parameters": _within_submission(
        task='{"kind":"notebook","path":"a.ipynb","parameters":'
        + '{"a":' * 5000
        + "1"
        + "}" * 5000
        + "}"
    ),
    "keys": b"{" + b",".join(b'"k%d":0' % n for n in range(130_000)) + b"}",
    "unknown fields": _within_submission(
        resources="{" + ",".join(f'"k{n}":0' for n in range(130_000)) + "}"
    ),
    "numbers in place of words": _within_submission(
        task='{"kind":"command","argv":[' + "0," * 900_000 + "0]}"
    ),
    "empty objects": b"[" + _fill(b"{},") + b"{}]",
    "same key": b"{" + _fill(b'"a":1,') + b'"a":1}',
    "blanks": _fill(b" "),
    "huge number": _within_submission(resources='{"cores":' + "9" * 10_000 + "}"),
    "huge exponent": _within_submission(resources='{"cores":1e999999999}'),
    "NaN": _within_submission(resources='{"cores":NaN,"memory_bytes":-Infinity}'),
    "escapes": b'{"' + _fill(rb"\ud83d") + b'":1}',
    "no UTF-8": b'{"name":"\xff\xfe\x00"}',
    "UTF-16": json.dumps(submission()).encode("utf-16"),
    "two documents": json.dumps(submission()).encode() * 2,
}
CHECKS = {"checkSubmission": "Check", "checkCluster": "ClusterCheck"}
WITH_BODY = {
    name: (verb, path)
    for name, (verb, path) in operations().items()
    if "requestBody" in CONTRACT["paths"][path][verb.lower()]
}


def address(path: str) -> str:
    return path.format(
        job_id="0" * 26, cluster_id="0" * 26, key=KEY, gateway_id="fake", path="status"
    )[1:]


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_a_clear_problem(fake_server: RealServer, what: str) -> None:
    for name, (verb, path) in WITH_BODY.items():
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        answer = ask(fake_server, verb, address(path), BOMBS[what], headers=headers)
        if name in CHECKS and answer.status == 200:
            conforms(answer.json, CHECKS[name])
        elif answer.status == 201:
            assert what == "UTF-16", "not taken for something else"
        else:
            assert answer.status in {400, 404, 422}, (name, answer.status)
            conforms(answer.json, "Problem")
        assert len(answer.body) < 100_000, name


@pytest.mark.parametrize("size", [LIMIT + 1, 10 * MEBIBYTE])
def test_more_than_two_megabytes_are_refused_by_all_that_read_them(
    fake_server: RealServer, size: int
) -> None:
    body = b'{"name": "' + b"x" * (size - 12) + b'"}'
    assert len(body) == size
    for name, (verb, path) in operations().items():
        answer = ask(fake_server, verb, address(path), body, headers={"Idempotency-Key": KEY})
        if name in WITH_BODY:
            assert (answer.status, answer.json["code"]) == (413, "too_large"), name
        else:
            assert answer.status < 500, name


def test_a_body_of_just_the_limit_is_read(fake_server: RealServer) -> None:
    sent = json.dumps(submission()).encode()
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    answer = ask(fake_server, "POST", "jobs", sent.ljust(LIMIT), headers=headers)
    assert answer.status == 201


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip"])
def test_what_is_packed_is_not_unpacked(fake_server: RealServer, encoding: str) -> None:
    packed = gzip.compress(b" " * 50 * MEBIBYTE + json.dumps(submission()).encode())
    headers = {"Content-Encoding": encoding, "Idempotency-Key": secrets.token_hex(16)}
    answer = ask(fake_server, "POST", "jobs", packed, headers=headers)
    assert (answer.status, answer.json["code"]) == (400, "not_json")


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain; charset=utf-7",
        "application/xml",
        "x" * 1000,
        "",
    ],
)
def test_whatever_it_is_called_it_is_json(fake_server: RealServer, kind: str) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": secrets.token_hex(16)}
    bad = ask(fake_server, "POST", "jobs", b"a=b&c=d", headers=headers)
    assert (bad.status, bad.json["code"]) == (400, "not_json")
    good = ask(fake_server, "POST", "jobs", submission(), headers=headers)
    assert good.status == 201


@contextlib.contextmanager
def connected(server: RealServer, head: str, *headers: str) -> Iterator[socket.socket]:
    """Send a request line and headers, and no more."""
    where = urlsplit(server.url)
    assert where.hostname and where.port
    verb, path = head.split(" ")
    lines = [f"{verb} {where.path}{BASE}{path} HTTP/1.1", f"Host: {where.netloc}", *headers]
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        yield connection


def signed_in(server: RealServer) -> str:
    return f"Authorization: token {server.token}"


def status_of(connection: socket.socket) -> int:
    """Return the status of an answer; 0 if the server hung up."""
    first = connection.makefile("rb").readline()
    return int(first.split(b" ")[1]) if first else 0


def chunks(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        part = content[start : start + size]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(("size", "status"), [(0, 201), (LIMIT, 201), (LIMIT + 1, 413)])
def test_a_body_in_parts(fake_server: RealServer, size: int, status: int) -> None:
    key = f"Idempotency-Key: {secrets.token_hex(16)}"
    with connected(fake_server, "POST jobs", signed_in(fake_server), CHUNKED, key) as connection:
        for part in chunks(json.dumps(submission()).encode().ljust(size), 50_000):
            connection.sendall(part)
        assert status_of(connection) == status


@pytest.mark.parametrize(
    "sent", [b"zz\r\n", b"-5\r\n", b"ffffffffffffffffff\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"5 5\r\n"]
)
def test_parts_that_are_none_submit_nothing(fake_server: RealServer, sent: bytes) -> None:
    before = ask(fake_server, "GET", "jobs?limit=1").json["total"]
    with connected(fake_server, "POST jobs", signed_in(fake_server), CHUNKED) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        assert status_of(connection) in {0, 400}
    assert ask(fake_server, "GET", "jobs?limit=1").json["total"] == before


def test_a_stranger_is_refused_before_the_first_byte(fake_server: RealServer) -> None:
    length = f"Content-Length: {MEBIBYTE}"
    with connected(fake_server, "POST jobs", "Authorization: token wrong", length) as connection:
        assert status_of(connection) == 403


def test_slow_senders_delay_nobody(fake_server: RealServer) -> None:
    body = json.dumps(submission()).encode()
    with contextlib.ExitStack() as stack:
        slow = [
            stack.enter_context(
                connected(
                    fake_server,
                    "POST jobs",
                    signed_in(fake_server),
                    f"Content-Length: {len(body)}",
                    f"Idempotency-Key: {secrets.token_hex(16)}",
                )
            )
            for _ in range(50)
        ]
        sent = 0
        began = time.monotonic()
        for round_ in range(20):
            for connection in slow:
                connection.sendall(body[sent : sent + 1])
            sent += 1
            answer = submit(fake_server, submission(name=f"{round_}"), secrets.token_hex(16))
            assert answer.status == 201
        assert time.monotonic() - began < 10
        for connection in slow:
            connection.sendall(body[sent:])
        assert {status_of(connection) for connection in slow} == {201}


def test_what_is_too_large_is_not_kept(fake_server: RealServer) -> None:
    process = psutil.Process(fake_server.pid)
    ask(fake_server, "POST", "jobs", b"x" * LIMIT)
    before = process.memory_info().rss
    part = b"100000\r\n" + b"x" * MEBIBYTE + b"\r\n"
    with contextlib.ExitStack() as stack:
        senders = [
            stack.enter_context(
                connected(fake_server, "POST jobs", signed_in(fake_server), CHUNKED)
            )
            for _ in range(4)
        ]
        for _ in range(50):
            for connection in senders:
                connection.sendall(part)
        assert process.memory_info().rss - before < 50 * MEBIBYTE
        for connection in senders:
            connection.sendall(b"0\r\n\r\n")
            assert status_of(connection) == 413


@pytest.mark.parametrize("headers", [[f"X-{n}: 1" for n in range(20_000)], ["X: " + "x" * 10**6]])
def test_many_headers_do_no_harm(fake_server: RealServer, headers: list[str]) -> None:
    with (
        contextlib.suppress(ConnectionError),
        connected(fake_server, "GET jobs", signed_in(fake_server), *headers) as connection,
    ):
        assert status_of(connection) in {0, 400, 431}
    assert ask(fake_server, "GET", "jobs?limit=1").status == 200


def test_bombs_do_not_hold_up_others_for_long(fake_server: RealServer) -> None:
    """The longest that the server works at what fits into a body, on however busy a machine."""
    process = psutil.Process(fake_server.pid)
    for what, bomb in BOMBS.items():
        before = process.cpu_times()
        ask(fake_server, "POST", "jobs/check", bomb)
        after = process.cpu_times()
        assert after.user + after.system - before.user - before.system < 3, what
