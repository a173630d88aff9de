"""Batch systems that hang, babble or break: the others work as if they were not there."""

from __future__ import annotations

import contextlib
import secrets
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.client.real import RealServer, wait_for
from tests.fakes.submissions import resources
from tests.safety.ailing import MEBIBYTE, TOOL_WAYS, WAYS, Ailing, ailing_tools
from tests.safety.asking import ask, end_of, submit
from tests.safety.sampling import repeating
from tests.safety.site import serving

DEADLINE_SECONDS = 5.0
WATCHED_SECONDS = 30.0
MOST_CALLS = 30
"""To one dead gateway in that time, with three tabs open; a neighbour sends 216."""
BAD = [*WAYS, *TOOL_WAYS]


@dataclass
class Ward:
    """A server with a healthy gateway among ailing ones, each with a job."""

    server: RealServer
    rest: dict[str, Ailing]
    tools: dict[str, Path]
    jobs: dict[str, str] = field(default_factory=dict)

    def calls(self, way: str) -> int:
        if way in self.rest:
            return len(self.rest[way].asked)
        return len((self.tools[way] / "calls").read_text().split())

    def gateway(self, way: str) -> Any:
        listed = ask(self.server, "GET", "gateways").json["gateways"]
        return next(gateway for gateway in listed if gateway["id"] == id_of(way))


def id_of(way: str) -> str:
    return way.replace(" ", "-")


def command(gateway_id: str, *argv: str) -> Any:
    task = {"kind": "command", "argv": list(argv)}
    spec = {"name": "Job", "task": task, "resources": resources(memory_bytes=64 * MEBIBYTE)}
    return {"gateway_id": gateway_id, "spec": spec}


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder = tmp_path_factory.mktemp("ward")
    with contextlib.ExitStack() as stack:
        rest = {way: stack.enter_context(Ailing(way)) for way in BAD if way in WAYS}
        tools = {way: ailing_tools(folder / id_of(way), way) for way in TOOL_WAYS}
        slurm = {"kind": "slurm", "deadline_seconds": DEADLINE_SECONDS}
        gateways: list[dict[str, Any]] = [
            {"kind": "local", "max_cores": 4},
            *({**slurm, "id": id_of(way), "url": one.url} for way, one in rest.items()),
            *(
                {**slurm, "id": id_of(way), "transport": "cli", "bin_directory": str(where)}
                for way, where in tools.items()
            ),
        ]
        jwt = {"SLURM_JWT": "no.token.at-all"}
        server = stack.enter_context(serving(folder / "server", gateways, **jwt))
        yield Ward(server, rest, tools)


@dataclass
class Watched:
    """What was measured while all were ailing."""

    calls: dict[str, int]
    pings: list[float]
    peak_bytes: int
    quiet_bytes: int
    local_seconds: list[float]


def ping(server: RealServer) -> float:
    began = time.monotonic()
    assert ask(server, "GET", "jobs?limit=1").status == 200
    return time.monotonic() - began


def run_local(server: RealServer) -> float:
    """Submit, follow and cancel jobs of the healthy gateway; return how long it took."""
    began = time.monotonic()
    job = submit(server, command("local", "echo", "hello"), secrets.token_hex(16)).json
    assert end_of(server, job["id"])["phase"] == "COMPLETED"
    assert ask(server, "GET", f"jobs/{job['id']}/log").body == b"hello\n"
    other = submit(server, command("local", "sleep", "600"), secrets.token_hex(16)).json
    ask(server, "POST", f"jobs/{other['id']}/cancel")
    assert end_of(server, other["id"])["phase"] == "ABORTED"
    return time.monotonic() - began


def peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    kibibytes = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return int(kibibytes) * 1024


@pytest.fixture(scope="module")
def quiet(ward: Ward) -> Watched:
    """How it is before anybody submitted to those that ail."""
    pings = [ping(ward.server) for _ in range(100)]
    local = [run_local(ward.server) for _ in range(3)]
    rss = psutil.Process(ward.server.pid).memory_info().rss
    return Watched({}, pings, rss, rss, local)


@pytest.fixture(scope="module")
def watched(ward: Ward, quiet: Watched) -> Watched:
    """Give each a job, open some tabs, and go on working with the healthy one."""
    for way in BAD:
        answer = submit(ward.server, command(id_of(way), "true"), secrets.token_hex(16))
        assert (answer.status, answer.json["native_id"]) == (201, "7"), (way, answer.body)
        ward.jobs[way] = answer.json["id"]
    before = {way: ward.calls(way) for way in BAD}
    pings, local = [], []
    end = time.monotonic() + WATCHED_SECONDS
    with contextlib.ExitStack() as tabs:
        for path in ("gateways", "jobs", "gateways"):
            tabs.enter_context(repeating(partial(ask, ward.server, "GET", path)))
        while time.monotonic() < end:
            local.append(run_local(ward.server))
            pings += [ping(ward.server) for _ in range(20)]
    calls = {way: ward.calls(way) - before[way] for way in BAD}
    return Watched(calls, pings, peak_bytes(ward.server.pid), quiet.quiet_bytes, local)


@pytest.mark.parametrize("way", BAD)
def test_a_gateway_that_ails_is_asked_seldom(watched: Watched, way: str) -> None:
    assert 0 < watched.calls[way] <= MOST_CALLS, watched.calls


def test_nobody_else_waits(quiet: Watched, watched: Watched) -> None:
    """With room for the three tabs that ask all the time."""
    usual, now = statistics.median(quiet.pings), statistics.median(watched.pings)
    assert now < 5 * usual + 0.1, (usual, now)
    assert sorted(watched.pings)[int(0.95 * len(watched.pings))] < 1.0
    assert statistics.median(watched.local_seconds) < 3 * max(quiet.local_seconds) + 1


def test_memory_is_bounded(watched: Watched) -> None:
    assert watched.peak_bytes - watched.quiet_bytes < 500 * MEBIBYTE


@pytest.mark.parametrize("way", BAD)
def test_it_is_said_how_it_ails_and_how_old_is_what_is_shown(
    ward: Ward, watched: Watched, way: str
) -> None:
    health = ward.gateway(way)["health"]
    assert not health["ok"] and health["error"] and health["as_of"]
    job = ask(ward.server, "GET", f"jobs/{ward.jobs[way]}").json
    assert job["stale_since"] and job["phase"] == "QUEUED"
    local = ask(ward.server, "GET", "gateways").json["gateways"][0]
    assert (local["id"], local["health"]["ok"]) == ("local", True)


def test_no_redirect_is_followed(ward: Ward, watched: Watched) -> None:
    assert "/elsewhere" not in ward.rest["redirects"].asked


def test_a_retry_asks_at_once_and_finds_one_that_got_well(ward: Ward, watched: Watched) -> None:
    way = "half"
    before = ward.calls(way)
    assert not ask(ward.server, "GET", f"gateways/{id_of(way)}").json["health"]["ok"]
    assert ward.calls(way) > before
    ward.rest[way].way = "well"
    assert ask(ward.server, "GET", f"gateways/{id_of(way)}").json["health"]["ok"]

    def is_fresh() -> bool:
        job = ask(ward.server, "GET", f"jobs/{ward.jobs[way]}").json
        return job["stale_since"] is None and job["phase"] == "EXECUTING"

    wait_for(is_fresh, "fresh job")
