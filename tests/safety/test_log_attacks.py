"""What a job, or a request, can do to read another file in place of a log."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.client.real import RealServer
from tests.fakes.submissions import submission
from tests.handlers.contract import conforms
from tests.handlers.routing import VERBS
from tests.safety.asking import ask, submit
from tests.safety.reading import OWN, PATHS_OUT, READERS, SECRET, Reader, queries_of, secret_beside

RACE_SECONDS = 1.0
LONGEST_RACE_SECONDS = 60.0
"""Where nobody has met both yet."""

WAYS_OUT = [
    "..",
    "../..",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%2e%2e%2f%2e%2e",
    "%252e%252e%252f",
    "..%5c..%5c",
    "%c0%ae%c0%ae%c0%af",
    "%e0%80%ae%e0%80%ae",
    "%00",
    "x%00y",
    "%ff%fe",
    "%",
    "%zz",
    "a;/../..",
    "//etc/passwd",
    "~root",
    "%0d%0aX-Evil:%201",
    "x" * 5000,
]


@pytest.fixture
def directory(fake_server: RealServer) -> Path:
    """The run directory of a job, with a log."""
    answer = submit(fake_server, submission(), secrets.token_hex(16))
    assert answer.status == 201, answer.body
    folder = Path(answer.json["run_directory"])
    (folder / "stdout.log").write_bytes(OWN)
    return folder


@pytest.fixture
def log(directory: Path) -> Path:
    return directory / "stdout.log"


@pytest.fixture
def job_id(fake_server: RealServer, directory: Path) -> str:
    rows = ask(fake_server, "GET", "jobs?limit=1").json["rows"]
    assert directory.name.endswith(rows[0]["id"][-6:])
    found: str = rows[0]["id"]
    return found


@pytest.fixture
def secret(directory: Path) -> Path:
    """A file of the same user on the same file system, so that it can be linked to."""
    return secret_beside(directory)


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    """One way to read a log after another."""
    return READERS[request.param]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_address_leads_out(fake_server: RealServer, job_id: str, way: str) -> None:
    for before, after in (
        ("jobs/", "/log"),
        ("jobs/", ""),
        (f"jobs/{job_id}/", ""),
        ("gateways/", ""),
        ("drafts/", ""),
        ("", ""),
    ):
        for verb in VERBS:
            answer = ask(fake_server, verb, f"{before}{way}{after}", b"{}")
            # Above our own addresses Jupyter answers.
            assert 400 <= answer.status < 500, (verb, before, way, after, answer)
            assert SECRET not in answer.body and b"root:" not in answer.body
            assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("address", ["log", "log/find"])
@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_stream_leads_out(fake_server: RealServer, job_id: str, way: str, address: str) -> None:
    answer = ask(fake_server, "GET", f"jobs/{job_id}/{address}?stream=stdout{way}")
    assert conforms(answer.json, "Problem")["code"] == "bad_request"
    assert answer.status == 400


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("path", PATHS_OUT, ids=lambda path: ascii(path)[:20])
def test_no_path_leads_out(fake_server: RealServer, job_id: str, path: str) -> None:
    for query in queries_of(path):
        answer = ask(fake_server, "GET", f"jobs/{job_id}/files/content?{query}")
        assert answer.status in {400, 404, 422}, (query, answer)
        conforms(answer.json, "Problem")
        assert SECRET not in answer.body and b"root:" not in answer.body


def _link(target: str) -> Callable[[Path, Path], object]:
    return lambda log, secret: log.symlink_to(target.format(secret=secret))


def _socket(log: Path, _: Path) -> None:
    folder = os.open(log.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        # The name of a socket has at most 107 bytes.
        listening.bind(f"/proc/self/fd/{folder}/{log.name}")
    os.close(folder)


def _of_another(log: Path, _: Path) -> None:
    log.write_bytes(SECRET)
    os.chown(log, 12345, 12345)


IN_ITS_PLACE: dict[str, Callable[[Path, Path], object]] = {
    "link": _link("{secret}"),
    "link to the environment": _link("/proc/self/environ"),
    "link to a descriptor": _link("/proc/self/fd/0"),
    "link to memory": _link("/proc/self/mem"),
    "link to a device": _link("/dev/zero"),
    "link to nothing": _link("nowhere"),
    "link to itself": _link("stdout.log"),
    "hard link": lambda log, secret: log.hardlink_to(secret),
    "FIFO": lambda log, _: os.mkfifo(log),
    "socket": _socket,
    "folder": lambda log, _: log.mkdir(),
}
if os.getuid() == 0:
    IN_ITS_PLACE["device"] = lambda log, _: os.mknod(log, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    IN_ITS_PLACE["file of another user"] = _of_another


@pytest.mark.parametrize("what", IN_ITS_PLACE)
def test_what_is_no_log_is_not_read(
    fake_server: RealServer, job_id: str, log: Path, secret: Path, what: str, reader: Reader
) -> None:
    assert reader.is_own(reader.ask(fake_server, job_id))
    log.unlink()
    assert reader.ask(fake_server, job_id).status == reader.absent
    IN_ITS_PLACE[what](log, secret)
    began = time.monotonic()
    answer = reader.ask(fake_server, job_id)
    assert time.monotonic() - began < 5
    assert (answer.status, conforms(answer.json, "Problem")["code"]) == (422, reader.refusal)
    assert str(secret) not in answer.json["message"]


def test_a_run_directory_that_is_a_link_is_neither_read_nor_removed(
    fake_server: RealServer, job_id: str, directory: Path, reader: Reader
) -> None:
    elsewhere = fake_server.work / f"elsewhere-{job_id}"
    directory.rename(elsewhere)
    (elsewhere / "stdout.log").write_bytes(SECRET)
    directory.symlink_to(elsewhere)
    answer = reader.ask(fake_server, job_id)
    assert (answer.status, answer.json["code"]) == reader.refusal_of_folder
    removed = ask(fake_server, "POST", "run-directories/remove", {"job_ids": [job_id]})
    assert removed.json["results"][0]["outcome"] != "ok"
    assert (elsewhere / "stdout.log").read_bytes() == SECRET


@pytest.mark.parametrize("level", ["tasks", "tasks/1"])
def test_a_folder_of_a_task_that_is_a_link_is_not_read(
    fake_server: RealServer, secret: Path, level: str, reader: Reader
) -> None:
    array = {"kind": "index", "start": 0, "stop": 1}
    job = submit(fake_server, submission(array=array), secrets.token_hex(16)).json
    log = Path(job["run_directory"], "tasks", "1", "stdout.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(OWN)
    answer = reader.ask(fake_server, job["id"], 1)
    assert answer.status == 200 and reader.is_own(answer)
    folder = Path(job["run_directory"], level)
    elsewhere = secret.with_name(f"elsewhere-{job['id']}")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    answer = reader.ask(fake_server, job["id"], 1)
    assert (answer.status, answer.json["code"]) == reader.refusal_of_folder


@pytest.mark.parametrize("address", ["log?", "log/find?"])
@pytest.mark.parametrize("task", [*WAYS_OUT, "../1", "-1", "1.0", "", "9" * 30, "1/../.."])
def test_no_task_leads_out(fake_server: RealServer, job_id: str, task: str, address: str) -> None:
    answer = ask(fake_server, "GET", f"jobs/{job_id}/{address}task={task}")
    assert (answer.status, conforms(answer.json, "Problem")["code"]) == (400, "bad_request")


@contextmanager
def swapping(*steps: Callable[[], object]) -> Iterator[list[int]]:
    """Do some steps again and again, in another thread; the list counts the rounds."""
    is_over, rounds = threading.Event(), [0]

    def swap() -> None:
        while not is_over.is_set():
            for step in steps:
                with contextlib.suppress(OSError):
                    step()
            rounds[0] += 1

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield rounds
    finally:
        is_over.set()
        thread.join()


def read_for_a_while(server: RealServer, job_id: str, reader: Reader) -> None:
    """Read the log again and again, at least until it was both read and refused."""
    seen: set[int] = set()
    began = time.monotonic()
    while time.monotonic() - began < (RACE_SECONDS if len(seen) > 1 else LONGEST_RACE_SECONDS):
        answer = reader.ask(server, job_id)
        assert SECRET not in answer.body and b"JUPYTER_TOKEN" not in answer.body
        assert answer.status in {200, reader.absent, 422}, answer
        if answer.status == 200:
            assert reader.is_own(answer), answer
        seen.add(answer.status)
    # The race was one: both were met.
    assert 200 in seen and len(seen) > 1, seen


@pytest.mark.parametrize("other", ["link", "hard link", "environment"])
def test_a_log_that_is_swapped_while_it_is_read(
    fake_server: RealServer, job_id: str, log: Path, secret: Path, other: str, reader: Reader
) -> None:
    real, false = log.with_name("real"), log.with_name("false")
    make = {
        "link": lambda: false.symlink_to(secret),
        "hard link": lambda: false.hardlink_to(secret),
        "environment": lambda: false.symlink_to("/proc/self/environ"),
    }[other]
    steps = (
        make,
        lambda: false.rename(log),
        log.unlink,
        lambda: real.write_bytes(OWN),
        lambda: real.rename(log),
    )
    with swapping(*steps) as rounds:
        read_for_a_while(fake_server, job_id, reader)
    assert rounds[0] > 100


def test_a_run_directory_that_is_swapped_while_it_is_read(
    fake_server: RealServer, job_id: str, directory: Path, reader: Reader
) -> None:
    elsewhere = fake_server.work / f"elsewhere-{job_id}"
    elsewhere.mkdir()
    (elsewhere / "stdout.log").write_bytes(SECRET)
    kept, link = directory.with_name("kept"), directory.with_name("link")
    steps = (
        lambda: link.symlink_to(elsewhere),
        lambda: directory.rename(kept),
        lambda: link.rename(directory),
        directory.unlink,
        lambda: kept.rename(directory),
    )
    with swapping(*steps) as rounds:
        read_for_a_while(fake_server, job_id, reader)
    assert rounds[0] > 100
